// SPDX-License-Identifier: BSL-1.0
// Tensors, networks and their parts as C++ types: their properties, their sizes, and what they must reject.

#include <ctnn.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

template <class T>
concept plain_value = std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T> &&
                      std::is_standard_layout_v<T> && std::is_aggregate_v<T> && std::regular<T>;

// --- shapes
static_assert(ctnn::shape<3, 8, 8>::rank == 3 && ctnn::shape<3, 8, 8>::size == 192);
static_assert(ctnn::shape<>::rank == 0 && ctnn::shape<>::size == 1);
static_assert(std::same_as<ctnn::batch_of<32, ctnn::shape<3, 8, 8>>, ctnn::shape<32, 3, 8, 8>>);
static_assert(std::same_as<ctnn::batch_of<32, ctnn::shape<>>, ctnn::shape<32>>);

// --- tensors
using matrix = ctnn::tensor<double, ctnn::shape<2, 3>>;
static_assert(plain_value<matrix> && sizeof(matrix) == 6 * sizeof(double) && alignof(matrix) == alignof(double));
static_assert(sizeof(ctnn::tensor<std::uint8_t, ctnn::shape<7>>) == 7);

template <matrix Value>
constexpr double last_of = Value[5];
static_assert(last_of<matrix{1, 2, 3, 4, 5, 6}> == 6);

// --- neurons
static_assert(plain_value<ctnn::neuron<3>> && sizeof(ctnn::neuron<3>) == 4 * sizeof(double));
static_assert(sizeof(ctnn::neuron<3, ctnn::relu, float>) == 4 * sizeof(float));

// --- networks
using small = ctnn::network<float, ctnn::input<3>, ctnn::dense<5, ctnn::tanh>,
                            ctnn::dense<4, ctnn::relu, ctnn::no_bias>, ctnn::dense<2, ctnn::softmax>>;
static_assert(std::is_trivially_copyable_v<small> && std::is_trivially_destructible_v<small>);
static_assert(std::is_aggregate_v<small> && std::equality_comparable<small> && std::copyable<small>);
static_assert(small::layer_count == 3);
static_assert(small::parameter_count == (3 * 5 + 5) + 5 * 4 + (4 * 2 + 2));
static_assert(small::multiply_accumulates == 3 * 5 + 5 * 4 + 4 * 2);
static_assert(small::parameter_bytes == small::parameter_count * sizeof(float));
static_assert(sizeof(small) == small::parameter_bytes);
static_assert(std::same_as<small::value_type, float>);
static_assert(std::same_as<small::input_shape, ctnn::shape<3>> && std::same_as<small::output_shape, ctnn::shape<2>>);

using image_classifier =
    ctnn::network<float, ctnn::input<784>, ctnn::dense<128, ctnn::relu>, ctnn::dense<10, ctnn::softmax>>;
static_assert(image_classifier::parameter_count == 101770 && sizeof(image_classifier) == 407080);
static_assert(image_classifier::multiply_accumulates == 101632);

// Layers of the same type do not grow the network, nor does a layer that has no bias.
using repeated = ctnn::network<double, ctnn::input<4>, ctnn::dense<4>, ctnn::dense<4>, ctnn::dense<4>>;
static_assert(sizeof(repeated) == 3 * 20 * sizeof(double));
using bare = ctnn::network<double, ctnn::input<3>, ctnn::dense<4, ctnn::sigmoid, ctnn::no_bias>>;
static_assert(sizeof(bare) == 12 * sizeof(double));

using second = ctnn::layer_t<1, small>;
static_assert(std::same_as<second::input_shape, ctnn::shape<5>> && std::same_as<second::output_shape, ctnn::shape<4>>);
static_assert(std::same_as<second::activation, ctnn::relu> && second::multiply_accumulates == 20);
static_assert(std::same_as<decltype(second::weights), ctnn::tensor<float, ctnn::shape<5, 4>>>);
static_assert(second::fan_in == 5 && second::fan_out == 4);
static_assert(plain_value<second> && plain_value<ctnn::layer_t<0, small>>);

template <class Layer>
concept has_bias = requires(Layer layer) { layer.bias; };
static_assert(has_bias<ctnn::layer_t<0, small>> && !has_bias<second>);

// `get` keeps const, and returns the member itself.
static_assert(std::same_as<decltype(ctnn::get<1>(std::declval<small&>())), second&>);
static_assert(std::same_as<decltype(ctnn::get<1>(std::declval<const small&>())), const second&>);

// --- a network as a template argument: by reference, and by value because it is structural
template <const auto& Net>
constexpr auto answer = Net({1, 2, 3});
constexpr small weighted = ctnn::initialize<small>(ctnn::glorot_uniform{}, 7);
static_assert(answer<weighted> == weighted({1, 2, 3}));

// clang before 18 has no floating-point template arguments.
#if !defined(__clang__) || __clang_major__ >= 18
template <auto Net>
constexpr auto answer_by_value = Net({2.0, 3.0});
constexpr ctnn::network<double, ctnn::input<2>, ctnn::dense<1>> sum_of_two{
    .layers{ctnn::dense_layer<double, 2, 1, ctnn::identity, ctnn::with_bias>{{1, 1}, {0}}}};
static_assert(answer_by_value<sum_of_two>[0] == 5);
#endif

// --- what a call returns: one sample, a batch, a list
template <class Net, class Input>
using output_of = decltype(std::declval<const Net&>()(std::declval<Input>()));
static_assert(std::same_as<output_of<small, ctnn::tensor<float, ctnn::shape<3>>>, ctnn::tensor<float, ctnn::shape<2>>>);
static_assert(
    std::same_as<output_of<small, ctnn::tensor<float, ctnn::shape<9, 3>>>, ctnn::tensor<float, ctnn::shape<9, 2>>>);
static_assert(std::same_as<output_of<small, float (&)[3]>, ctnn::tensor<float, ctnn::shape<2>>>);

// --- all memory for training is in the trainer
using small_trainer = ctnn::trainer<small, ctnn::cross_entropy, ctnn::sgd, 4>;
// Per sample: three outputs of 5, 4 and 2; two gradients as wide as the widest of them; scratch for the transposed 5 x
// 4; three inputs, which hold the samples of a partial batch.
static_assert(ctnn::workspace_bytes<small, 4> == (4 * (5 + 4 + 2) + 2 * 4 * 5 + 5 * 4 + 4 * 3) * sizeof(float));
static_assert(ctnn::workspace_bytes<small, 8> > ctnn::workspace_bytes<small, 4>);
static_assert(sizeof(small_trainer) >= 3 * sizeof(small) + ctnn::workspace_bytes<small, 4>);
static_assert(sizeof(small_trainer) <= 3 * sizeof(small) + ctnn::workspace_bytes<small, 4> + 64);
static_assert(small_trainer::batch == 4);
static_assert(std::is_trivially_copyable_v<small_trainer> && std::is_trivially_destructible_v<small_trainer>);
// gelu's derivative is computed from its input, so the record keeps that as well.
using smooth = ctnn::network<float, ctnn::input<3>, ctnn::dense<5, ctnn::gelu>, ctnn::dense<2, ctnn::softmax>>;
using rectified = ctnn::network<float, ctnn::input<3>, ctnn::dense<5, ctnn::relu>, ctnn::dense<2, ctnn::softmax>>;
static_assert(ctnn::workspace_bytes<smooth, 4> == ctnn::workspace_bytes<rectified, 4> + 4 * 5 * sizeof(float));

// --- samples
using rows = ctnn::samples<double, ctnn::shape<3>>;
static_assert(std::is_trivially_copyable_v<rows> && std::default_initializable<rows>);
static_assert(std::convertible_to<matrix, rows>);
static_assert(!std::convertible_to<ctnn::tensor<double, ctnn::shape<2, 4>>, rows>);
static_assert(!std::convertible_to<ctnn::tensor<float, ctnn::shape<2, 3>>, rows>);
static_assert(!std::convertible_to<ctnn::tensor<double, ctnn::shape<3>>, rows>);
static_assert(std::same_as<ctnn::samples_of<matrix>, rows> && std::same_as<ctnn::samples_of<rows>, rows>);
static_assert(ctnn::are_labels<ctnn::samples<std::uint8_t, ctnn::shape<>>> && !ctnn::are_labels<rows>);
static_assert(!ctnn::are_labels<ctnn::samples<double, ctnn::shape<>>> &&
              !ctnn::are_labels<ctnn::samples<int, ctnn::shape<1>>>);

// --- what must not be valid
template <class Net, class... Arguments>
concept callable = requires(const Net& net, Arguments&&... arguments) { net(arguments...); };
static_assert(callable<small, ctnn::tensor<float, ctnn::shape<3>>>);
static_assert(!callable<small, int> && !callable<small> && !callable<small, const float*>);
static_assert(!callable<small, ctnn::tensor<float, ctnn::shape<3>>, int>);

template <class Trainer, class Inputs, class Targets>
concept can_step = requires(Trainer t, Inputs x, Targets y) { t.step(x, y); };
static_assert(can_step<small_trainer, ctnn::tensor<float, ctnn::shape<4, 3>>, ctnn::tensor<float, ctnn::shape<4, 2>>>);
static_assert(
    !can_step<small_trainer, ctnn::tensor<double, ctnn::shape<4, 3>>, ctnn::tensor<double, ctnn::shape<4, 2>>>);

template <class A, class B>
concept comparable = requires(A a, B b) { a == b; };
static_assert(comparable<small, small> && !comparable<small, smooth>);
static_assert(!comparable<matrix, ctnn::tensor<double, ctnn::shape<3, 2>>>);
static_assert(!std::convertible_to<small, smooth> && !std::convertible_to<float, small>);

template <class... T>
concept can_be_near = requires(T... values) { ctnn::near(values...); };
static_assert(can_be_near<double, double, double> && !can_be_near<double>);

template <class T>
concept is_spec = ctnn::layer_spec<T>;
static_assert(is_spec<ctnn::dense<3>> && !is_spec<ctnn::input<3>> && !is_spec<ctnn::relu> && !is_spec<int>);

static_assert(ctnn::elementwise_activation<ctnn::relu, float> && !ctnn::elementwise_activation<ctnn::softmax, float>);

// --- a trained network is a network
using trained = ctnn::fitted<small, 16>;
static_assert(std::derived_from<trained, small> && std::convertible_to<trained, small>);

// --- sizes saturate instead of wrapping to 0
namespace sizes {

using namespace ctnn;
constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
static_assert(detail::capped_product<std::size_t>({most / 2, 3}) == most);
static_assert(detail::capped_product<std::size_t>({most, 0, most}) == 0);
static_assert(detail::capped_product<std::size_t>({most / 5, 5}) == most / 5 * 5);
static_assert(detail::capped_sum<std::size_t>({most - 3, 2}) == most - 1);
static_assert(detail::capped_sum<std::size_t>({2, most}) == most);
static_assert(detail::operation_count({65536, 65536, 65536}) == std::uint64_t{1} << 48);
template <class Layer>
using made_of_line = typename network<float, input<1, 8>, Layer>::output_shape;
static_assert(std::is_same_v<made_of_line<conv1d<1, window<3>, stride<most>, same>>, shape<1, 1>>);
static_assert(std::is_same_v<made_of_line<conv1d<1, window<3>, stride<most>>>, shape<1, 1>>);
static_assert(std::is_same_v<made_of_line<max_pool1d<window<3>, stride<most>, ceil_mode>>, shape<1, 1>>);
static_assert(!conv1d<2, window<3>, dilation<most / 2 + 1>>::wants::fits<shape<1, 8>>);
static_assert(!conv1d<2, window<3>, dilation<most / 2 + 1>, same>::wants::fits<shape<1, 8>>);
static_assert(!conv1d<2, window<3>, padding<pad<most, 2>>>::wants::fits<shape<1, 8>>);

}  // namespace sizes
