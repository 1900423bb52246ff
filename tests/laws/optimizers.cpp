// SPDX-License-Identifier: BSL-1.0
/// @file
/// A learning rate of 0 changes nothing, nor does a gradient of 0 without weight decay.
#define BOOST_TEST_MODULE optimizers
#include "laws/support.hpp"

#include <vector>

/// Below and above the size limit for straight-line steps.
using small_net = ctnn::network<double, ctnn::input<2>, ctnn::dense<3, ctnn::tanh>, ctnn::dense<2>>;
using large_net = ctnn::network<float, ctnn::input<7>, ctnn::dense<19, ctnn::relu, ctnn::no_bias>, ctnn::dense<3>>;

/// Other settings of an optimiser, as far as it has them.
template <class Optimizer>
std::vector<Optimizer> settings() {
    std::vector<Optimizer> result{Optimizer{}};
    Optimizer changed{};
    changed.weight_decay = 0.1;
    result.push_back(changed);
    if constexpr (requires { changed.momentum; }) {
        changed.momentum = 0.9;
        result.push_back(changed);
        changed.nesterov = true;
        result.push_back(changed);
    }
    return result;
}

template <class Net>
using problem = laws::problem<Net, ctnn::mean_squared_error, 2>;

template <class Net, class Optimizer>
void check_rate_of_zero(Optimizer optimizer, double rate, typename Net::value_type factor) {
    const problem<Net> at{laws::unknown(1)};
    optimizer.learning_rate = rate;
    ctnn::trainer<Net, ctnn::mean_squared_error, Optimizer, 2> trainer{at.net, optimizer};
    for (int step = 0; step < 3; ++step) {
        BOOST_TEST(trainer.backward(at.x.data(), at.t.data()) > 0);
        trainer.update(factor);
    }
    BOOST_TEST((trainer.network() == at.net));
    BOOST_TEST(!(trainer.gradient() == Net{}));
    // With a learning rate the trainer does move: the test does not pass because nothing works.
    optimizer.learning_rate = 0.1;
    ctnn::trainer<Net, ctnn::mean_squared_error, Optimizer, 2> moving{at.net, optimizer};
    moving.step(at.x, at.t);
    BOOST_TEST(!(moving.network() == at.net));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(learning_rate_of_zero_changes_nothing, Optimizer, laws::optimizers) {
    for (const Optimizer& optimizer : settings<Optimizer>()) {
        check_rate_of_zero<small_net>(optimizer, 0, 1);
        check_rate_of_zero<large_net>(optimizer, 0, 1);
        check_rate_of_zero<small_net>(optimizer, 0.1, 0);
        check_rate_of_zero<large_net>(optimizer, 0.1, 0);
    }
}

template <class Net, class Optimizer>
void check_gradient_of_zero(const Optimizer& optimizer) {
    const problem<Net> at{laws::unknown(2)};
    ctnn::trainer<Net, ctnn::mean_squared_error, Optimizer, 2> trainer{at.net, optimizer};
    trainer.gradient() = Net{};
    for (int step = 0; step < 3; ++step) trainer.update();
    BOOST_TEST((trainer.network() == at.net));
}

BOOST_AUTO_TEST_CASE(gradient_of_zero_changes_nothing) {
    check_gradient_of_zero<small_net>(ctnn::sgd{.learning_rate = 0.5});
    check_gradient_of_zero<large_net>(ctnn::sgd{.learning_rate = 0.5});
    check_gradient_of_zero<small_net>(ctnn::sgd{.learning_rate = 0.5, .momentum = 0.9});
    check_gradient_of_zero<large_net>(ctnn::sgd{.learning_rate = 0.5, .momentum = 0.9, .nesterov = true});
    check_gradient_of_zero<small_net>(ctnn::rmsprop{});
    check_gradient_of_zero<small_net>(ctnn::adam{});
    check_gradient_of_zero<small_net>(ctnn::adamw{.weight_decay = 0});
}

/// The weight after twenty equal gradients, starting from 0.
template <class T, class Optimizer>
constexpr T moved(Optimizer optimizer, T gradient) {
    using net = ctnn::network<T, ctnn::input<1>, ctnn::dense<1, ctnn::identity, ctnn::no_bias>>;
    ctnn::trainer<net, ctnn::mean_squared_error, Optimizer> trainer{net{}, optimizer};
    for (int step = 0; step < 20; ++step) {
        ctnn::get<0>(trainer.gradient()).weights[0] = gradient;
        trainer.update();
    }
    return ctnn::get<0>(trainer.network()).weights[0];
}
constexpr bool about(double value, double expected) {
    const double distance = value - expected;
    return -1e-4 < distance && distance < 1e-4;
}

/// Adam divides by the root of the mean square and epsilon: with gradients of ten times epsilon, each step is 10/11 of
/// the rate, also where the squares are near the smallest normal values. Expected values from 40-digit arithmetic.
template <class T>
constexpr bool small_gradients_count(T gradient) {
    const double epsilon = static_cast<double>(gradient) / 10;
    return about(moved<T>(ctnn::adam{.learning_rate = 0.01, .epsilon = epsilon}, gradient), -0.181818) &&
           about(moved<T>(ctnn::adamw{.learning_rate = 0.01, .epsilon = epsilon, .weight_decay = 0}, gradient),
                 -0.181818) &&
           about(moved<T>(ctnn::rmsprop{.learning_rate = 0.01, .epsilon = epsilon}, gradient), -0.536316) &&
           about(moved<T>(ctnn::rmsprop{.learning_rate = 0.01, .smoothing = 0, .epsilon = epsilon}, gradient),
                 -0.181818) &&
           about(moved<T>(ctnn::sgd{.learning_rate = 0.01 / static_cast<double>(gradient)}, gradient), -0.2) &&
           about(moved<T>(ctnn::sgd{.learning_rate = 0.01 / static_cast<double>(gradient), .momentum = 0.5}, gradient),
                 -0.38);
}
static_assert(small_gradients_count<float>(1e-14f) && small_gradients_count<float>(1e-16f));
static_assert(small_gradients_count<double>(1e-14) && small_gradients_count<double>(1e-150));

BOOST_AUTO_TEST_CASE(small_gradients) {
    BOOST_TEST(small_gradients_count<float>(laws::unknown(1e-14f)));
    BOOST_TEST(small_gradients_count<float>(laws::unknown(1e-16f)));
    BOOST_TEST(small_gradients_count<double>(laws::unknown(1e-14)));
    BOOST_TEST(small_gradients_count<double>(laws::unknown(1e-150)));
}

/// With zero gradients, the moments end at 0 or at normal values, never at subnormals, which are slow to compute with.
template <class T, class Optimizer>
constexpr bool moments_fade(Optimizer optimizer, int steps) {
    using rule_maker = decltype(optimizer.template start<T>());
    rule_maker stepper = optimizer.template start<T>();
    T weight = 0, first = T(1e-3), second = T(1e-3);
    for (int step = 0; step < steps; ++step) {
        const auto rule = stepper.next(T(1));
        if constexpr (Optimizer::moments == 2)
            rule(T(0), weight, first, second);
        else
            rule(T(0), weight, first);
    }
    const auto is_fast = [](T value) { return value == 0 || value >= std::numeric_limits<T>::min(); };
    // The products with a learning rate, and with a coefficient of at least a half.
    const T by_rate = Optimizer::moments == 2 || requires { optimizer.momentum; } ? T(1e-3) : T(0.5);
    return is_fast(first) && is_fast(second) && is_fast(first * by_rate) && is_fast(second * T(0.5));
}
BOOST_AUTO_TEST_CASE(moments_without_news) {
    const int steps = static_cast<int>(laws::unknown(400000));
    BOOST_TEST((moments_fade<float>(ctnn::adam{}, steps)));
    BOOST_TEST((moments_fade<float>(ctnn::rmsprop{}, steps)));
    BOOST_TEST((moments_fade<float>(ctnn::rmsprop{.smoothing = 0.5}, steps)));
    BOOST_TEST((moments_fade<float>(ctnn::sgd{.momentum = 0.9}, steps)));
    BOOST_TEST((moments_fade<double>(ctnn::adam{}, steps)));
    BOOST_TEST((moments_fade<double>(ctnn::rmsprop{}, steps)));
}
