// SPDX-License-Identifier: BSL-1.0
/// @file
/// In a partial batch, memory after the used samples has no effect and is not read: for every kind of layer and every
/// loss. And batch_norm with a single sample.
#define BOOST_TEST_MODULE partial_batches
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <vector>

namespace {

using namespace ctnn;
using core_support::numbers;
using core_support::random_vector;

/// Three of eight samples, in arrays of exactly three (the address sanitizer detects reads past the end), and in arrays
/// where nan and infinity follow: the results have the same bits, and are finite. trainer.cpp and
/// laws/derivative_shapes.cpp check that they are those of a batch of three.
template <class Net, class Loss, class Optimizer = adam>
void check_part(const char* name) {
    using T = typename Net::value_type;
    constexpr std::size_t inputs = Net::input_shape::size, outputs = Net::output_shape::size, used = 3;
    const Net start = initialize<Net>(glorot_uniform{}, 7);
    std::vector<T> x = random_vector<T>(used * inputs, 5), t(used * outputs, T(0));
    if constexpr (takes_symbols_of<layer_t<0, Net>>)
        for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<T>(i % 3);
    for (std::size_t row = 0; row < used * outputs; row += Net::output_shape::last)
        t[row + row % Net::output_shape::last] = 1;

    std::vector<T> longer_x = x, longer_t = t;
    longer_x.resize(8 * inputs, std::numeric_limits<T>::quiet_NaN());
    longer_t.resize(8 * outputs, std::numeric_limits<T>::infinity());
    const auto exact = std::make_unique<trainer<Net, Loss, Optimizer, 8>>(start);
    const auto more = std::make_unique<trainer<Net, Loss, Optimizer, 8>>(start);
    BOOST_TEST(exact->step(x.data(), t.data(), used) == more->step(longer_x.data(), longer_t.data(), used), name);
    BOOST_TEST((exact->network() == more->network()), name);
    BOOST_TEST(exact->backward(x.data(), t.data(), used) == more->backward(longer_x.data(), longer_t.data(), used),
               name);
    exact->update();
    more->update();
    BOOST_TEST((exact->network() == more->network()), name);
    BOOST_TEST((exact->gradient() == more->gradient()), name);
    BOOST_TEST(!(exact->network() == start), name);
    for_each_tensor(
        [&](const auto& parameter) {
            for (const T number : parameter) BOOST_TEST(std::isfinite(number), name);
        },
        exact->network());

    // A step on no samples changes nothing.
    const Net before = exact->network();
    BOOST_TEST(exact->step(x.data(), t.data(), 0) == 0, name);
    BOOST_TEST((exact->network() == before), name);
    BOOST_TEST(exact->backward(x.data(), t.data(), 0) == 0, name);
    for_each_tensor(
        [&](const auto& slope) { BOOST_TEST(near(slope, std::remove_cvref_t<decltype(slope)>{}, T(0)), name); },
        exact->gradient());
    exact->update(0);
    BOOST_TEST((exact->network() == before), name);
}

using batch_of_two = network<double, input<2>, dense<3>, batch_norm<ctnn::tanh>, dense<1>>;

/// A single sample is normalised as outside training, and excluded from the running mean.
constexpr bool a_single_sample_has_no_statistics() {
    const auto start = initialize<batch_of_two>(glorot_uniform{}, 3);
    trainer<batch_of_two, mean_squared_error, sgd, 4> training{start, {.learning_rate = 0.1}};
    const auto x = numbers<double, shape<4, 2>>(1);
    const auto t = numbers<double, shape<4, 1>>(2);
    training.step(x, t);
    const batch_of_two net = training.network();
    const double y = net(tensor<double, shape<2>>{x[0], x[1]})[0];
    const double loss = training.step(x.values, t.values, 1);
    const batch_of_two after = training.network();
    return near(loss, (y - t[0]) * (y - t[0])) && get<1>(after).running_mean == get<1>(net).running_mean &&
           get<1>(after).running_variance == get<1>(net).running_variance &&
           !(get<0>(after).weights == get<0>(net).weights) && !(get<1>(after).weights == get<1>(net).weights);
}

/// Its gradient is that of the network outside training, by central differences.
constexpr bool a_single_sample_has_its_gradient() {
    const auto start = initialize<batch_of_two>(glorot_uniform{}, 3);
    trainer<batch_of_two, mean_squared_error, sgd, 4> training{start};
    const double x[]{0.3, -0.7}, t[]{0.5};
    training.backward(x, t, 1);
    const auto loss_at = [&](double step) {
        batch_of_two net = start;
        get<0>(net).weights[1] += step;
        const double y = net({0.3, -0.7})[0];
        return (y - 0.5) * (y - 0.5);
    };
    return near(get<0>(training.gradient()).weights[1], (loss_at(1e-6) - loss_at(-1e-6)) / 2e-6, 1e-8);
}

/// With a momentum of 1 the running variance is that of the last batch, however small; that of a constant feature is 0.
constexpr bool a_small_variance_is_kept() {
    using net = network<double, input<1>, batch_norm<identity, axis<0>, std::ratio<1>>, dense<1>>;
    trainer<net, mean_squared_error, sgd, 2> training{initialize<net>(glorot_uniform{}, 1)};
    training.step(tensor<double, shape<2, 1>>{-1e-9, 1e-9}, tensor<double, shape<2, 1>>{});
    const double variance = get<0>(training.network()).running_variance[0];
    training.step(tensor<double, shape<2, 1>>{3, 3}, tensor<double, shape<2, 1>>{});
    return near(variance * 1e18, 2.0) && get<0>(training.network()).running_variance[0] == 0;
}

/// y = 2x is learnt in batches, the last of one sample, and the statistics are those of the data.
constexpr bool a_last_batch_of_one_spoils_nothing() {
    using net = network<double, input<1>, batch_norm<>, dense<1>>;
    const tensor<double, shape<5, 1>> x{1, 2, 3, 4, 5}, t{2, 4, 6, 8, 10};
    const auto trained = fit<mean_squared_error, 2>(initialize<net>(glorot_uniform{}, 1), x, t,
                                                    sgd{.learning_rate = 0.02}, {.epochs = 60});
    const double variance = get<0>(trained).running_variance[0];
    return variance > 1 && variance < 5 && evaluate<mean_squared_error>(trained, x, t) < 2;
}

}  // namespace

BOOST_AUTO_TEST_CASE(layers) {
    check_part<network<float, input<6>, dense<5, ctnn::tanh>, batch_norm<relu>, prelu<>, scale<>, layer_norm<>,
                       dense<3, softmax>>,
               cross_entropy, adam>("dense and normalisations");
    check_part<network<double, input<6>, dense<40, gelu>, dense<2, sigmoid>>, binary_cross_entropy, sgd>("sigmoid");
    check_part<network<float, input<3>, dense<4, reciprocal>, dropout<std::ratio<1, 4>>, dense<2>>, huber, rmsprop>(
        "reciprocal, dropout");
    check_part<network<double, input<5, 4>, gru<4>, multi_head_attention<2>, bidirectional<lstm<2>>,
                       simple_rnn<3, last_step>, dense<3, log_softmax>>,
               cross_entropy, sgd>("recurrent, attention");
    check_part<network<float, input<4>, embedding<3, 5>, gru<3, last_step>, dense<2>>, mean_absolute_error, sgd>(
        "embedding");
    check_part<network<float, input<2, 6, 6>, conv2d<3, window<3>, same>, batch_norm<relu>, max_pool2d<window<2>>,
                       average_pool2d<window<2>>, flatten, dense<3>>,
               mean_squared_error, sgd>("images");
    check_part<
        network<double, input<2, 5>, conv1d_transpose<3, window<2>>, residual<batch_norm<ctnn::tanh>>,
                product<branch<>, branch<activation<sigmoid>>>, flatten, sum<branch<dense<2>>, branch<dense<2>>>>,
        mean_squared_error, sgd>("lines, branches");
}

BOOST_AUTO_TEST_CASE(batch_norm_of_one_sample) {
    BOTH_PHASES(a_single_sample_has_no_statistics);
    BOTH_PHASES(a_single_sample_has_its_gradient);
    BOTH_PHASES(a_small_variance_is_kept);
    BOTH_PHASES(a_last_batch_of_one_spoils_nothing);
}
