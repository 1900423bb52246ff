// SPDX-License-Identifier: BSL-1.0
// No input of a box leads outside the bounds of the outputs over it: corners, random inputs and those that the linear
// bounds point at, for every kind of layer and activation that a proof can go through, and for networks built to break
// verifiers that argue about real numbers.

#include <ctnn.hpp>
#include <ctnn/verify.hpp>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>
#include <random>

namespace {

using namespace ctnn;

std::uint64_t inputs_tried = 0;
int failures = 0;

/// Tries `count` inputs of a box, and says which one leads outside.
template <class Net>
void check(const char* name, const Net& net, const box<typename Net::value_type, typename Net::input_shape>& inside,
           std::size_t count, std::mt19937_64& engine) {
    using T = typename Net::value_type;
    constexpr std::size_t inputs = Net::input_shape::size, outputs = Net::output_shape::size;
    const auto found = bounds(net, inside);
    const auto x = std::make_unique<tensor<T, typename Net::input_shape>>();
    const auto prepared = std::make_unique<prover<Net>>(net);
    layer_bounds<Net> of_layers;
    prepared->bound(inside, of_layers);
    for (std::size_t n = 0; n < count; ++n) {
        const std::uint64_t bits = engine();
        if (n < 2 * outputs) {
            // Where the linear bound of an output, or of its negative, is smallest.
            double one[outputs]{}, slopes[inputs];
            one[n / 2] = n % 2 == 0 ? 1 : -1;
            (void)prepared->output_bound(one, slopes);
            for (std::size_t i = 0; i < inputs; ++i) (*x)[i] = slopes[i] < 0 ? inside.upper[i] : inside.lower[i];
        } else {
            for (std::size_t i = 0; i < inputs; ++i) {
                const std::uint64_t mine = engine();
                // Corners, faces, and the interior.
                const unsigned kind = bits % 4 == 0   ? 2 + mine % 2
                                      : bits % 4 == 1 ? static_cast<unsigned>(mine % 4)
                                                      : 0;
                const T share = static_cast<T>(static_cast<double>(mine >> 11) * 0x1p-53);
                const T inner = inside.lower[i] * (1 - share) + inside.upper[i] * share;
                (*x)[i] = kind == 2                 ? inside.lower[i]
                          : kind == 3               ? inside.upper[i]
                          : inner < inside.lower[i] ? inside.lower[i]
                          : inner > inside.upper[i] ? inside.upper[i]
                                                    : inner;
            }
        }
        const auto y = net(*x);
        ++inputs_tried;
        for (std::size_t i = 0; i < outputs; ++i) {
            const double value = static_cast<double>(y[i]);
            if (!(found.lower[i] <= value && value <= found.upper[i])) {
                std::printf("%s: output %zu is %.17g, outside [%.17g, %.17g]\n", name, i, value, found.lower[i],
                            found.upper[i]);
                if (++failures > 20) std::exit(1);
            }
        }
    }
}

/// Random parameters of several sizes, and boxes of several.
template <class Net>
void check_random(const char* name, std::size_t count = 6000) {
    using T = typename Net::value_type;
    std::mt19937_64 engine(static_cast<std::uint64_t>(sizeof(Net)) * 31 + sizeof(T));
    for (const double scale : {0.5, 2.0, 8.0}) {
        const auto net = std::make_unique<Net>();
        const auto fill = [&](auto& member) {
            for (auto& element : member)
                element = static_cast<T>((static_cast<double>(engine() >> 11) * 0x1p-52 - 1) * scale);
        };
        const auto fill_leaf = [&](auto& leaf) { for_each_member(fill, leaf); };
        Net::chain_type::for_each([&](auto, auto& layer) { for_each_leaf(fill_leaf, layer); }, net->layers);
        Net::chain_type::for_each(
            [&](auto, auto& layer) {
                if constexpr (requires { layer.running_variance; })
                    for (std::size_t i = 0; i < layer.running_variance.size(); ++i) {
                        layer.running_mean[i] = static_cast<T>(static_cast<double>(i) - 1.5);
                        layer.running_variance[i] = static_cast<T>(0.25 + static_cast<double>(i));
                    }
            },
            net->layers);
        for (const double radius : {0.0, 1e-30, 1e-4, 0.05, 1.0, 30.0}) {
            box<T, typename Net::input_shape> inside{};
            for (std::size_t i = 0; i < Net::input_shape::size; ++i) {
                const double center = static_cast<double>(engine() >> 11) * 0x1p-52 - 1;
                inside.lower[i] = static_cast<T>(center - radius);
                inside.upper[i] = static_cast<T>(center + radius);
            }
            check(name, *net, inside, count, engine);
        }
    }
}

template <class Activation>
void check_activation(const char* name) {
    check_random<network<float, input<3>, dense<6, Activation>, dense<5, Activation>, dense<2>>>(name, 12000);
    check_random<network<double, input<2>, dense<4, Activation>, dense<3, Activation>>>(name, 8000);
    check_random<network<float, input<1>, activation<Activation>>>(name, 8000);
}

template <class T>
void check_layers() {
    check_random<network<T, input<4>, dense<16, relu>, dense<16, relu>, dense<16, relu>, dense<16, relu>, dense<3>>>(
        "deep");
    check_random<network<T, input<5>, dense<7, relu, no_bias>, dense<2, identity, no_bias>>>("no bias");
    check_random<network<T, input<3, 4>, dense<5, ctnn::tanh>, flatten, dense<2>>>("sequence");
    check_random<network<T, input<2, 12>, conv1d<3, window<3>, relu, same>, conv1d<4, window<2>, stride<2>, ctnn::tanh>,
                         flatten, dense<2>>>("conv1d");
    check_random<network<T, input<2, 9>, conv1d<4, window<3>, groups<2>, causal, dilation<2>, no_bias>,
                         activation<relu>, flatten, dense<2>>>("conv1d groups");
    check_random<network<T, input<1, 6, 6>, conv2d<3, window<3>, relu>, max_pool2d<window<2>>, flatten, dense<3>>>(
        "conv2d");
    check_random<network<T, input<2, 7>, max_pool1d<window<3>, stride<2>, padding<pad<1>>>, flatten, dense<2>>>(
        "max_pool1d");
    check_random<network<T, input<2, 8>, average_pool1d<window<3>, stride<2>>, activation<relu>, flatten, dense<2>>>(
        "average");
    check_random<network<T, input<3, 4, 4>, global_average_pool, dense<2>>>("global average");
    check_random<network<T, input<3, 4, 4>, conv2d<2, window<1>, relu>, global_max_pool, dense<2>>>("global maximum");
    check_random<
        network<T, input<3, 4>, conv1d_transpose<2, window<3>, stride<2>>, activation<relu>, flatten, dense<2>>>(
        "transposed");
    check_random<network<T, input<2, 2, 3>, conv2d_transpose<2, window<2, 3>, stride<2, 1>>, activation<relu>, flatten,
                         dense<2>>>("transposed images");
    check_random<network<T, input<4>, scale<relu>, dense<3, relu>, dense<2>>>("scale");
    check_random<network<T, input<4, 3>, batch_norm<relu>, flatten, dense<2>>>("batch_norm");
    check_random<network<T, input<2, 3>, permute<1, 0>, zero_pad<pad<1>, pad<0>>, slice<axis<0>, 1, 3>, upsample<2, 1>,
                         reverse, flatten, dense<3, relu>, dense<2>>>("rearrangements");
    check_random<network<T, input<6>, reshape<2, 3>, dropout<std::ratio<1, 2>>, flatten, dense<4, relu>, dense<2>>>(
        "dropout");
    check_random<network<T, input<4>, residual<dense<4, relu>>, activation<relu>,
                         residual<dense<5, ctnn::tanh>, dense<4>>, dense<2>>>("residual");
    check_random<network<T, input<3>, sum<branch<dense<4, relu>>, branch<dense<2, relu>, dense<4>>, branch<dense<4>>>,
                         activation<relu>, dense<2>>>("sum");
    check_random<network<T, input<2, 3>, concatenate<axis<0>, branch<>, branch<conv1d<3, window<2>, same, relu>>>,
                         flatten, dense<4, relu>, dense<2>>>("concatenate");
    check_random<network<T, input<3>, sum<branch<>, branch<residual<dense<3, relu>>, dense<3, relu>>>, dense<4, relu>,
                         concatenate<axis<0>, branch<dense<2>>, branch<>>, dense<2>>>("nested");
}

template <class T>
void check_layers_that_are_not_affine() {
    check_random<network<T, input<4>, dense<5>, prelu<>, dense<2>>>("prelu");
    check_random<network<T, input<2, 3>, prelu<axis<1>>, flatten, dense<3, relu>, prelu<>, dense<2>>>(
        "prelu of an axis");
    check_random<network<T, input<3>, product<branch<dense<4>>, branch<dense<4, sigmoid>>>, dense<3, relu>, dense<2>>>(
        "product");
    check_random<network<T, input<3>, product<branch<>, branch<dense<3, ctnn::tanh>>, branch<dense<3>>>, dense<2>>>(
        "product of three");
    check_random<network<T, input<2, 3>, matmul<branch<dense<4>>, branch<dense<4>, permute<1, 0>>>, activation<relu>,
                         flatten, dense<2>>>("matmul");
    check_random<network<T, input<2, 2, 3>, matmul<branch<>, branch<permute<0, 2, 1>>>, flatten, dense<2>>>(
        "several matrices");
    check_random<network<T, input<6>, dense<6>, layer_norm<ctnn::tanh>, dense<3>>>("layer_norm");
    check_random<network<T, input<3, 4>, layer_norm<identity, epsilon<>, no_affine>, flatten, dense<3>>>(
        "layer_norm without parameters");
    check_random<network<T, input<1, 2>, layer_norm<>>>("layer_norm of two");
    check_random<network<T, input<5, 3>, simple_rnn<4>, flatten, dense<2>>>("simple_rnn");
    check_random<network<T, input<6, 2>, simple_rnn<4, relu, last_step>, dense<2>>>("simple_rnn with relu");
    check_random<network<T, input<5, 3>, gru<4>, flatten, dense<2>>>("gru");
    check_random<network<T, input<5, 3>, gru<4, reset_before, last_step>>>("gru with reset_before");
    check_random<network<T, input<5, 3>, dense<3, relu>, lstm<4, last_step>, dense<2>>>("lstm");
    check_random<network<T, input<5, 3>, lstm<4>>>("every step of lstm");
    check_random<network<T, input<4, 2>, bidirectional<gru<3, last_step>>, dense<2>>>("bidirectional");
    check_random<network<T, input<4>, dense<5, softmax>, dense<2>>>("softmax");
    check_random<network<T, input<2, 4>, dense<3>, activation<softmax>>>("softmax of rows");
    check_random<network<T, input<4>, dense<5, log_softmax>>>("log_softmax");
    check_random<network<T, input<3>, dense<2, reciprocal>, dense<2>>>("reciprocal");
    check_random<network<T, input<3>, dense<2, softplus>, activation<reciprocal>, dense<2>>>("reciprocal of softplus");
}

/// One layer, so that no other one's margins hide that its own are too small.
template <class T>
void check_layers_alone() {
    check_random<network<T, input<4>, prelu<>>>("prelu alone");
    check_random<network<T, input<4>, product<branch<>, branch<>>>>("square alone");
    check_random<network<T, input<4>, product<branch<>, branch<>, branch<>>>>("cube alone");
    check_random<network<T, input<3, 3>, matmul<branch<>, branch<>>>>("matmul alone");
    check_random<network<T, input<3, 5>, layer_norm<identity, epsilon<>, no_affine>>>("layer_norm alone");
    check_random<network<T, input<4>, activation<softmax>>>("softmax alone");
    check_random<network<T, input<4>, activation<log_softmax>>>("log_softmax alone");
    check_random<network<T, input<4>, activation<reciprocal>>>("reciprocal alone");
    // Deviations of which rounding in the mean takes a part.
    std::mt19937_64 engine(5);
    using normalised = network<T, input<1, 5>, layer_norm<identity, epsilon<>, no_affine>>;
    for (const T radius : {T(0), std::numeric_limits<T>::epsilon() * 500, T(0.01)})
        for (int k = 0; k < 200; ++k) {
            tensor<T, shape<1, 5>> x;
            for (T& value : x)
                value = T(1000.1) + static_cast<T>(engine() % 64) * std::numeric_limits<T>::epsilon() * 512;
            check("layer_norm far from 0", normalised{}, ball(x, radius), 20, engine);
        }
}

/// States that are set to 0 because they are tiny.
void check_settled_states() {
    using net = network<float, input<1, 1>, simple_rnn<1, relu, last_step>>;
    net tiny{};
    get<0>(tiny).weights = {1e-30F};
    std::mt19937_64 engine(6);
    check("settled", tiny, box<float, shape<1, 1>>{{0.5F}, {1}}, 1000, engine);
    using long_term = network<float, input<1, 1>, lstm<1, last_step>>;
    long_term cell{};
    get<0>(cell).weights = {0, 0, 1e-30F, 0};
    check("settled cell", cell, box<float, shape<1, 1>>{{0.5F}, {1}}, 1000, engine);
}

std::uint64_t quotients_tried = 0;

/// Difference quotients within a box are mean derivatives.
template <class Net>
void check_derivatives(const char* name) {
    static_assert(std::is_same_v<typename Net::value_type, double>);
    constexpr std::size_t inputs = Net::input_shape::size, outputs = Net::output_shape::size;
    std::mt19937_64 engine(sizeof(Net));
    const auto uniform = [&engine] { return static_cast<double>(engine() >> 11) * 0x1p-53; };
    for (int trial = 0; trial < 30; ++trial) {
        const auto net = std::make_unique<Net>();
        const auto fill = [&](auto& member) {
            for (auto& element : member) element = uniform() * 3 - 1.5;
        };
        const auto fill_leaf = [&](auto& leaf) { for_each_member(fill, leaf); };
        Net::chain_type::for_each([&](auto, auto& layer) { for_each_leaf(fill_leaf, layer); }, net->layers);
        Net::chain_type::for_each(
            [&](auto, auto& layer) {
                if constexpr (requires { layer.running_variance; })
                    for (double& variance : layer.running_variance) variance = 0.25 + uniform();
            },
            net->layers);
        box<double, typename Net::input_shape> inside{};
        const double radius = trial % 3 == 0 ? 0.01 : trial % 3 == 1 ? 0.3 : 2;
        for (std::size_t i = 0; i < inputs; ++i) {
            const double center = uniform() * 2 - 1;
            inside.lower[i] = center - radius;
            inside.upper[i] = center + radius;
        }
        const auto found = bound_jacobian(*net, inside);
        const double lipschitz = lipschitz_bound(*net, inside, {.boxes = 1 + static_cast<std::size_t>(trial % 4)});
        for (int n = 0; n < 2000; ++n) {
            tensor<double, typename Net::input_shape> x{}, other{};
            for (std::size_t i = 0; i < inputs; ++i)
                other[i] = x[i] = inside.lower[i] + (inside.upper[i] - inside.lower[i]) * uniform();
            const std::size_t j = engine() % inputs;
            other[j] = inside.lower[j] + (inside.upper[j] - inside.lower[j]) * uniform();
            const double h = other[j] - x[j];
            if (std::abs(h) < 1e-4) continue;
            const auto y = (*net)(x), other_y = (*net)(other);
            ++quotients_tried;
            for (std::size_t i = 0; i < outputs; ++i) {
                const double quotient = (other_y[i] - y[i]) / h,
                             slack = 1e-9 * (1 + std::abs(quotient) + std::abs(y[i]));
                const std::size_t at = i * inputs + j;
                if (!(found.lower[at] - slack <= quotient && quotient <= found.upper[at] + slack &&
                      std::abs(quotient) <= lipschitz + slack)) {
                    std::printf("%s: dy[%zu]/dx[%zu] is %.17g, outside [%.17g, %.17g]\n", name, i, j, quotient,
                                found.lower[at], found.upper[at]);
                    if (++failures > 20) std::exit(1);
                }
            }
        }
    }
}

template <class Activation>
void check_slopes(const char* name) {
    check_derivatives<network<double, input<2>, dense<3, Activation>, dense<2, Activation>>>(name);
    check_derivatives<network<double, input<2>, activation<Activation>>>(name);
}

void check_all_derivatives() {
    check_slopes<relu>("relu");
    check_slopes<leaky_relu>("leaky_relu");
    check_slopes<relu6>("relu6");
    check_slopes<clip<std::ratio<-1, 100>, std::ratio<1, 100>>>("clip");
    check_slopes<ctnn::tanh>("tanh");
    check_slopes<sigmoid>("sigmoid");
    check_slopes<softplus>("softplus");
    check_slopes<softsign>("softsign");
    check_slopes<silu>("silu");
    check_slopes<gelu>("gelu");
    check_slopes<gelu_tanh>("gelu_tanh");
    check_slopes<elu_with<std::ratio<1, 2>>>("elu_with");
    check_slopes<selu>("selu");
    check_slopes<hard_sigmoid>("hard_sigmoid");
    check_slopes<hard_swish>("hard_swish");
    check_derivatives<network<double, input<2, 12>, conv1d<3, window<3>, relu, same>,
                              conv1d<4, window<2>, stride<2>, ctnn::tanh>, flatten, dense<2>>>("conv1d");
    check_derivatives<
        network<double, input<1, 6, 6>, conv2d<3, window<3>, relu>, max_pool2d<window<2>>, flatten, dense<3>>>(
        "conv2d");
    check_derivatives<
        network<double, input<3, 4>, conv1d_transpose<2, window<3>, stride<2>>, activation<relu>, flatten, dense<2>>>(
        "transposed");
    check_derivatives<network<double, input<2, 2, 3>, conv2d_transpose<2, window<2, 3>, stride<2, 1>>, activation<relu>,
                              flatten, dense<2>>>("transposed images");
    check_derivatives<network<double, input<2, 8>, average_pool1d<window<3>, stride<2>>, activation<relu>,
                              global_average_pool, scale<>>>("pools");
    check_derivatives<network<double, input<4, 3>, batch_norm<relu>, permute<1, 0>, flatten, dense<2>>>("batch_norm");
    check_derivatives<network<double, input<4>, prelu<>, dropout<std::ratio<1, 2>>, dense<2>, prelu<>>>("prelu");
    check_derivatives<network<double, input<3>, sum<branch<>, branch<residual<dense<3, relu>>, dense<3, ctnn::tanh>>>,
                              dense<4, relu>, concatenate<axis<0>, branch<dense<2>>, branch<>>, dense<2>>>("branches");
}

/// y = (x + 2^24) - 2^24. In real numbers y = x, so that 0.4 <= y <= 0.6; in float every y is 0.
void check_absorption() {
    using net = network<float, input<1>, dense<1>, dense<1>>;
    net absorbs{};
    get<0>(absorbs).weights = {1};
    get<0>(absorbs).bias = {0x1p24F};
    get<1>(absorbs).weights = {1};
    get<1>(absorbs).bias = {-0x1p24F};
    std::mt19937_64 engine(1);
    const box<float, shape<1>> inside{{0.4F}, {0.6F}};
    check("absorption", absorbs, inside, 1000, engine);
    const auto found = bounds(absorbs, inside);
    if (!(found.lower[0] <= 0 && absorbs({0.5F})[0] == 0))
        std::printf("absorption: not what it should be\n"), ++failures;
    if (proves(absorbs, inside, output < 0 >> 0.3)) std::printf("absorption: proved what is wrong\n"), ++failures;
}

/// Sums whose order decides: 1 + 1e8 - 1e8 is 1 or 0; in real numbers it is 1.
void check_order() {
    using net = network<float, input<4>, dense<1>>;
    net sums{};
    get<0>(sums).weights = {1e8F, 1, -1e8F, 0x1p-24F};
    std::mt19937_64 engine(2);
    for (const float radius : {0.0F, 0x1p-20F, 0.5F})
        check("order", sums, ball<float, shape<4>>({1, 1, 1, 1}, radius), 1000, engine);
    if (proves(sums, ball<float, shape<4>>({1, 1, 1, 1}, 0), output < 0 >> 0.9))
        std::printf("order: proved\n"), ++failures;
}

/// Products that underflow: in real numbers y > 0.
void check_underflow() {
    using net = network<float, input<2>, dense<2, relu>, dense<1>>;
    net tiny{};
    get<0>(tiny).weights = {1e-30F, 1e-25F, 1e-20F, 3e-39F};
    get<1>(tiny).weights = {1e-5F, 1};
    std::mt19937_64 engine(3);
    for (const float size : {1e-20F, 1e-10F, 1.0F})
        check("underflow", tiny, box<float, shape<2>>{{0, 0}, {size, size}}, 1000, engine);
    if (proves(tiny, box<float, shape<2>>{{1e-20F, 1e-20F}, {1e-19F, 1e-19F}}, output < 0 >> 0))
        std::printf("underflow: proved what is wrong\n"), ++failures;
}

/// Boxes that end at the largest float, where sums overflow: nothing is known.
void check_overflow() {
    using net = network<float, input<2>, dense<2, relu>, dense<1>>;
    net large{};
    get<0>(large).weights = {1, -1, 1, 1};
    get<1>(large).weights = {1, -1};
    constexpr float most = std::numeric_limits<float>::max();
    const box<float, shape<2>> inside{{0, 0}, {most, most}};
    if (proves(large, inside, output<0> < 1e300)) std::printf("overflow: proved\n"), ++failures;
    std::mt19937_64 engine(4);
    check("large", large, box<float, shape<2>>{{0, 0}, {most / 8, most / 8}}, 1000, engine);
}

/// No proof, and no bounds, of what the program computes otherwise than real arithmetic, or `double`, does.
template <class Net, class Property>
void refuse(const char* name, const Net& net, const box<typename Net::value_type, typename Net::input_shape>& inside,
            const Property& wrong) {
    if (proves(net, inside, wrong)) std::printf("%s: proved what is wrong\n", name), ++failures;
    const auto found = bounds(net, inside);
    for (const auto& x : {inside.lower, inside.upper}) {
        const auto y = net(static_cast<const tensor<typename Net::value_type, typename Net::input_shape>&>(x));
        for (std::size_t i = 0; i < Net::output_shape::size; ++i) {
            const double value = static_cast<double>(y[i]);
            // Where a value may overflow nothing is known.
            if (!(found.lower[i] <= value && value <= found.upper[i]) && !std::isnan(value))
                std::printf("%s: %g is outside [%g, %g]\n", name, value, found.lower[i], found.upper[i]), ++failures;
        }
    }
}

void check_overflow_inside() {
    // The sum of an average overflows, and its mean does not.
    using average = network<float, input<1, 4>, average_pool1d<window<4>>>;
    refuse("average", average{}, box<float, shape<1, 4>>::all(0, 1e38F), output<0> < 1.1e38);
    using global = network<float, input<1, 4>, global_average_pool>;
    refuse("global average", global{}, box<float, shape<1, 4>>::all(0, 1e38F), output<0> < 1.1e38);
    // Activations that overflow in float.
    using selu_net = network<float, input<1>, activation<selu>>;
    refuse("selu", selu_net{}, {{0}, {3.39e38F}}, output<0> < 3.57e38);
    using leaky = network<float, input<1>, activation<leaky_relu_with<std::ratio<2>>>>;
    refuse("leaky_relu", leaky{}, {{-2e38F}, {0}}, output<0> > -4.1e38);
    // A factor of batch_norm that is subnormal, or infinite, or not a number.
    using normed = network<float, input<1, 2>, batch_norm<>>;
    normed net{};
    get<0>(net).weights = {3 * std::numeric_limits<float>::denorm_min()};
    get<0>(net).running_variance = {4};
    refuse("subnormal factor", net, box<float, shape<1, 2>>::all(2e37F, 4e37F), output<0> > 0.6 * 4e37 * 0x1p-149);
    get<0>(net).weights = {std::numeric_limits<float>::max() / 4};
    get<0>(net).running_variance = {0};
    refuse("infinite factor", net, box<float, shape<1, 2>>::all(1e-36F, 2e-36F), output<0> > 0);
    get<0>(net).weights = {1};
    get<0>(net).running_variance = {-0.9999e-5F};
    refuse("negative variance", net, box<float, shape<1, 2>>::all(0, 1), output<0> < 31599);
}

/// Networks of double, where the proof's own arithmetic underflows and overflows.
void check_extremes_of_double() {
    constexpr double least = std::numeric_limits<double>::denorm_min();
    using two = network<double, input<1>, dense<1>, dense<1>>;
    two net{};
    get<0>(net).weights = {1e-162};
    get<1>(net).weights = {1e-162};
    refuse("coefficient underflows", net, {{0}, {1e300}}, output<0> < 0.9e-24);
    get<0>(net).weights = {1e200};
    get<1>(net).weights = {1e200};
    refuse("coefficient overflows", net, {{1e-300}, {2e-300}}, output<0> < 1e100);
    using rectified = network<double, input<1>, activation<relu>, dense<1>>;
    rectified small{};
    get<1>(small).weights = {1e300};
    refuse("smallest chord", small, {{-least}, {least}}, output<0> < 3e-24);
    using wide = network<double, input<1>, dense<1, relu>, dense<1>>;
    wide large{};
    get<0>(large).weights = {1.2e308};
    get<1>(large).weights = {1e-10};
    refuse("largest chord", large, {{-1}, {1}}, output<0> < 1e297);
    using one = network<double, input<1>, dense<1>>;
    one scaled{};
    get<0>(scaled).weights = {1e300};
    refuse("smallest box", scaled, {{0}, {least}}, output<0> < 1e-30);
    get<0>(scaled).weights = {1e-10};
    refuse("largest box", scaled, {{1e308}, {1.7e308}}, output<0> > 1e299);
    get<0>(scaled).weights = {1};
    refuse("tiny property", scaled, {{-1e-30}, {-1e-31}}, 1e-300 * output<0> >= 0);
    // Halves of odd subnormal numbers are rounded.
    refuse("odd subnormal point", scaled, {{3 * least}, {3 * least}}, output<0> > 1);
    get<0>(scaled).weights = {1e300};
    refuse("odd subnormal product", scaled, {{3 * least}, {3 * least}}, output<0> < 0);
    get<0>(scaled).weights = {1};
    using hidden = network<double, input<2>, dense<2, relu>, dense<1>>;
    hidden joined{};
    get<0>(joined).weights = {1e300, 0, 0, 1};
    get<0>(joined).bias = {-2e-24, 0};
    get<1>(joined).weights = {1, 1};
    refuse("odd subnormal behind relu", joined, {{least, 0}, {least, 1e-24}}, output<0> < 3.5e-24);
    // Terms that cancel, of subnormal outputs: the exact sum is -2.6e-33, the rounded one is positive.
    using view = network<double, input<3>, activation<relu>>;
    const box<double, shape<3>> subnormal{{13918806 * least, 12469096 * least, 12105762 * least},
                                          {13918806 * least, 12469096 * least, 12105762 * least}};
    refuse("large coefficients", view{}, subnormal,
           0x1.4a5801460e15dp+997 * output<0> + 0x1.92cdbc5d2379p+996 * output<1> - 0x1.25a1e97901167p+998 * output<2> >
               0);
    refuse("unsigned constant", scaled, {{-1}, {1}}, output<0> > 5U);
}

/// Slopes, products and sums of the proof that underflow, overflow, or lie at a kink.
void check_extremes_of_layers() {
    using pole = network<double, input<1>, activation<reciprocal>, dense<1>>;
    pole far{};
    get<1>(far).weights = {1e10};
    const box<double, shape<1>> large{{1.006009e161}, {1.006009001e161}};
    refuse("subnormal slope", far, large, output<0> <= far(large.lower)[0] * (1 - 1e-10));

    using products = network<double, input<1, 2>,
                             matmul<branch<slice<axis<1>, 0, 1>>, branch<slice<axis<1>, 1, 1>, dense<256>>>, dense<1>>;
    const auto many = std::make_unique<products>();
    for (double& bias : get<0, 1, 1>(*many).bias) bias = 2.4e-124;
    for (double& weight : get<1>(*many).weights) weight = 1e-200;
    refuse("many coefficients underflow", *many, {{-1e300, 0}, {1e300, 0}}, output<0> > -5.5e-22);

    using bent = network<float, input<1>, prelu<>>;
    bent infinite{};
    get<0>(infinite).weights = {std::numeric_limits<float>::infinity()};
    refuse("infinite slope", infinite, {{0}, {5}}, output<0> >= -1);

    const auto expect = [](const char* name, bool holds) {
        if (!holds) std::printf("%s: wrong\n", name), ++failures;
    };
    using kinked = network<float, input<2>, residual<activation<relu>, dense<2>>, dense<1>>;
    kinked at_kink{};
    get<0, 1, 1>(at_kink).weights = {-3, 0, 0, 0};
    get<1>(at_kink).weights = {1, 1};
    const box<float, shape<2>> thin{{0, 0.5F}, {0, 1}};
    const auto sides = bound_jacobian(at_kink, thin);
    expect("relu at a kink", lipschitz_bound(at_kink, thin) >= 1 && sides.lower[0] <= -2 && sides.upper[0] >= 1);
    const auto of_point = [](auto net) {
        using net_type = decltype(net);
        return bound_jacobian(net, box<double, typename net_type::input_shape>{});
    };
    const auto leaky = of_point(network<double, input<1>, activation<leaky_relu_with<std::ratio<1, 2>>>>{});
    expect("leaky_relu at its kink", leaky.lower[0] <= 0.5 && leaky.upper[0] >= 1);
    const auto pooled = of_point(network<double, input<1, 2>, global_max_pool>{});
    expect("a maximum of equals",
           pooled.lower[0] <= 0 && pooled.upper[0] >= 1 && pooled.lower[1] <= 0 && pooled.upper[1] >= 1);

    const box<double, shape<1>> tiny{{0}, {1e-300}};
    using three = network<double, input<1>, dense<1>, dense<2>, dense<1>>;
    three steep{};
    get<0>(steep).weights = {1};
    get<1>(steep).weights = {1e200, 1e200};
    get<2>(steep).weights = {1e200, -2e200};
    expect("derivatives that overflow", lipschitz_bound(steep, tiny) > 1e300 && !monotone_in<0>(steep, tiny) &&
                                            !monotone_in<0>(steep, tiny, direction::falling));
    using signed_net = network<double, input<1>, prelu<>, dense<1>>;
    signed_net falls{};
    get<0>(falls).weights = {-1e-200};
    get<1>(falls).weights = {1e-140};
    expect("a derivative that underflows", !monotone_in<0>(falls, {{-2}, {-1}}));
}

/// A counterexample is in the box, and its outputs are one.
void check_counterexamples() {
    constexpr float least = std::numeric_limits<float>::denorm_min();
    using one = network<float, input<1>, dense<1>>;
    one same{};
    get<0>(same).weights = {1};
    const box<float, shape<1>> point{{least}, {least}};
    if (prove(same, point, output < 0 >> 0).outcome == verdict::refuted) std::printf("point: refuted\n"), ++failures;
    using two = network<float, input<1>, dense<2, softmax>>;
    two close{};
    get<0>(close).bias = {1e-5F, 0};
    if (prove_class(close, box<float, shape<1>>{{0}, {1}}, 0).outcome == verdict::refuted)
        std::printf("softmax: refuted\n"), ++failures;
}

}  // namespace

int main() {
    check_activation<relu>("relu");
    check_activation<leaky_relu>("leaky_relu");
    check_activation<relu6>("relu6");
    check_activation<clip<std::ratio<-1>, unbounded>>("clip");
    check_activation<ctnn::tanh>("tanh");
    check_activation<sigmoid>("sigmoid");
    check_activation<softplus>("softplus");
    check_activation<softsign>("softsign");
    check_activation<silu>("silu");
    check_activation<gelu>("gelu");
    check_activation<gelu_tanh>("gelu_tanh");
    check_activation<elu>("elu");
    check_activation<elu_with<std::ratio<1, 2>>>("elu_with");
    check_activation<selu>("selu");
    check_activation<hard_sigmoid>("hard_sigmoid");
    check_activation<hard_swish>("hard_swish");
    check_layers<float>();
    check_layers<double>();
    check_layers_that_are_not_affine<float>();
    check_layers_that_are_not_affine<double>();
    check_layers_alone<float>();
    check_layers_alone<double>();
    check_settled_states();
    check_all_derivatives();
    check_absorption();
    check_order();
    check_underflow();
    check_overflow();
    check_overflow_inside();
    check_extremes_of_double();
    check_extremes_of_layers();
    check_counterexamples();
    std::printf("%llu inputs, %llu difference quotients, %d outside\n", static_cast<unsigned long long>(inputs_tried),
                static_cast<unsigned long long>(quotients_tried), failures);
    return failures == 0 && inputs_tried > 10000000 && quotients_tried > 1000000 ? 0 : 1;
}
