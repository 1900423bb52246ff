// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE fit
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

using core_support::numbers;

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<3, ctnn::tanh>, ctnn::dense<2, ctnn::softmax>>;
constexpr net_type start = ctnn::initialize<net_type>(ctnn::glorot_uniform{}, 3);
constexpr ctnn::tensor<double, ctnn::shape<5, 2>> inputs{0, 0, 0, 1, 1, 0, 1, 1, 0.5, 0.2};
constexpr ctnn::tensor<std::uint8_t, ctnn::shape<5>> labels{0, 1, 1, 0, 0};
constexpr ctnn::tensor<double, ctnn::shape<5, 2>> one_hot{1, 0, 0, 1, 0, 1, 1, 0, 1, 0};
constexpr ctnn::sgd descent{.learning_rate = 0.1};

template <std::size_t Batch = 2, class Targets = ctnn::tensor<std::uint8_t, ctnn::shape<5>>>
constexpr auto train(std::uint64_t seed, std::size_t epochs, const Targets& targets = labels) {
    return ctnn::fit<ctnn::cross_entropy, Batch>(start, inputs, targets, descent, {.epochs = epochs, .seed = seed});
}

constexpr bool seed_decides() {
    const net_type first = train(1, 3), again = train(1, 3), other = train(2, 3);
    return first == again && !(first == other);
}
constexpr bool labels_are_one_hot_targets() {
    const net_type by_labels = train<2>(1, 2), by_targets = train<2>(1, 2, one_hot);
    return by_labels == by_targets;
}
constexpr bool no_epochs_change_nothing() {
    const auto trained = train(1, 0);
    return static_cast<const net_type&>(trained) == start && trained.history.epochs == 0 &&
           trained.history.count == 0 && !trained.history.stopped_early;
}

/// Without shuffling, fit does what the documentation says: batches in order, the last one partial.
template <std::size_t Batch>
constexpr bool is_a_row_of_steps() {
    const auto fitted =
        ctnn::fit<ctnn::cross_entropy, Batch>(start, inputs, one_hot, descent, {.epochs = 2, .shuffle = false});
    ctnn::trainer<net_type, ctnn::cross_entropy, ctnn::sgd, Batch> training{start, descent};
    double losses[2]{};
    for (double& total : losses) {
        for (std::size_t first = 0; first < 5; first += Batch) {
            const std::size_t used = 5 - first < Batch ? 5 - first : Batch;
            double x[2 * Batch]{}, t[2 * Batch]{};
            for (std::size_t i = 0; i < 2 * used; ++i) {
                x[i] = inputs[2 * first + i];
                t[i] = one_hot[2 * first + i];
            }
            total += training.backward(x, t, used) * static_cast<double>(used);
            training.update();
        }
        total /= 5;
    }
    return static_cast<const net_type&>(fitted) == training.network() && fitted.history.loss[0] == losses[0] &&
           fitted.history.loss[1] == losses[1] && fitted.history.epochs == 2;
}

/// Counts its reports, and stops when requested.
struct counter {
    std::size_t steps = 0, epochs = 0;
    std::size_t stop_after_steps = 1000, stop_after_epochs = 1000;
    bool consistent = true;

    constexpr bool step(const ctnn::step_report& report) {
        consistent = consistent && report.steps == 3 && report.step == steps % 3 && report.epoch == steps / 3;
        return ++steps < stop_after_steps;
    }
    constexpr bool epoch(const ctnn::epoch_report& report) {
        consistent = consistent && report.epoch == epochs && report.epochs == 4 && report.samples == 5 &&
                     !report.has_validation && report.loss > 0;
        return ++epochs < stop_after_epochs;
    }
};

template <class Callback>
constexpr auto train_with(Callback& callback) {
    return ctnn::fit<ctnn::cross_entropy, 2>(start, inputs, labels, descent, {.epochs = 4, .shuffle = false}, callback);
}

constexpr bool callbacks_are_told() {
    counter all{};
    const auto trained = train_with(all);
    return all.consistent && all.steps == 12 && all.epochs == 4 && !trained.history.stopped_early;
}
constexpr bool callbacks_stop() {
    counter by_epoch{.stop_after_epochs = 2}, by_step{.stop_after_steps = 4};
    const auto first = train_with(by_epoch), second = train_with(by_step);
    const bool epochs_right =
        by_epoch.epochs == 2 && by_epoch.steps == 6 && first.history.epochs == 2 && first.history.stopped_early;
    return epochs_right && by_step.steps == 4 && second.history.stopped_early;
}
/// The loss of an epoch that a callback stopped early is the mean over the samples seen.
constexpr bool cut_epoch_has_the_mean_of_its_samples() {
    counter cut{.stop_after_steps = 1};
    const auto trained = train_with(cut);
    ctnn::trainer<net_type, ctnn::cross_entropy, ctnn::sgd, 2> training{start, descent};
    const double first_loss = training.backward(inputs.values, one_hot.values);
    return ctnn::near(trained.history.loss[0], first_loss);
}

/// More epochs than entries: every second one is kept.
constexpr bool long_histories_are_thinned() {
    const auto all = ctnn::fit<ctnn::cross_entropy, 8, 8>(start, inputs, labels, descent, {.epochs = 7});
    const auto some = ctnn::fit<ctnn::cross_entropy, 8, 4>(start, inputs, labels, descent, {.epochs = 7});
    bool right = all.history.stride == 1 && all.history.count == 7 && some.history.stride == 2 &&
                 some.history.count == 4 && some.history.epochs == 7;
    for (std::size_t i = 0; i < 4; ++i) right = right && some.history.loss[i] == all.history.loss[2 * i];
    return right && static_cast<const net_type&>(all) == static_cast<const net_type&>(some);
}

/// Validation labels that contradict the training: its loss is best after the first epoch.
constexpr bool early_stopping_restores_the_best() {
    const ctnn::tensor<std::uint8_t, ctnn::shape<5>> contrary{1, 1, 0, 1, 1};
    const auto stopped = ctnn::fit<ctnn::cross_entropy, 8>(
        start, inputs, labels, ctnn::sgd{.learning_rate = 1},
        {.epochs = 20, .shuffle = false, .validation_inputs = inputs, .validation_targets = contrary, .patience = 3});
    const auto best = ctnn::fit<ctnn::cross_entropy, 8>(start, inputs, labels, ctnn::sgd{.learning_rate = 1},
                                                        {.epochs = stopped.history.best_epoch + 1, .shuffle = false});
    return stopped.history.stopped_early && stopped.history.epochs == stopped.history.best_epoch + 4 &&
           stopped.history.epochs < 20 &&
           stopped.history.validation_loss[stopped.history.best_epoch] ==
               ctnn::evaluate<ctnn::cross_entropy>(stopped, inputs, contrary) &&
           static_cast<const net_type&>(stopped) == static_cast<const net_type&>(best);
}

/// One full-batch step of gradient descent moves the parameters by rate times gradient, so its length shows the clipping.
template <class Measure>
constexpr bool step_is_clipped(double clip_value, double clip_norm, double wanted, Measure measure) {
    const auto moved = ctnn::fit<ctnn::cross_entropy, 8>(start, inputs, labels, ctnn::sgd{.learning_rate = 1},
                                                         {.clip_value = clip_value, .clip_norm = clip_norm});
    net_type difference = moved;
    ctnn::for_each_tensor(
        [](auto& now, const auto& before) {
            for (std::size_t i = 0; i < now.size(); ++i) now[i] -= before[i];
        },
        difference, start);
    return ctnn::near(measure(difference), wanted);
}
constexpr double largest_of(const net_type& net) {
    double largest = 0;
    ctnn::for_each_tensor(
        [&](const auto& parameter) {
            for (const double element : parameter) {
                const double size = element < 0 ? -element : element;
                largest = size > largest ? size : largest;
            }
        },
        net);
    return largest;
}
constexpr double norm_of(const net_type& net) {
    return ctnn::norm(net);
}
constexpr bool gradients_are_clipped() {
    return step_is_clipped(0.001, 0, 0.001, largest_of) && step_is_clipped(0, 0.01, 0.01, norm_of) &&
           !step_is_clipped(1e9, 1e9, 0.01, norm_of);
}

/// The first step of a warm-up from 0 does nothing; after a decay to 0 later epochs have no effect.
constexpr bool schedules_are_followed() {
    const auto warming = ctnn::fit<ctnn::cross_entropy, 8>(start, inputs, labels, descent,
                                                           {.schedule = ctnn::constant_rate().after_warm_up(1)});
    const auto decayed = ctnn::fit<ctnn::cross_entropy, 8>(
        start, inputs, labels, descent, {.epochs = 4, .shuffle = false, .schedule = ctnn::step_decay(1, 0)});
    const auto once = ctnn::fit<ctnn::cross_entropy, 8>(start, inputs, labels, descent, {.shuffle = false});
    return static_cast<const net_type&>(warming) == start &&
           static_cast<const net_type&>(decayed) == static_cast<const net_type&>(once);
}

}  // namespace

BOOST_AUTO_TEST_CASE(order) {
    BOTH_PHASES(seed_decides);
    BOTH_PHASES(labels_are_one_hot_targets);
    BOTH_PHASES(no_epochs_change_nothing);
    BOTH_PHASES(is_a_row_of_steps<2>);
    BOTH_PHASES(is_a_row_of_steps<8>);
}

BOOST_AUTO_TEST_CASE(callbacks) {
    BOTH_PHASES(callbacks_are_told);
    BOTH_PHASES(callbacks_stop);
    BOTH_PHASES(cut_epoch_has_the_mean_of_its_samples);
}

BOOST_AUTO_TEST_CASE(history_and_early_stopping) {
    BOTH_PHASES(long_histories_are_thinned);
    BOTH_PHASES(early_stopping_restores_the_best);
}

BOOST_AUTO_TEST_CASE(clipping_and_schedules) {
    BOTH_PHASES(gradients_are_clipped);
    BOTH_PHASES(schedules_are_followed);
}

BOOST_AUTO_TEST_CASE(views_train_as_tensors_do) {
    const std::vector<double> x(inputs.begin(), inputs.end());
    const std::vector<std::uint8_t> t(labels.begin(), labels.end());
    const ctnn::samples<double, ctnn::shape<2>> x_view{x.data(), 5};
    const ctnn::samples<std::uint8_t, ctnn::shape<>> t_view{t.data(), 5};
    const net_type by_tensors = train<2>(7, 4);
    const net_type by_views =
        ctnn::fit<ctnn::cross_entropy, 2>(start, x_view, t_view, descent, {.epochs = 4, .seed = 7});
    BOOST_TEST((by_tensors == by_views));

    // Values of another type are converted; a single sample of the network's own type is read in place.
    const std::vector<float> narrow(inputs.begin(), inputs.end());
    const auto by_floats = ctnn::fit<ctnn::cross_entropy>(start, ctnn::samples<float, ctnn::shape<2>>{narrow.data(), 5},
                                                          t_view, descent, {.epochs = 30, .seed = 7});
    const auto by_doubles = ctnn::fit<ctnn::cross_entropy>(start, x_view, t_view, descent, {.epochs = 30, .seed = 7});
    BOOST_TEST(ctnn::near(by_floats({1, 0}), by_doubles({1, 0}), 1e-5));
}

/// A trainer of 12 MB, where the stack has 8: for views, it is allocated on the heap.
BOOST_AUTO_TEST_CASE(long_sequences_do_not_fill_the_stack) {
    using net = ctnn::network<float, ctnn::input<2048, 1>, ctnn::lstm<16>, ctnn::dense<1>>;
    static_assert(sizeof(ctnn::trainer<net, ctnn::mean_squared_error, ctnn::sgd, 8>) > 8u << 20);
    const std::vector<float> x(2048, 0.5f), t(2048, 0.25f);
    const auto trained = ctnn::fit<ctnn::mean_squared_error, 8>(
        ctnn::initialize<net>(ctnn::glorot_uniform{}, 1), ctnn::samples<float, ctnn::shape<2048, 1>>{x.data(), 1},
        ctnn::samples<float, ctnn::shape<2048, 1>>{t.data(), 1}, ctnn::sgd{});
    BOOST_TEST(std::isfinite(trained.history.loss[0]));
}

BOOST_AUTO_TEST_CASE(learns) {
    const auto trained = ctnn::fit<ctnn::cross_entropy>(start, inputs, labels, ctnn::adam{.learning_rate = 0.05},
                                                        {.epochs = 400, .seed = 1});
    BOOST_TEST(ctnn::accuracy(trained, inputs, labels) == 1);
    BOOST_TEST(trained.history.loss[trained.history.count - 1] < 0.1 * trained.history.loss[0]);
}

BOOST_AUTO_TEST_CASE(a_loss_may_have_values) {
    using line = ctnn::network<double, ctnn::input<1>, ctnn::dense<1>>;
    constexpr ctnn::tensor<double, ctnn::shape<3, 1>> x{1, 2, 3}, y{3, 5, 7};
    // For errors far below delta, the Huber loss is half the squared error; far above, its gradients have equal
    // magnitude.
    const line squares = ctnn::fit<ctnn::mean_squared_error>(line{}, x, y, ctnn::sgd{.learning_rate = 0.01});
    const line wide = ctnn::fit<ctnn::huber>(line{}, x, y, ctnn::sgd{.learning_rate = 0.02}, {}, ctnn::no_callback{},
                                             ctnn::huber{.delta = 1e6});
    const line narrow = ctnn::fit<ctnn::huber>(line{}, x, y, ctnn::sgd{.learning_rate = 0.02}, {}, ctnn::no_callback{},
                                               ctnn::huber{.delta = 0.5});
    BOOST_TEST(ctnn::near(wide({2}), squares({2})));
    BOOST_TEST(ctnn::near(ctnn::get<0>(narrow).bias[0], 3 * 0.02 * 0.5));
}
