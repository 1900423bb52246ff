// SPDX-License-Identifier: BSL-1.0
/// @file
/// Constant evaluation and run time agree on three steps of every optimiser, for small and for tiled kernels.
#define BOOST_TEST_MODULE phases_of_steps
#include "laws/support.hpp"

/// The network after three steps.
template <class Net, class Loss, std::size_t Batch, class Optimizer>
constexpr Net trained(const Optimizer& optimizer, std::uint64_t seed) {
    const laws::problem<Net, Loss, Batch> at{seed};
    ctnn::trainer<Net, Loss, Optimizer, Batch> trainer{at.net, optimizer};
    for (int step = 0; step < 3; ++step) trainer.step(at.x, at.t);
    return trainer.network();
}

template <class Optimizer>
constexpr Optimizer plain{};
template <class Optimizer>
constexpr Optimizer decaying{.learning_rate = 0.1, .weight_decay = 0.1};
constexpr ctnn::sgd accelerated{.learning_rate = 0.1, .momentum = 0.9, .nesterov = true, .weight_decay = 0.1};

template <class Net, class Loss, std::size_t Batch, const auto& Optimizer>
void check_steps() {
    constexpr Net constant = trained<Net, Loss, Batch>(Optimizer, 3);
    const Net computed = trained<Net, Loss, Batch>(Optimizer, laws::unknown(3));
    BOOST_TEST(laws::ulp_apart(computed, constant) <= laws::ulp_allowed);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(straight_line_steps, Optimizer, laws::optimizers) {
    using net = ctnn::network<double, ctnn::input<2>, ctnn::dense<3, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
    check_steps<net, ctnn::binary_cross_entropy, 1, plain<Optimizer>>();
    check_steps<net, ctnn::binary_cross_entropy, 1, decaying<Optimizer>>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(tiled_steps, Optimizer, laws::optimizers) {
    using net = ctnn::network<float, ctnn::input<5>, ctnn::dense<19, ctnn::relu>, ctnn::dense<3, ctnn::softmax>>;
    check_steps<net, ctnn::cross_entropy, 3, decaying<Optimizer>>();
}

BOOST_AUTO_TEST_CASE(nesterov) {
    using net = ctnn::network<double, ctnn::input<2>, ctnn::dense<3, ctnn::tanh>, ctnn::dense<1>>;
    check_steps<net, ctnn::huber, 2, accelerated>();
}
