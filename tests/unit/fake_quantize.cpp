// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
#define BOOST_TEST_MODULE fake_quantize
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"
#include "opaque.hpp"

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace {

using namespace ctnn;
using test_support::opaque;

using net_type = network<float, input<2, 4>, conv1d<3, window<2>, ctnn::tanh>, flatten, dense<4, relu>, dense<2>>;
constexpr net_type start = initialize<net_type>(glorot_uniform{}, 7);
constexpr tensor<float, shape<4, 2, 4>> samples = [] {
    tensor<float, shape<4, 2, 4>> result{};
    random_engine engine{3};
    for (float& x : result) x = draw_uniform<float>(engine) * 2 - 1;
    return result;
}();
constexpr tensor<float, shape<4, 2>> targets{1, 0, -1, 0.5f, 0.25f, 1, 0, -1};

// The nearest of -limit ... limit steps, of which the largest weight of a column is the last.
template <class Weights>
void is_rounded(const Weights& from, const Weights& to, float limit, std::size_t columns) {
    for (std::size_t c = 0; c < columns; ++c) {
        float largest = 0;
        for (std::size_t i = 0; i < from.size(); ++i)
            if (i % columns == c) largest = std::max(largest, std::abs(from[i]));
        for (std::size_t i = 0; i < from.size(); ++i)
            if (i % columns == c) {
                const float step = largest / limit;
                BOOST_TEST(std::abs(to[i] - std::round(from[i] / step) * step) <= 1e-6f * largest);
            }
    }
}

BOOST_AUTO_TEST_CASE(weights_are_rounded_and_biases_are_not) {
    constexpr auto net = fake_quantize<weight_bits<4>>(start);
    static_assert(std::is_same_v<decltype(without_fake_quantize(net)), net_type>);
    constexpr auto rounded = without_fake_quantize(net);
    is_rounded(get<0>(start).weights, get<0>(rounded).weights, 7, 3);
    is_rounded(get<2>(start).weights, get<2>(rounded).weights, 7, 4);
    is_rounded(get<3>(start).weights, get<3>(without_fake_quantize(fake_quantize<weight_bits<2>>(start))).weights, 1,
               2);
    is_rounded(get<3>(start).weights,
               get<3>(without_fake_quantize(fake_quantize<weight_bits<4, per_tensor>>(start))).weights, 7, 1);
    is_rounded(get<3>(start).weights, get<3>(without_fake_quantize(fake_quantize<per_channel>(start))).weights, 127, 2);
    static_assert(get<2>(rounded).bias == get<2>(start).bias && !(get<2>(rounded).weights == get<2>(start).weights));
    // What is rounded stays so.
    BOOST_TEST((without_fake_quantize(fake_quantize<weight_bits<4>>(opaque(start))) == rounded));
    // The parameters that are trained are those of the network, and it computes as the rounded one.
    static_assert(get<2>(net).weights == get<2>(start).weights);
    static_assert(net(samples) == rounded(samples));
    BOOST_TEST((opaque(net)(samples) == rounded(samples)));
}

BOOST_AUTO_TEST_CASE(a_training_step_takes_the_gradient_at_rounded_weights) {
    const auto net = fake_quantize<weight_bits<3>>(start);
    const auto rounded = without_fake_quantize(net);
    trainer<std::remove_const_t<decltype(net)>, mean_squared_error, sgd, 4> here(net, sgd{.learning_rate = 1});
    trainer<net_type, mean_squared_error, sgd, 4> there(rounded, sgd{.learning_rate = 1});
    here.step(samples, targets);
    there.step(samples, targets);
    const auto same_change = [](const auto& now, const auto& before, const auto& now_there, const auto& before_there) {
        for (std::size_t i = 0; i < now.size(); ++i)
            BOOST_TEST(now[i] - before[i] == now_there[i] - before_there[i], boost::test_tools::tolerance(1e-4f));
    };
    same_change(get<0>(here.network()).weights, get<0>(net).weights, get<0>(there.network()).weights,
                get<0>(rounded).weights);
    same_change(get<2>(here.network()).weights, get<2>(net).weights, get<2>(there.network()).weights,
                get<2>(rounded).weights);
    same_change(get<3>(here.network()).bias, get<3>(net).bias, get<3>(there.network()).bias, get<3>(rounded).bias);
}

constexpr double loss_of(const auto& net) {
    return evaluate<mean_squared_error>(net, samples, targets);
}

BOOST_AUTO_TEST_CASE(training_finds_better_weights_of_two_bits) {
    constexpr auto trained =
        fit<mean_squared_error, 4>(start, samples, targets, adam{.learning_rate = 0.05f}, {.epochs = 60});
    constexpr auto train = [](const auto& net) {
        return fit<mean_squared_error, 4>(fake_quantize<weight_bits<2>>(net), samples, targets,
                                          adam{.learning_rate = 0.02f}, {.epochs = 60});
    };
    constexpr auto tuned = train(trained);
    static_assert(loss_of(trained) < 0.01);
    static_assert(loss_of(fake_quantize<weight_bits<2>>(trained)) > 0.1);
    static_assert(loss_of(tuned) < 0.3 * loss_of(fake_quantize<weight_bits<2>>(trained)));
    BOOST_TEST((train(opaque(trained)) == tuned));

    // And quantize finds the integers that were trained: -1, 0 and 1.
    constexpr auto plain = without_fake_quantize(tuned);
    constexpr auto q = quantize<rounding::twice, weight_bits<2>>(plain, calibrate(plain, samples));
    std::size_t differences = 0;
    const auto& weights = boost::hana::at_c<2>(q.layers.layers).weights.weights;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const float w = get<2>(plain).weights[i];
        if (weights[i] != (w > 0 ? 1 : w < 0 ? -1 : 0)) ++differences;
    }
    BOOST_TEST(differences == 0u);
    BOOST_TEST(loss_of(q) < 1.5 * loss_of(tuned) + 0.01);
}

// --- Branches, graphs and streams

BOOST_AUTO_TEST_CASE(branches_and_nodes_are_trained_likewise) {
    using branched = network<float, input<4>, residual<dense<4, ctnn::tanh>, dense<4>>, dense<2>>;
    constexpr auto before = initialize<branched>(glorot_uniform{}, 2);
    constexpr auto net = fake_quantize<weight_bits<3>>(before);
    constexpr auto rounded = without_fake_quantize(net);
    static_assert(std::is_same_v<decltype(without_fake_quantize(net)), branched>);
    static_assert(net({1, -1, 0.5f, 2}) == rounded({1, -1, 0.5f, 2}));
    static_assert(!(net({1, -1, 0.5f, 2}) == before({1, -1, 0.5f, 2})));
    const auto& inner = boost::hana::at_c<1>(boost::hana::at_c<0>(get<0>(rounded).branches));
    const auto& outer = boost::hana::at_c<1>(boost::hana::at_c<0>(get<0>(before).branches));
    is_rounded(outer.weights, inner.weights, 3, 4);

    using wired = network<float, input<4>,
                          graph<node<"hidden", from<"input">, dense<3, relu>>,
                                node<"out", concatenate<from<"hidden">, from<"input">>, dense<2>>>>;
    constexpr auto plain = initialize<wired>(glorot_uniform{}, 4);
    constexpr auto trained = fake_quantize<weight_bits<3>>(plain);
    static_assert(std::is_same_v<decltype(without_fake_quantize(trained)), wired>);
    static_assert(trained({1, -1, 0.5f, 2}) == without_fake_quantize(trained)({1, -1, 0.5f, 2}));
    static_assert(!(trained({1, -1, 0.5f, 2}) == plain({1, -1, 0.5f, 2})));
}

BOOST_AUTO_TEST_CASE(the_network_for_inference_has_the_type_before) {
    using plain = network<float, input<4>, concatenate<branch<dense<3>>, branch<dense<2, relu>>>, dense<2>>;
    using with_axis = network<float, input<4>, concatenate<axis<0>, branch<dense<3>>, branch<>>, dense<2>>;
    static_assert(std::is_same_v<decltype(without_fake_quantize(fake_quantize<per_channel>(plain{}))), plain>);
    static_assert(std::is_same_v<decltype(without_fake_quantize(fake_quantize<per_channel>(with_axis{}))), with_axis>);
}

BOOST_AUTO_TEST_CASE(training_goes_on_with_fewer_bits) {
    static_assert(fake_quantize<weight_bits<2>>(fake_quantize<weight_bits<4>>(start)) ==
                  fake_quantize<weight_bits<2>>(start));
    BOOST_TEST((fake_quantize<weight_bits<2>>(fake_quantize<weight_bits<4>>(opaque(start))) ==
                fake_quantize<weight_bits<2>>(start)));
}

BOOST_AUTO_TEST_CASE(a_weight_that_is_not_a_number_stays_so) {
    auto net = fake_quantize<weight_bits<4>>(start);
    get<2>(net).weights[0] = std::numeric_limits<float>::quiet_NaN();
    const auto y = net(samples);
    BOOST_TEST(std::isnan(y[0]));
    BOOST_TEST(std::isnan(get<2>(without_fake_quantize(net)).weights[0]));
}

BOOST_AUTO_TEST_CASE(streams_have_rounded_weights) {
    using line = network<float, input<2, 5>, conv1d<3, window<3>, causal, ctnn::tanh>, conv1d<1, window<1>>>;
    constexpr auto net = fake_quantize<weight_bits<4>>(initialize<line>(glorot_uniform{}, 5));
    constexpr auto rounded = without_fake_quantize(net);
    stream one(net);
    stream other(rounded);
    for (int step = 0; step < 5; ++step) {
        const float x = 0.3f * static_cast<float>(step) - 0.5f;
        BOOST_TEST((one({x, 1 - x}) == other({x, 1 - x})));
    }
}

// --- Scales

BOOST_AUTO_TEST_CASE(scales_are_powers_of_two_and_zero_points_0) {
    constexpr auto is_power = [](float x) {
        while (x > 1) x /= 2;
        while (x < 1) x *= 2;
        return x == 1;
    };
    constexpr auto ranges = powers_of_two(calibrate(start, samples));
    constexpr auto q = quantize<rounding::once, power_of_two_scales<>, ends_in_integers>(start, ranges);
    static_assert(q.input.zero_point == 0 && q.output.zero_point == 0);
    static_assert(is_power(q.input.scale) && is_power(q.output.scale));
    // A factor is 2^30 and an exponent: the output is the sum, shifted.
    for (const std::int32_t m : boost::hana::at_c<2>(q.layers.layers).factors.multiplier) BOOST_TEST(m == 1 << 30);
    for (const std::int32_t m : boost::hana::at_c<3>(q.layers.layers).factors.multiplier) BOOST_TEST(m == 1 << 30);
    BOOST_TEST((quantize<rounding::once, power_of_two_scales<>, ends_in_integers>(opaque(start), ranges) == q));
    const auto largest_error = [](const auto& integers) {
        float result = 0;
        const auto y = integers(samples), expected = start(samples);
        for (std::size_t i = 0; i < y.size(); ++i) result = std::max(result, std::abs(y[i] - expected[i]));
        return result;
    };
    BOOST_TEST(largest_error(q) < 0.06f);

    constexpr auto s =
        quantize<rounding::twice, per_channel, ends_in_integers>(start, symmetric(calibrate(start, samples)));
    static_assert(s.input.zero_point == 0 && s.output.zero_point == 0);
    BOOST_TEST(largest_error(s) < 0.03f);
    // The least power of two.
    static_assert(power_of_two_above(1) == 1 && power_of_two_above(1.5f) == 2 && power_of_two_above(0.3f) == 0.5f);
    static_assert(power_of_two_above(0.25f) == 0.25f && power_of_two_above(1e-45f) < 1.2e-38f);
    static_assert(power_of_two_above(std::numeric_limits<float>::infinity()) == power_of_two_above(1.5e38f) &&
                  power_of_two_above(3e38f) == power_of_two_above(1.5e38f));
}

BOOST_AUTO_TEST_CASE(a_scale_is_never_0) {
    // The first column would have 1e-44 / 127, which is 0 in float.
    constexpr float tiny[]{1e-44f, 1, -1e-44f, -2};
    constexpr weight_scales<2, per_channel> scales(tiny, 4);
    static_assert(scales.scale[0] == scales.scale[1] && scales.nearest(tiny[0], 0) == 0);
    constexpr double all_tiny[]{1e-300, -1e-300};
    static_assert(weight_scales<2, per_tensor>(all_tiny, 2).scale[0] > 0);
}

}  // namespace
