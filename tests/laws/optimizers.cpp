// SPDX-License-Identifier: BSL-1.0
/// @file
/// A learning rate of 0 changes nothing, nor does a gradient of 0 that nothing is added to.
#define BOOST_TEST_MODULE optimizers
#include "laws/support.hpp"

#include <vector>

/// Below and above the size up to which steps are straight-line code.
using small_net = ctnn::network<double, ctnn::input<2>, ctnn::dense<3, ctnn::tanh>, ctnn::dense<2>>;
using large_net = ctnn::network<float, ctnn::input<7>, ctnn::dense<19, ctnn::relu, ctnn::no_bias>, ctnn::dense<3>>;

/// What else an optimiser can be told, as far as it has it.
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
    // The same trainer does move when it may: the test does not pass because nothing works.
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
