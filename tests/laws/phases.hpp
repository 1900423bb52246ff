// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The law of the phases: constant evaluation and run time give the same results.

#include "laws/support.hpp"
#include "sanitized.hpp"

namespace laws {

/// The results of a network, a loss and a batch: outputs, mean loss, and the gradients of parameters and inputs.
template <class Net, class Loss, std::size_t Batch = 2>
struct everything {
    static constexpr std::size_t batch = Batch;
    using problem_type = problem<Net, Loss, batch>;
    using T = typename Net::value_type;

    ctnn::tensor<T, ctnn::batch_of<batch, typename Net::output_shape>> outputs{};
    T loss{};
    Net gradient{};
    typename problem_type::inputs input_gradient{};

    constexpr explicit everything(std::uint64_t seed) {
        const problem_type at{seed};
        outputs = at.net(at.x);
        ctnn::gradient_pass<Net, Loss, batch, true> pass;
        loss = pass(at.net, Loss{}, at.x.data(), at.t.data(), gradient, batch, input_gradient.data());
    }
};

/// Everything is the same in both phases.
template <class Net, class Loss = ctnn::mean_squared_error, std::size_t Batch = 2>
void check_layer_phases() {
    using results = everything<Net, Loss, Batch>;
    const results computed{unknown(1)};
#if defined(CTNN_TEST_SANITIZED)
    BOOST_TEST(!std::isnan(computed.loss));
#else
    constexpr results constant{1};
    BOOST_TEST(ulp_apart(computed.outputs, constant.outputs) <= ulp_allowed);
    BOOST_TEST(ulp_apart(&computed.loss, &constant.loss, 1) <= ulp_allowed);
    BOOST_TEST(ulp_apart(computed.gradient, constant.gradient) <= ulp_allowed);
    BOOST_TEST(ulp_apart(computed.input_gradient, constant.input_gradient) <= ulp_allowed);
#endif
}

/// A last layer with scalar type `T`, and the activation and the loss of an `Ending`.
template <class T, class Ending>
void check_phases() {
    check_layer_phases<ctnn::network<T, ctnn::input<1>, ctnn::dense<3, typename Ending::activation>>,
                       typename Ending::loss>();
}

}  // namespace laws
