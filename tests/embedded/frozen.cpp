// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
// Frozen networks give the integers of the quantised networks they are made of: layers, shapes, rules and forms of weights,
// on each processor with the kernels that it has.
#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

#include <cstddef>
#include <cstdint>
#include <ratio>

namespace {

using namespace ctnn;

template <class Net>
constexpr Net filled(float smallest) {
    Net net{};
    random_engine engine{5};
    for_each_parameter(net, [&](auto, const char*, auto& values) {
        for (auto& value : values) {
            value = draw_uniform<float>(engine, -1.0f, 1.0f);
            if (value < smallest && value > -smallest) value = 0;
        }
    });
    return net;
}
template <class Net>
constexpr ranges<Net> observed(const Net& net) {
    tensor<float, batch_of<3, typename Net::input_shape>> x{};
    random_engine engine{6};
    for (float& value : x) value = draw_uniform<float>(engine, -2.0f, 1.0f);
    return calibrate(net, x);
}

int number = 0, failed = 0;

/// Weights smaller than `Smallest` tenths are 0.
template <class Net, class Rounding = rounding::twice, class Granularity = per_channel, class End = ends_in_integers,
          int Smallest = 0, class Preference = prefer_size>
void check() {
    static constexpr auto net = filled<Net>(static_cast<float>(Smallest) * 0.1f);
    static constexpr auto q = quantize<Rounding, Granularity, End>(net, observed(net));
    constexpr frozen<q, Preference> device{};
    ++number;
    random_engine engine{7};
    constexpr tensor<std::int8_t, typename Net::input_shape> zero{};
    static_assert(Net::multiply_accumulates > 20000 || device(zero) == q(zero));
    for (int sample = 0; sample < 8 && failed == 0; ++sample) {
        tensor<std::int8_t, typename Net::input_shape> x;
        for (auto& value : x)
            value = sample == 0   ? std::int8_t{-128}
                    : sample == 1 ? std::int8_t{127}
                                  : static_cast<std::int8_t>(static_cast<std::uint32_t>(engine()) >> 24);
        if (!(device(x) == q(x))) failed = number;
    }
}

/// Parameters as a file may have them: means that change the scale and the zero point, and a weight of -128.
template <class Rounding>
constexpr auto of_a_file() {
    using net_type = network<float, input<2, 6, 6>, conv2d<3, window<3, 3>, same>, average_pool2d<window<2>>,
                             global_average_pool, dense<3>>;
    using quantized_type = quantized<net_type, Rounding, per_channel, ends_in_integers>;
    const auto net = filled<net_type>(0);
    auto file = quantized_type::choose(net, observed(net));
    boost::hana::at_c<0>(file.layers.layers).matrix.weights[5] = -128;
    boost::hana::at_c<1>(file.layers.layers).output = {0.03f, -7};
    boost::hana::at_c<2>(file.layers.layers).output = {0.011f, 30};
    return quantized_type::from(file);
}
template <class Rounding>
void check_of_a_file() {
    static constexpr auto q = of_a_file<Rounding>();
    constexpr frozen<q> device{};
    ++number;
    random_engine engine{8};
    for (int sample = 0; sample < 8 && failed == 0; ++sample) {
        tensor<std::int8_t, shape<2, 6, 6>> x;
        for (auto& value : x) value = static_cast<std::int8_t>(static_cast<std::uint32_t>(engine()) >> 24);
        if (!(device(x) == q(x))) failed = number;
    }
}

/// Networks of real numbers: weights smaller than `Smallest` tenths are 0, and so are some inputs.
template <class Net, int Smallest = 0, class Preference = prefer_size>
void check_real() {
    static constexpr auto net = filled<Net>(static_cast<float>(Smallest) * 0.1f);
    constexpr frozen<net, Preference> device{};
    ++number;
    random_engine engine{9};
    for (int sample = 0; sample < 8 && failed == 0; ++sample) {
        typename Net::input_type x;
        for (auto& value : x) {
            value = draw_uniform<float>(engine, -1.0f, 1.0f);
            if (value < 0.2f && value > -0.3f) value = 0;
        }
        if (!(device(x) == net(x))) failed = number;
    }
}

using tangent = ctnn::tanh;

}  // namespace

int main() {
    // Dense layers: odd sizes, more inputs than a run has, sequences, a single row.
    check<network<float, input<7>, dense<5, relu>>>();
    check<network<float, input<64>, dense<32, relu>, dense<10>>, rounding::twice, per_tensor>();
    check<network<float, input<300>, dense<3, relu>, dense<1>>, rounding::once>();
    check<network<float, input<9>, dense<2, tangent>, dense<9, sigmoid>>, rounding::half_even>();
    check<network<float, input<5, 6>, dense<3, relu>, dense<7>>, rounding::once, per_tensor, ends_in_sums>();
    // Several layers with one factor each: odd sizes, sums too large to share a function, bounds on one side of 0.
    check<network<float, input<9>, dense<6, relu>, dense<10>>, rounding::once, per_tensor>();
    check<network<float, input<7>, dense<10, relu6>, dense<5, relu>, dense<6>>, rounding::twice, per_tensor>();
    check<network<float, input<200>, dense<8, relu>, dense<6>>, rounding::twice, per_tensor>();
    check<network<float, input<8>, dense<6, clip<std::ratio<1>, std::ratio<3>>>, dense<4>>, rounding::twice,
          per_tensor>();
    check<network<float, input<5, 6>, dense<8, relu>, dense<4>>, rounding::twice, per_tensor>();
    // Convolutions: padding, strides, groups, dilation, runs that are gathered, a pool that becomes a part of one.
    check<network<float, input<2, 5, 6>, conv2d<3, window<3, 3>, same>>>();
    check<network<float, input<3, 7, 7>, conv2d<6, window<3, 3>, stride<2>>>, rounding::half_even, per_tensor,
          ends_in_sums>();
    check<network<float, input<4, 5, 5>, conv2d<8, window<3, 3>, groups<2>, same>>, rounding::once>();
    check<network<float, input<4, 5, 5>, conv2d<4, window<3, 3>, groups<4>, same, relu>, conv2d<6, window<1>>,
                  max_pool2d<window<2>>>>();
    check<network<float, input<1, 8, 8>, conv2d<8, window<3>, same, relu>, max_pool2d<window<2>>,
                  conv2d<6, window<3>, relu>, flatten, dense<10>>,
          rounding::twice, per_channel, ends_in_sums>();
    check<network<float, input<100, 3, 3>, conv2d<3, window<3, 3>, same>>>();
    check<network<float, input<2, 7, 7>, conv2d<3, window<3, 3>, dilation<2>, same>, average_pool2d<window<3>>>>();
    check<network<float, input<3, 12>, conv1d<5, window<3>, dilation<2>, same, tangent>, conv1d<4, window<5>>,
                  global_average_pool, dense<3>>>();
    // Layers that run as they do in the quantised network, and views between images.
    check<network<float, input<2, 6, 6>, zero_pad<pad<0, 0>, pad<1, 1>, pad<1, 1>>, average_pool2d<window<2>>, flatten,
                  dense<3>>>();
    check<network<float, input<16>, reshape<1, 4, 4>, conv2d<3, window<3>, same>, reshape<4, 12>, dense<5>,
                  reshape<4, 5, 1>, max_pool2d<window<2, 1>>>>();
    check<network<float, input<6>, layer_norm<>, dense<4, gelu>, dense<3>>>();
    check<network<float, input<6>, dense<5, softmax>, dense<4, softmax>>>();
    check<network<float, input<6>, activation<tangent>, dense<5, relu>, residual<dense<5, relu>>, dense<4>>>();
    // Lists, with offsets of 8 and 16 bits, and weights in the code.
    check<network<float, input<40>, dense<12, relu>, dense<10>>, rounding::twice, per_tensor, ends_in_integers, 9>();
    check<network<float, input<300>, dense<5, relu>, dense<3>>, rounding::twice, per_channel, ends_in_integers, 9>();
    check<network<float, input<2, 5, 6>, conv2d<5, window<3, 3>, same>>, rounding::once, per_channel, ends_in_integers,
          8>();
    check<network<float, input<40>, dense<12, relu>, dense<10>>, rounding::twice, per_tensor, ends_in_sums, 9,
          prefer_speed>();
    check<network<float, input<2, 5, 6>, conv2d<5, window<3, 3>, same>>, rounding::twice, per_channel, ends_in_integers,
          9, prefer_speed>();
    // Real numbers: dense layers and lists of several runs; convolutions, with a pool that becomes a part of one or not.
    check_real<network<float, input<40>, dense<32, relu>, dense<9>>>();
    check_real<network<float, input<40>, dense<32, relu>, dense<9>>, 0, prefer_speed>();
    check_real<network<float, input<64>, dense<32, relu>, dense<20, tangent>, dense<3>>, 8>();
    check_real<network<float, input<3, 20>, dense<12, relu, no_bias>, dense<8>>, 9>();
    check_real<network<float, input<2, 7, 8>, conv2d<8, window<3>, same, relu>, max_pool2d<window<2>>,
                       conv2d<19, window<2>, relu>, flatten, dense<10, softmax>>>();
    check_real<
        network<float, input<3, 9, 9>, conv2d<5, window<3>, stride<2>, tangent, no_bias>, max_pool2d<window<2>>>>();
    check_real<network<float, input<1, 9, 9>, conv2d<9, window<3>, dilation<2>, same>, max_pool2d<window<3>>>>();
    check_real<network<float, input<4, 6, 6>, conv2d<8, window<3>, groups<2>, relu>, flatten>>();
    check_real<network<float, input<3, 12>, conv1d<8, window<3>, same, relu>, max_pool1d<window<2>>, flatten>>();
    check_real<network<double, input<1, 5, 5>, conv2d<8, window<3>, relu>, flatten, dense<9>>>();
    // Weights of 4 bits, two in a byte: odd sizes, several runs, images.
    check<network<float, input<31>, dense<15, relu>, dense<10>>, rounding::twice, weight_bits<4>>();
    check<network<float, input<64>, dense<32, relu>, dense<10>>, rounding::once, weight_bits<4, per_tensor>>();
    check<network<float, input<300>, dense<3, relu>, dense<1>>, rounding::twice, weight_bits<3>>();
    check<network<float, input<8, 5, 6>, conv2d<7, window<3, 3>, same, relu>, conv2d<9, window<2>>>,
          rounding::half_even, weight_bits<4>>();
    check_of_a_file<rounding::twice>();
    check_of_a_file<rounding::half_even>();
    return failed;
}
