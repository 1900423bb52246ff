// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
// 100 training steps of a small network, in the compiler and in the program: every optimiser.

#include "support.hpp"

#include <cstddef>

namespace {

template <class T>
struct problem {
    using net = ctnn::network<T, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
    static constexpr ctnn::tensor<T, ctnn::shape<4, 2>> inputs{0, 0, 0, 1, 1, 0, 1, 1};
    static constexpr ctnn::tensor<T, ctnn::shape<4, 1>> targets{0, 1, 1, 0};
    static constexpr net start = ctnn::initialize<net>(ctnn::glorot_uniform{}, 1);
};

/// The result of training: the parameters, and the sum of the losses.
template <class Net>
struct outcome {
    Net net;
    typename Net::value_type losses;
};

template <class Net, class Optimizer, class Inputs, class Targets>
constexpr outcome<Net> train(const Net& start, const Optimizer& optimizer, const Inputs& inputs,
                             const Targets& targets) {
    using T = typename Net::value_type;
    ctnn::trainer<Net, ctnn::binary_cross_entropy, Optimizer> training{start, optimizer};
    T losses{};
    for (std::size_t step = 0; step < 100; ++step) {
        const std::size_t row = step % 4;
        losses += training.backward(inputs.values + 2 * row, targets.values + row);
        training.update();
    }
    return {training.network(), losses};
}

template <class T, class Optimizer>
struct steps {
    using data = problem<T>;
    Optimizer optimizer;
    outcome<typename data::net> constant;

    void check(const char* name) const {
        const auto computed = train(phases::opaque(data::start), phases::opaque(optimizer),
                                    phases::opaque(data::inputs), phases::opaque(data::targets));
        phases::compare_networks(name, constant.net, computed.net);
        phases::compare_number(name, constant.losses, computed.losses);
    }
};

template <class T, class Optimizer>
constexpr steps<T, Optimizer> with(const Optimizer& optimizer) {
    using data = problem<T>;
    return {optimizer, train(data::start, optimizer, data::inputs, data::targets)};
}

template <class T>
constexpr auto plain = with<T>(ctnn::sgd{.learning_rate = 0.5});
template <class T>
constexpr auto momentum = with<T>(ctnn::sgd{.learning_rate = 0.1, .momentum = 0.9, .weight_decay = 0.001});
template <class T>
constexpr auto nesterov = with<T>(ctnn::sgd{.learning_rate = 0.1, .momentum = 0.9, .nesterov = true});
template <class T>
constexpr auto rmsprop = with<T>(ctnn::rmsprop{.learning_rate = 0.01, .weight_decay = 0.001});
template <class T>
constexpr auto adam = with<T>(ctnn::adam{.learning_rate = 0.02});
template <class T>
constexpr auto adamw = with<T>(ctnn::adamw{.learning_rate = 0.02});

template <class T>
void check_all() {
    plain<T>.check("sgd");
    momentum<T>.check("momentum");
    nesterov<T>.check("nesterov");
    rmsprop<T>.check("rmsprop");
    adam<T>.check("adam");
    adamw<T>.check("adamw");
}

}  // namespace

int main() {
    check_all<float>();
    check_all<double>();
    return phases::verdict(256);
}
