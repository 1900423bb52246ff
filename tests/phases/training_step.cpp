// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
// Steps of small dense layers in the compiler, which has a function of its own for them, and in the program; and in the
// compiler in halves, whose kernels are those of all layers.

#include "support.hpp"

#include <cstddef>
#include <type_traits>

namespace {

template <class Net, class Loss, class Optimizer, bool Halves>
constexpr Net train(const Net& start, const Optimizer& optimizer) {
    using T = typename Net::value_type;
    constexpr std::size_t inputs = Net::input_shape::size, outputs = Net::output_shape::size;
    ctnn::trainer<Net, Loss, Optimizer> training{start, optimizer};
    T losses{};
    for (int step = 0; step < 6; ++step) {
        ctnn::tensor<T, ctnn::shape<inputs>> x{};
        ctnn::tensor<T, ctnn::shape<outputs>> target{};
        for (std::size_t i = 0; i < inputs; ++i) x[i] = static_cast<T>(step - 2) / static_cast<T>(i + 2);
        target[static_cast<std::size_t>(step) % outputs] = 1;
        if (Halves) {
            losses += training.backward(x.values, target.values);
            training.update();
        } else {
            losses += training.step(x, target);
        }
    }
    Net result = training.network();
    ctnn::get<0>(result).bias[0] += losses;
    return result;
}

struct sgd {
    static constexpr ctnn::sgd optimizer{.learning_rate = 0.05, .weight_decay = 0.01};
};
struct momentum {
    static constexpr ctnn::sgd optimizer{.learning_rate = 0.05, .momentum = 0.9};
};
struct adam {
    static constexpr ctnn::adam optimizer{.learning_rate = 0.05};
};

template <class Loss, class Net, class Choice>
void check(const char* name) {
    constexpr auto optimizer = Choice::optimizer;
    using optimizer_type = std::remove_const_t<decltype(optimizer)>;
    static constexpr Net start = ctnn::initialize<Net>(ctnn::glorot_uniform{}, 1);
    static constexpr Net steps = train<Net, Loss, optimizer_type, false>(start, optimizer);
    static constexpr Net halves = train<Net, Loss, optimizer_type, true>(start, optimizer);
    static_assert(steps == halves);
    phases::compare_networks(name, steps,
                             train<Net, Loss, optimizer_type, false>(phases::opaque(start), phases::opaque(optimizer)));
}

template <class T>
void check_all() {
    using ctnn::dense, ctnn::input, ctnn::network;
    using tiny = network<T, input<2>, dense<3, ctnn::sigmoid>, dense<1, ctnn::tanh>>;
    // Sums in one run, in two, in eight partial sums, and of a derivative that needs its input.
    using small = network<T, input<13>, dense<9, ctnn::silu>, dense<16, ctnn::relu>, dense<3>, dense<2, ctnn::softmax>>;
    using one = network<T, input<9>, dense<1, ctnn::sigmoid>>;
    check<ctnn::mean_squared_error, tiny, sgd>("tiny, sgd");
    check<ctnn::mean_squared_error, tiny, momentum>("tiny, momentum");
    check<ctnn::mean_squared_error, tiny, adam>("tiny, adam");
    check<ctnn::cross_entropy, small, sgd>("small, sgd");
    check<ctnn::mean_squared_error, small, momentum>("small, momentum");
    check<ctnn::mean_squared_error, small, adam>("small, adam");
    check<ctnn::binary_cross_entropy, one, sgd>("one, sgd");
}

}  // namespace

int main() {
    check_all<float>();
    check_all<double>();
    return phases::verdict(256);
}
