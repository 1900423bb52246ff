// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE trainer
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>

#include <cstddef>
#include <type_traits>

namespace {

using core_support::numbers;

using net_type = ctnn::network<double, ctnn::input<3>, ctnn::dense<5, ctnn::tanh>, ctnn::dense<2, ctnn::sigmoid>>;
constexpr net_type start = ctnn::initialize<net_type>(ctnn::glorot_uniform{}, 1);
constexpr auto x = numbers<double, ctnn::shape<4, 3>>(2);
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> t{0, 1, 1, 0, 0, 0, 1, 1};

template <class Optimizer, std::size_t Batch = 4>
using trainer_of = ctnn::trainer<net_type, ctnn::binary_cross_entropy, Optimizer, Batch>;

/// Layers that are neither tiny nor large.
using medium_type = ctnn::network<double, ctnn::input<3>, ctnn::dense<48, ctnn::tanh>, ctnn::dense<2, ctnn::sigmoid>>;
/// A network whose `step` keeps the gradient.
using keeping_type = ctnn::network<double, ctnn::input<3>, ctnn::sum<ctnn::branch<ctnn::dense<2>>>,
                                   ctnn::activation<ctnn::sigmoid>>;

template <class Net>
constexpr bool a_step_is_backward_and_update() {
    using training_type = ctnn::trainer<Net, ctnn::binary_cross_entropy, ctnn::adam, 4>;
    static_assert(training_type::keeps_gradient == std::is_same_v<Net, keeping_type>);
    const auto begin = ctnn::initialize<Net>(ctnn::glorot_uniform{}, 1);
    training_type whole{begin}, halves{begin};
    for (int i = 0; i < 3; ++i) {
        const double loss = whole.step(x, t);
        if (loss != halves.backward(x.values, t.values)) return false;
        halves.update();
    }
    return whole.network() == halves.network() &&
           (!training_type::keeps_gradient || whole.gradient() == halves.gradient());
}

constexpr bool backward_changes_no_parameter() {
    trainer_of<ctnn::sgd> training{start};
    training.backward(x.values, t.values);
    return training.network() == start && !(training.gradient() == net_type{});
}

constexpr bool loss_is_that_of_evaluate() {
    trainer_of<ctnn::sgd> training{start};
    return ctnn::near(training.step(x, t), ctnn::evaluate<ctnn::binary_cross_entropy>(start, x, t));
}

/// Plain gradient descent by hand, w - rate * gradient, with a factor on the rate.
constexpr bool update_descends() {
    trainer_of<ctnn::sgd> training{start, {.learning_rate = 0.5}};
    training.backward(x.values, t.values);
    training.update(0.5);
    bool right = true;
    ctnn::for_each_tensor(
        [&](const auto& now, const auto& before, const auto& slope) {
            for (std::size_t i = 0; i < now.size(); ++i) right = right && ctnn::near(now[i], before[i] - 0.25 * slope[i]);
        },
        training.network(), start, static_cast<const trainer_of<ctnn::sgd>&>(training).gradient());
    return right;
}

/// The update uses a changed gradient: with a zero gradient nothing changes.
constexpr bool gradient_may_be_changed() {
    trainer_of<ctnn::sgd> training{start};
    training.backward(x.values, t.values);
    training.gradient() = net_type{};
    training.update();
    return training.network() == start;
}

/// A batch of four with the first three used gives the same as a batch of three, whatever the fourth is.
constexpr bool a_part_of_a_batch() {
    trainer_of<ctnn::sgd, 4> part{start};
    trainer_of<ctnn::sgd, 3> whole{start};
    auto rubbish = x;
    for (std::size_t i = 9; i < 12; ++i) rubbish[i] = 1e6;
    const double part_loss = part.backward(rubbish.values, t.values, 3), whole_loss = whole.backward(x.values, t.values);
    bool right = ctnn::near(part_loss, whole_loss);
    ctnn::for_each_tensor([&](const auto& a, const auto& b) { right = right && ctnn::near(a, b); },
                          part.gradient(), whole.gradient());
    return right;
}

constexpr bool one_sample_without_the_one() {
    trainer_of<ctnn::sgd, 1> with{start}, without{start};
    const double first = with.step(ctnn::tensor<double, ctnn::shape<1, 3>>{1, 2, 3}, ctnn::tensor<double, ctnn::shape<1, 2>>{1, 0});
    const double second = without.step(ctnn::tensor<double, ctnn::shape<3>>{1, 2, 3}, ctnn::tensor<double, ctnn::shape<2>>{1, 0});
    return first == second && with.network() == without.network();
}

/// A layer whose rows are processed in groups, the last one smaller.
using large = ctnn::network<double, ctnn::input<69>, ctnn::dense<31, ctnn::relu>, ctnn::dense<3, ctnn::softmax, ctnn::no_bias>>;

template <class Optimizer>
constexpr bool a_large_step_is_backward_and_update(const Optimizer& optimizer) {
    using training_type = ctnn::trainer<large, ctnn::cross_entropy, Optimizer, 2>;
    static_assert(!training_type::keeps_gradient);
    const auto begin = ctnn::initialize<large>(ctnn::he_uniform{}, 6);
    const auto inputs = numbers<double, ctnn::shape<2, 69>>(7);
    const ctnn::tensor<double, ctnn::shape<2, 3>> targets{0, 1, 0, 0, 0, 1};
    training_type whole{begin, optimizer}, halves{begin, optimizer};
    const double loss = whole.step(inputs.values, targets.values, 2, 0.5);
    const double same_loss = halves.backward(inputs.values, targets.values);
    halves.update(0.5);
    return loss == same_loss && whole.network() == halves.network() && !(whole.network() == begin);
}
constexpr bool large_sgd() { return a_large_step_is_backward_and_update(ctnn::sgd{.weight_decay = 0.1}); }
constexpr bool large_momentum() { return a_large_step_is_backward_and_update(ctnn::sgd{.momentum = 0.9}); }
constexpr bool large_adam() { return a_large_step_is_backward_and_update(ctnn::adam{}); }

/// In place, a step computes the same and keeps less: neither the gradient nor, for `sgd`, the velocity.
template <class Net, class Optimizer>
constexpr bool in_place_is_the_same(const Optimizer& optimizer) {
    using training_type = ctnn::trainer<Net, ctnn::binary_cross_entropy, Optimizer, 4>;
    using small_type = ctnn::trainer<Net, ctnn::binary_cross_entropy, Optimizer, 4, ctnn::in_place>;
    constexpr std::size_t left_out = std::is_same_v<Optimizer, ctnn::sgd> ? 2 : 1;
    static_assert(sizeof(small_type) <= sizeof(training_type) - left_out * sizeof(Net) + 64);
    static_assert(!small_type::stores_gradient && training_type::stores_gradient);
    static_assert(!requires(small_type & training) { training.gradient(); } &&
                  !requires(small_type & training) { training.update(); });
    const auto begin = ctnn::initialize<Net>(ctnn::glorot_uniform{}, 1);
    training_type whole{begin, optimizer};
    small_type small{begin, optimizer};
    for (int i = 0; i < 3; ++i)
        if (whole.step(x, t) != small.step(x, t)) return false;
    return whole.step(x.values, t.values, 3, 0.5) == small.step(x.values, t.values, 3, 0.5) &&
           whole.network() == small.network() && !(small.network() == begin);
}
constexpr bool in_place_sgd() {
    return in_place_is_the_same<medium_type>(ctnn::sgd{.learning_rate = 0.1, .weight_decay = 0.1});
}
constexpr bool in_place_adam() { return in_place_is_the_same<medium_type>(ctnn::adam{}); }

template <class Net, class Loss, class Optimizer, std::size_t Batch>
void check_learning(const char* name, double rate) {
    using T = typename Net::value_type;
    ctnn::trainer<Net, Loss, Optimizer, Batch> training{ctnn::initialize<Net>(ctnn::glorot_uniform{}, 4),
                                                        Optimizer{.learning_rate = rate}};
    const auto inputs = numbers<T, ctnn::batch_of<Batch, typename Net::input_shape>>(5);
    ctnn::tensor<T, ctnn::batch_of<Batch, typename Net::output_shape>> targets{};
    for (std::size_t row = 0; row < Batch; ++row) targets[row * Net::output_shape::size + row % Net::output_shape::size] = 1;
    const T first = training.step(inputs, targets);
    T last{};
    for (int i = 0; i < 60; ++i) last = training.step(inputs, targets);
    BOOST_TEST(last < first, name << ": " << first << " to " << last);
    BOOST_TEST(last > 0);
}

}  // namespace

BOOST_AUTO_TEST_CASE(steps) {
    BOTH_PHASES(a_step_is_backward_and_update<net_type>);
    BOTH_PHASES(a_step_is_backward_and_update<medium_type>);
    BOTH_PHASES(a_step_is_backward_and_update<keeping_type>);
    BOTH_PHASES(backward_changes_no_parameter);
    BOTH_PHASES(loss_is_that_of_evaluate);
    BOTH_PHASES(update_descends);
    BOTH_PHASES(gradient_may_be_changed);
    BOTH_PHASES(a_part_of_a_batch);
    BOTH_PHASES(one_sample_without_the_one);
}

BOOST_AUTO_TEST_CASE(large_steps) {
    BOTH_PHASES(large_sgd);
    BOTH_PHASES(large_momentum);
    BOTH_PHASES(large_adam);
}

BOOST_AUTO_TEST_CASE(in_place) {
    BOTH_PHASES(in_place_sgd);
    BOTH_PHASES(in_place_adam);
}

BOOST_AUTO_TEST_CASE(steps_lower_the_loss) {
    using small = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<2, ctnn::softmax>>;
    using medium = ctnn::network<float, ctnn::input<9>, ctnn::dense<17, ctnn::relu>, ctnn::dense<5, ctnn::softmax>>;
    using linear = ctnn::network<float, ctnn::input<5>, ctnn::dense<9, ctnn::gelu>, ctnn::dense<3>>;
    check_learning<small, ctnn::cross_entropy, ctnn::sgd, 3>("small, sgd", 0.1);
    check_learning<medium, ctnn::cross_entropy, ctnn::adam, 4>("medium, adam", 0.001);
    check_learning<linear, ctnn::mean_squared_error, ctnn::rmsprop, 3>("linear, rmsprop", 0.001);
}
