// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
// 100 training steps of networks wider than vector registers, in the compiler and in the program.

#include "support.hpp"

#include <cstddef>

namespace {

template <class Net, std::size_t Batch>
using inputs_of = ctnn::tensor<typename Net::value_type, ctnn::batch_of<Batch, typename Net::input_shape>>;
template <class Net, std::size_t Batch>
using targets_of = ctnn::tensor<typename Net::value_type, ctnn::batch_of<Batch, typename Net::output_shape>>;

template <class Net, class Loss, class Optimizer, std::size_t Batch>
constexpr Net train(const Net& start, const Optimizer& optimizer, const inputs_of<Net, Batch>& inputs,
                    const targets_of<Net, Batch>& targets) {
    ctnn::trainer<Net, Loss, Optimizer, Batch> training{start, optimizer};
    for (std::size_t step = 0; step < 100; ++step) training.step(inputs, targets);
    return training.network();
}

template <class Net, class Loss, class Optimizer, std::size_t Batch>
struct steps {
    static constexpr Optimizer optimizer{.learning_rate = 0.01};
    static constexpr Net start = ctnn::initialize<Net>(ctnn::he_normal{}, 3);
    using T = typename Net::value_type;
    static constexpr auto inputs = phases::numbers<T, typename inputs_of<Net, Batch>::shape_type>(4);
    static constexpr auto targets = phases::numbers<T, typename targets_of<Net, Batch>::shape_type>(5, 0, 1);
    static constexpr Net constant = train<Net, Loss, Optimizer, Batch>(start, optimizer, inputs, targets);

    static void check(const char* name) {
        phases::compare_networks(name, constant,
                                 train<Net, Loss, Optimizer, Batch>(phases::opaque(start), phases::opaque(optimizer),
                                                                    phases::opaque(inputs), phases::opaque(targets)));
    }
};

using classifier = ctnn::network<float, ctnn::input<3>, ctnn::dense<17, ctnn::relu>, ctnn::dense<3, ctnn::softmax>>;
using regression = ctnn::network<double, ctnn::input<3>, ctnn::dense<5, ctnn::gelu>,
                                 ctnn::dense<5, ctnn::elu, ctnn::no_bias>, ctnn::dense<2>>;
using classes = ctnn::network<double, ctnn::input<3>, ctnn::dense<5, ctnn::silu>, ctnn::dense<3, ctnn::log_softmax>>;
using robust = ctnn::network<float, ctnn::input<3>, ctnn::dense<9, ctnn::softplus>, ctnn::dense<1, ctnn::sigmoid>>;
template <class T>
using whole_registers = ctnn::network<T, ctnn::input<8>, ctnn::dense<16, ctnn::tanh>, ctnn::dense<12, ctnn::relu>,
                                      ctnn::dense<4, ctnn::softmax>>;

}  // namespace

int main() {
    steps<classifier, ctnn::cross_entropy, ctnn::adam, 2>::check("3-17-3, cross entropy, adam");
    steps<regression, ctnn::mean_squared_error, ctnn::sgd, 2>::check("3-5-5-2, squared error, sgd");
    steps<classes, ctnn::cross_entropy, ctnn::sgd, 2>::check("3-5-3, cross entropy of logarithms, sgd");
    steps<robust, ctnn::huber, ctnn::rmsprop, 1>::check("3-9-1, huber, rmsprop");
    steps<whole_registers<double>, ctnn::cross_entropy, ctnn::adam, 2>::check("8-16-12-4, cross entropy, adam");
    steps<whole_registers<float>, ctnn::cross_entropy, ctnn::rmsprop, 1>::check("8-16-12-4, cross entropy, rmsprop");
    return phases::verdict(256);
}
