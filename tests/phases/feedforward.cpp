// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
// The outputs of networks, as computed by the compiler and by the program: every activation, widths below, at and above
// those of vector registers, one sample and batches, moderate and extreme inputs.

#include "support.hpp"

#include <cstddef>

namespace {

/// Parameters for which the logits range over about -`spread` to `spread`.
template <class Net>
constexpr Net network_with(double spread) {
    return ctnn::initialize<Net>(ctnn::uniform{-spread, spread}, 11, ctnn::uniform{-1, 1});
}

template <class Net, std::size_t Batch, int Spread>
struct outputs {
    using T = typename Net::value_type;
    using input = ctnn::batch_of<Batch, typename Net::input_shape>;

    static constexpr Net net = network_with<Net>(Spread);
    static constexpr auto x = phases::numbers<T, input>(5, -2, 2);
    static constexpr auto y = net(x);

    static void check(const char* name) { phases::compare(name, y, phases::opaque(net)(phases::opaque(x))); }
};

/// 19 outputs are more than a register of 16 floats; two samples of 3 are fewer than one of 8.
template <class T, class Activation>
void check_activation(const char* name) {
    using hidden = ctnn::network<T, ctnn::input<3>, ctnn::dense<19, Activation>, ctnn::dense<1>>;
    using last = ctnn::network<T, ctnn::input<2>, ctnn::dense<3, Activation>>;
    outputs<hidden, 1, 1>::check(name);
    outputs<last, 2, 40>::check(name);
}

template <class T>
void check_all() {
    check_activation<T, ctnn::identity>("identity");
    check_activation<T, ctnn::sigmoid>("sigmoid");
    check_activation<T, ctnn::tanh>("tanh");
    check_activation<T, ctnn::relu>("relu");
    check_activation<T, ctnn::leaky_relu>("leaky_relu");
    check_activation<T, ctnn::elu>("elu");
    check_activation<T, ctnn::selu>("selu");
    check_activation<T, ctnn::gelu>("gelu");
    check_activation<T, ctnn::silu>("silu");
    check_activation<T, ctnn::softplus>("softplus");
    check_activation<T, ctnn::softsign>("softsign");
    check_activation<T, ctnn::hard_sigmoid>("hard_sigmoid");
    check_activation<T, ctnn::hard_swish>("hard_swish");
    check_activation<T, ctnn::gelu_tanh>("gelu_tanh");
    check_activation<T, ctnn::relu6>("relu6");
    check_activation<T, ctnn::clip<std::ratio<-1, 3>, ctnn::unbounded>>("clip");
    check_activation<T, ctnn::reciprocal>("reciprocal");
    check_activation<T, ctnn::exp>("exp");
    check_activation<T, ctnn::sin>("sin");
    check_activation<T, ctnn::cos>("cos");
    check_activation<T, ctnn::softmax>("softmax");
    check_activation<T, ctnn::log_softmax>("log_softmax");

    using wide =
        ctnn::network<T, ctnn::input<7>, ctnn::dense<37, ctnn::relu, ctnn::no_bias>, ctnn::dense<10, ctnn::softmax>>;
    outputs<wide, 1, 1>::check("7-37-10");
    outputs<wide, 3, 1>::check("7-37-10, three samples");

    // The columns of the heads are stored side by side, each with fewer columns than a register has lanes, or more.
    using four_heads = ctnn::network<T, ctnn::input<20, 8>, ctnn::multi_head_attention<4>>;
    using one_head = ctnn::network<T, ctnn::input<9, 12>, ctnn::multi_head_attention<1, ctnn::causal_mask>>;
    outputs<four_heads, 1, 1>::check("attention, four heads of two columns");
    outputs<one_head, 2, 1>::check("attention, one head of twelve columns");
}

/// A single neuron.
constexpr ctnn::neuron<2> neuron{.weights = {0, 1}, .bias = 4};
constexpr ctnn::tensor<double, ctnn::shape<2>> neuron_input{2, 3};
constexpr double neuron_output = neuron(neuron_input);

}  // namespace

int main() {
    phases::compare_number("neuron", neuron_output, phases::opaque(neuron)(phases::opaque(neuron_input)));
    check_all<float>();
    check_all<double>();
    return phases::verdict(64);
}
