// SPDX-License-Identifier: BSL-1.0
// The names that users write, as promised by the design document. If it compiles, it passes.

#include <ctnn.hpp>

#include <cstdint>

// Stands in for a baked model and its data below.
namespace digits {
using digits_net =
    ctnn::network<float, ctnn::input<64>, ctnn::dense<32, ctnn::relu>, ctnn::dense<10, ctnn::softmax>>;
constexpr digits_net model = [] {
    digits_net net{};
    ctnn::get<1>(net).bias[3] = 1;
    return net;
}();
constexpr ctnn::tensor<float, ctnn::shape<2, 64>> held_out_inputs{};
constexpr ctnn::tensor<std::uint8_t, ctnn::shape<2>> held_out_labels{3, 3};
}  // namespace digits

// ---- begin of the contract -------------------------------------------------------------------------------------------

// One neuron: sigmoid(w . x + b)
constexpr ctnn::neuron<2> n{.weights = {0, 1}, .bias = 4};           // neuron<Inputs, Activation = sigmoid, T = double>
static_assert(ctnn::near(n({2, 3}), 0.9990889488055994));

// A network: shapes are inferred from the input onwards
using xor_net = ctnn::network<double, ctnn::input<2>,
                              ctnn::dense<4, ctnn::tanh>,
                              ctnn::dense<1, ctnn::sigmoid>>;
static_assert(xor_net::parameter_count == 17);
static_assert(xor_net::multiply_accumulates == 12);

// Trained by the compiler
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs {0,0, 0,1, 1,0, 1,1};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{0, 1, 1, 0};
constexpr auto trained = ctnn::fit<ctnn::binary_cross_entropy>(
    ctnn::initialize<xor_net>(ctnn::glorot_uniform{}, /*seed*/ 1),
    inputs, targets, ctnn::adam{.learning_rate = 0.1}, {.epochs = 200});
static_assert(trained({0, 1})[0] > 0.95 && trained({1, 1})[0] < 0.05);

// Trained at run time, same function; batches are compile-time sizes
using digits_net = ctnn::network<float, ctnn::input<64>, ctnn::dense<32, ctnn::relu>, ctnn::dense<10, ctnn::softmax>>;
digits_net net{};
ctnn::tensor<float, ctnn::shape<32, 64>> batch_inputs{};
ctnn::tensor<float, ctnn::shape<32, 10>> batch_targets{};
ctnn::trainer<digits_net, ctnn::cross_entropy, ctnn::adam, /*Batch*/ 32> t{net, {.learning_rate = 1e-3f}};
float loss = t.step(batch_inputs, batch_targets);                    // no heap; sizeof(t) is all the memory

// A contract on a baked model
static_assert(ctnn::accuracy(digits::model, digits::held_out_inputs, digits::held_out_labels) >= 0.95);
static_assert(sizeof(digits::model) <= 10'000);

// ---- end of the contract ---------------------------------------------------------------------------------------------

// Other fixed names.
constexpr ctnn::tensor<double, ctnn::shape<2, 3>> six{1, 2, 3, 4, 5, 6};
static_assert(six[4] == 5 && six(1, 2) == 6 && six.size() == 6 && six == six);
static_assert(six.end() - six.begin() == 6 && six.data() == six.begin());
static_assert(ctnn::get<0>(xor_net{}).weights.size() == 8 && ctnn::get<0>(xor_net{}).bias.size() == 4);

template <class Activation>
using with = ctnn::network<float, ctnn::input<3>, ctnn::dense<2, Activation>>;
template <class... Activation>
constexpr bool all_are_activations = (... && (with<Activation>{}({1, 2, 3}).size() == 2));
static_assert(all_are_activations<ctnn::identity, ctnn::sigmoid, ctnn::tanh, ctnn::relu, ctnn::leaky_relu, ctnn::elu,
                                  ctnn::selu, ctnn::gelu, ctnn::silu, ctnn::softplus, ctnn::softsign,
                                  ctnn::hard_sigmoid, ctnn::softmax, ctnn::log_softmax>);

template <class Activation, class Loss, class Optimizer>
constexpr float loss_of_a_step = [] {
    ctnn::trainer<with<Activation>, Loss, Optimizer> training{{}, Optimizer{.learning_rate = 0.1}};
    return training.step(ctnn::tensor<float, ctnn::shape<3>>{1, 2, 3}, ctnn::tensor<float, ctnn::shape<2>>{1, 0});
}();
static_assert(loss_of_a_step<ctnn::identity, ctnn::mean_squared_error, ctnn::sgd> == 0.5f);
static_assert(loss_of_a_step<ctnn::identity, ctnn::mean_absolute_error, ctnn::rmsprop> == 0.5f);
static_assert(loss_of_a_step<ctnn::identity, ctnn::huber, ctnn::adam> == 0.25f);
static_assert(ctnn::near(loss_of_a_step<ctnn::sigmoid, ctnn::binary_cross_entropy, ctnn::adamw>, 0.69314718f));
static_assert(ctnn::near(loss_of_a_step<ctnn::softmax, ctnn::cross_entropy, ctnn::sgd>, 0.69314718f));

constexpr ctnn::sgd all_of_sgd{.learning_rate = 0.1, .momentum = 0.9, .nesterov = true, .weight_decay = 1e-4};
static_assert(all_of_sgd.nesterov);

template <class... Initializer>
constexpr bool all_are_initializers = (... && (ctnn::initialize<xor_net>(Initializer{}, 1) ==
                                               ctnn::initialize<xor_net>(Initializer{}, 1)));
static_assert(all_are_initializers<ctnn::zeros, ctnn::constant, ctnn::uniform, ctnn::normal, ctnn::glorot_uniform,
                                   ctnn::glorot_normal, ctnn::he_uniform, ctnn::he_normal>);

static_assert(ctnn::near(1.0, 1.01, 0.02) && !ctnn::near(1.0, 1.01, 0.001));
static_assert(xor_net::input_shape::size == 2 && xor_net::output_shape::size == 1);
