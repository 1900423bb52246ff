// SPDX-License-Identifier: BSL-1.0
/// @file
/// `fit` with bad values: nan, overflow, meaningless labels and options; its history; its callbacks; and its stack
/// usage.
#define BOOST_TEST_MODULE fit_values
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#if defined(__unix__)
#include <pthread.h>
#endif

namespace {

using namespace ctnn;
using core_support::numbers;

using line = network<float, input<1>, dense<4, ctnn::tanh>, dense<1>>;
using line_samples = samples<float, shape<1>>;
const line start = initialize<line>(glorot_uniform{}, 1);

struct curve {
    std::vector<float> x, t;
    curve() {
        for (int i = 0; i < 32; ++i) {
            x.push_back(static_cast<float>(i) / 32);
            t.push_back(std::sin(6 * x.back()));
        }
    }
    line_samples inputs() const { return {x.data(), x.size()}; }
    line_samples targets() const { return {t.data(), t.size()}; }
};

template <class Net>
bool is_finite(const Net& net) {
    bool finite = true;
    for_each_tensor(
        [&](const auto& parameter) {
            for (const auto number : parameter) finite = finite && std::isfinite(number);
        },
        net);
    return finite;
}

using classes = network<float, input<1>, dense<3, softmax>>;

}  // namespace

BOOST_AUTO_TEST_CASE(a_nan_among_the_inputs_stops_training) {
    curve data;
    data.x[5] = std::numeric_limits<float>::quiet_NaN();
    const auto trained = fit<mean_squared_error, 4>(start, data.inputs(), data.targets(), adam{}, {.epochs = 3});
    BOOST_TEST(trained.history.diverged);
    BOOST_TEST(trained.history.stopped_early);
    BOOST_TEST(trained.history.epochs == 1u);
    BOOST_TEST(std::isnan(trained.history.loss[0]));
    BOOST_TEST((static_cast<const line&>(trained) == start));
}

BOOST_AUTO_TEST_CASE(a_training_that_diverges_returns_the_best_before) {
    const curve data;
    for (const std::size_t patience : {0u, 5u}) {
        // The rate is small for two epochs and huge from then on.
        const auto trained =
            fit<mean_squared_error, 4>(start, data.inputs(), data.targets(), sgd{.learning_rate = 0.05},
                                       {.epochs = 50, .schedule = step_decay(2, 1e30), .patience = patience});
        const auto best = fit<mean_squared_error, 4>(start, data.inputs(), data.targets(), sgd{.learning_rate = 0.05},
                                                     {.epochs = trained.history.best_epoch + 1});
        BOOST_TEST(trained.history.diverged);
        BOOST_TEST(trained.history.epochs < 50u);
        BOOST_TEST(trained.history.best_epoch == 1u);
        BOOST_TEST(is_finite(trained));
        BOOST_TEST((static_cast<const line&>(trained) == static_cast<const line&>(best)));
    }
}

/// A validation loss of nan in the first epochs is improved on by the first that is not nan.
BOOST_AUTO_TEST_CASE(nan_is_worse_than_everything) {
    const curve data;
    float x = 0.5f, t = std::numeric_limits<float>::quiet_NaN();
    const auto callback = [&](const epoch_report& report) {
        if (report.epoch == 2) t = 0.1f;
    };
    const auto trained = fit<mean_squared_error, 4>(start, data.inputs(), data.targets(), adam{.learning_rate = 0.01},
                                                    {.epochs = 50,
                                                     .validation_inputs = line_samples{&x, 1},
                                                     .validation_targets = line_samples{&t, 1},
                                                     .patience = 5},
                                                    callback);
    BOOST_TEST(!trained.history.diverged);
    BOOST_TEST(trained.history.best_epoch >= 3u);
    BOOST_TEST(trained.history.epochs > 5u);
    // Always nan: patience runs out, and no epoch was better than the last.
    float never = std::numeric_limits<float>::quiet_NaN();
    const auto none = fit<mean_squared_error, 4>(start, data.inputs(), data.targets(), adam{},
                                                 {.epochs = 50,
                                                  .validation_inputs = line_samples{&x, 1},
                                                  .validation_targets = line_samples{&never, 1},
                                                  .patience = 5});
    BOOST_TEST(none.history.epochs == 5u);
    BOOST_TEST(none.history.best_epoch == 0u);
    BOOST_TEST(is_finite(none));
}

BOOST_AUTO_TEST_CASE(stopped_early_is_before_the_end) {
    const tensor<float, shape<1, 1>> x{1}, t{1};
    using still = network<float, input<1>, dense<1>>;
    const auto patience_at_the_end =
        fit<mean_squared_error>(still{}, x, t, sgd{.learning_rate = 0}, {.epochs = 4, .patience = 3});
    BOOST_TEST(patience_at_the_end.history.epochs == 4u);
    BOOST_TEST(!patience_at_the_end.history.stopped_early);
    const auto before = fit<mean_squared_error>(still{}, x, t, sgd{.learning_rate = 0}, {.epochs = 5, .patience = 3});
    BOOST_TEST(before.history.epochs == 4u);
    BOOST_TEST(before.history.stopped_early);
    const auto last_said_no = fit<mean_squared_error>(still{}, x, t, sgd{}, {.epochs = 2},
                                                      [](const epoch_report& report) { return report.epoch != 1; });
    BOOST_TEST(!last_said_no.history.stopped_early);
    const tensor<float, shape<3, 1>> three{1, 2, 3};
    const auto cut = fit<mean_squared_error>(still{}, three, three, sgd{}, {.epochs = 1},
                                             [](const step_report& report) { return report.step != 1; });
    BOOST_TEST(cut.history.epochs == 1u);
    BOOST_TEST(cut.history.stopped_early);
}

/// Patience requires the minimum improvement; the best epoch is the one with the lowest loss, and its parameters are
/// restored.
BOOST_AUTO_TEST_CASE(the_best_epoch_has_the_lowest_loss) {
    const tensor<double, shape<1, 1>> x{1}, t{1};
    using net = network<double, input<1>, dense<1>>;
    std::size_t lowest = 0;
    double loss = 1e300;
    const auto watch = [&](const epoch_report& report) {
        if (report.loss < loss) {
            loss = report.loss;
            lowest = report.epoch;
        }
    };
    const auto trained = fit<mean_squared_error>(net{}, x, t, sgd{.learning_rate = 0.01},
                                                 {.epochs = 40, .patience = 100, .minimum_improvement = 0.9}, watch);
    BOOST_TEST(trained.history.best_epoch == lowest);
    BOOST_TEST(lowest == 39u);
    const auto impatient = fit<mean_squared_error>(net{}, x, t, sgd{.learning_rate = 0.01},
                                                   {.epochs = 40, .patience = 7, .minimum_improvement = 0.9});
    BOOST_TEST(impatient.history.epochs == 8u);
    BOOST_TEST(impatient.history.best_epoch == 7u);
}

/// At run time a history has an entry for every requested epoch; with a capacity it is thinned.
BOOST_AUTO_TEST_CASE(history_has_every_epoch) {
    const curve data;
    const auto trained = fit<mean_squared_error, 32>(start, data.inputs(), data.targets(), adam{}, {.epochs = 700});
    BOOST_TEST(trained.history.count == 700u);
    BOOST_TEST(trained.history.stride == 1u);
    BOOST_TEST(trained.history.loss.size() == 700u);
    for (std::size_t epoch = 0; epoch < trained.history.epochs; ++epoch) BOOST_TEST(trained.history.loss[epoch] > 0);
    std::size_t entries = 0;
    for (const float loss : trained.history.loss) entries += loss > 0;
    BOOST_TEST(entries == 700u);

    // Copies are independent, and a moved-from history is empty.
    auto copy = trained;
    const auto moved = std::move(copy);
    BOOST_TEST(moved.history.loss[699] == trained.history.loss[699]);
    BOOST_TEST(copy.history.loss.size() == 0u);
    copy = moved;
    BOOST_TEST(copy.history.loss[300] == trained.history.loss[300]);
    auto shorter = fit<mean_squared_error, 32>(start, data.inputs(), data.targets(), adam{}, {.epochs = 3});
    copy = shorter;
    BOOST_TEST(copy.history.loss.size() == 3u);
    shorter = moved;
    BOOST_TEST(shorter.history.loss[699] == trained.history.loss[699]);

    const auto few = fit<mean_squared_error, 32, 100>(start, data.inputs(), data.targets(), adam{}, {.epochs = 700});
    BOOST_TEST(few.history.count == 100u);
    BOOST_TEST(few.history.stride == 7u);
    for (std::size_t i = 0; i < few.history.count; ++i) BOOST_TEST(few.history.loss[i] == trained.history.loss[7 * i]);
}

/// In constant evaluation, a history has room for 256 losses.
constexpr auto long_constant = [] {
    using net = network<float, input<1>, dense<1>>;
    const tensor<float, shape<1, 1>> x{1}, t{1};
    return fit<mean_squared_error>(net{}, x, t, sgd{}, {.epochs = 500});
}();
static_assert(long_constant.history.stride == 2 && long_constant.history.count == 250);
static_assert(long_constant.history.loss[249] > 0 && long_constant.history.loss.size() == 250);

BOOST_AUTO_TEST_CASE(callbacks_of_all_kinds_are_called) {
    const curve data;
    int epochs = 0, steps = 0, both = 0, members = 0;
    const auto with = [&](auto&& callback) {
        fit<mean_squared_error, 8>(start, data.inputs(), data.targets(), adam{}, {.epochs = 3},
                                   std::forward<decltype(callback)>(callback));
    };
    with([&](const epoch_report&) { ++epochs; });
    with([&](epoch_report report) mutable { epochs += static_cast<int>(report.epochs) / 3; });
    with([&](const step_report&) { ++steps; });
    with([&](const auto&) { ++both; });
    const std::function<bool(const epoch_report&)> by_function = [&](const epoch_report&) { return ++epochs < 8; };
    with(by_function);
    struct counter {
        int* calls;
        void epoch(const epoch_report&) const { ++*calls; }
    };
    const counter constant{&members};
    with(constant);
    with(no_callback{});
    BOOST_TEST(epochs == 8);
    BOOST_TEST(steps == 12);
    BOOST_TEST(both == 15);
    BOOST_TEST(members == 3);
}

namespace {

/// What `fit` throws, or nothing.
template <class Train>
std::string refusal(Train train) {
    try {
        train();
    } catch (const fit_error& error) { return error.what(); }
    return {};
}

template <class Label>
void check_labels(Label wrong, const std::string& as_text) {
    const curve data;
    std::vector<Label> labels(32, Label(1));
    const samples<Label, shape<>> view{labels.data(), labels.size()};
    const auto net = initialize<classes>(glorot_uniform{}, 1);
    const auto train = [&] { fit<cross_entropy, 4>(net, data.inputs(), view, adam{}, {.epochs = 2}); };
    BOOST_TEST(refusal(train) == "");
    labels[17] = wrong;
    BOOST_TEST(refusal(train) == "ctnn::fit: a label is not a class of the network: the label of sample 17 is " +
                                     as_text + ", and there are 3 classes, from 0 to 2");
    const std::vector<Label> right(32, Label(2));
    const auto validate = [&] {
        fit<cross_entropy, 4>(net, data.inputs(), samples<Label, shape<>>{right.data(), 32}, adam{},
                              {.validation_inputs = data.inputs(), .validation_targets = view});
    };
    BOOST_TEST(refusal(validate) ==
               "ctnn::fit: a label is not a class of the network: the validation label of sample 17 is " + as_text +
                   ", and there are 3 classes, from 0 to 2");
}

}  // namespace

BOOST_AUTO_TEST_CASE(labels_are_looked_at) {
    check_labels<int>(-1, "-1");
    check_labels<std::int64_t>(std::numeric_limits<std::int64_t>::min(), "-9223372036854775808");
    check_labels<std::uint8_t>(3, "3");
    check_labels<std::uint64_t>(std::numeric_limits<std::uint64_t>::max(), "18446744073709551615");
    // A single output has two classes.
    const curve data;
    const std::vector<int> labels(32, 2);
    using yes_or_no = network<float, input<1>, dense<1, sigmoid>>;
    const samples<int, shape<>> view{labels.data(), labels.size()};
    BOOST_TEST(
        refusal([&] { fit<binary_cross_entropy>(yes_or_no{}, data.inputs(), view, adam{}); }) ==
        "ctnn::fit: a label is not a class of the network: the label of sample 0 is 2, and there are 2 classes, from 0 "
        "to 1");
}

BOOST_AUTO_TEST_CASE(counts_and_options_are_looked_at) {
    const curve data;
    const auto with = [&](schedule plan, double clip) {
        return refusal([&] {
            fit<mean_squared_error, 4>(start, data.inputs(), data.targets(), adam{},
                                       {.schedule = plan, .clip_norm = clip});
        });
    };
    const std::string of_schedule =
        "ctnn::fit: the `every` of a schedule is above 0, and its factor and its warm-up are neither "
        "negative nor infinite";
    const double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    BOOST_TEST(with(step_decay(0), 0) == of_schedule);
    BOOST_TEST(with(step_decay(-1), 0) == of_schedule);
    BOOST_TEST(with(step_decay(nan), 0) == of_schedule);
    BOOST_TEST(with(step_decay(1, -0.5), 0) == of_schedule);
    BOOST_TEST(with(step_decay(1, infinity), 0) == of_schedule);
    BOOST_TEST(with(cosine_decay(-1), 0) == of_schedule);
    BOOST_TEST(with(cosine_decay().after_warm_up(-1), 0) == of_schedule);
    BOOST_TEST(with(constant_rate().after_warm_up(infinity), 0) == of_schedule);
    BOOST_TEST(with(step_decay(1e-300), 0) == "");
    BOOST_TEST(with(step_decay(1e300), 0) == "");
    BOOST_TEST(with(constant_rate(), -1) ==
               "ctnn::fit: clip_value, clip_norm and minimum_improvement are not negative");
    BOOST_TEST(with(constant_rate(), nan) ==
               "ctnn::fit: clip_value, clip_norm and minimum_improvement are not negative");
    BOOST_TEST(refusal([&] {
                   fit<mean_squared_error>(start, data.inputs(), line_samples{data.t.data(), 31}, adam{});
               }) == "ctnn::fit: there are not as many targets as inputs: 32 inputs, 31 targets");
}

/// A schedule terminates for every argument.
constexpr bool schedules_end() {
    return step_decay(0)(7, 10) == 1 && step_decay(-3)(7, 10) == 1 && step_decay(1e-300)(7, 10) == 0 &&
           step_decay(1e300)(7, 10) == 1 && step_decay(2, 0.5)(7, 10) == 0.125 && step_decay(1, 1)(1e18, 1e18) == 1 &&
           step_decay(1, 0.5)(1e18, 1e18) == 0 && cosine_decay(0.5)(3, 0) == 0.5 && cosine_decay(0.5)(0, 10) == 1 &&
           constant_rate().after_warm_up(4)(1, 2) == 0.25;
}
BOOST_AUTO_TEST_CASE(schedules) {
    BOTH_PHASES(schedules_end);
}

/// Steps on labels, and on samples whose number is known only at run time.
constexpr bool steps_take_labels_and_parts() {
    using net = network<double, input<2>, dense<4, ctnn::tanh>, dense<3, softmax>>;
    const auto begin = initialize<net>(glorot_uniform{}, 3);
    const auto x = numbers<double, shape<4, 2>>(1);
    const tensor<double, shape<4, 3>> rows{1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1};
    const tensor<std::uint8_t, shape<4>> labels{0, 2, 1, 2};
    trainer<net, cross_entropy, adam, 4> by_rows{begin}, by_labels{begin}, by_views{begin};
    const bool same_loss = by_rows.step(x, rows) == by_labels.step(x, labels);
    const bool same_part =
        by_rows.step(x.values, rows.values, 3) ==
        by_labels.step(samples<double, shape<2>>{x.values, 3}, samples<std::uint8_t, shape<>>{labels.values, 3});
    by_views.step(as_samples(x), as_samples(rows));
    by_views.step(samples<double, shape<2>>{x.values, 3}, samples<double, shape<3>>{rows.values, 3});
    by_views.step(samples<double, shape<2>>{x.values, 0}, samples<double, shape<3>>{rows.values, 0});
    return same_loss && same_part && by_rows.network() == by_labels.network() &&
           by_rows.network() == by_views.network();
}
BOOST_AUTO_TEST_CASE(labels_in_a_step) {
    BOTH_PHASES(steps_take_labels_and_parts);
}

#if defined(__unix__) && !defined(CTNN_TEST_SANITIZED)
namespace {

using wide = network<float, input<784>, dense<1024, relu>, dense<256, relu>, dense<10, softmax>>;
using large = network<float, input<1250>, dense<1250, relu>, dense<1>>;
static_assert(sizeof(large) > 6'200'000);

bool trained_on_a_small_stack = false;
void* train_on_a_small_stack(void*) {
    static tensor<float, shape<40, 784>> x;
    static tensor<int, shape<40>> labels;
    const auto net = std::make_unique<wide>();
    for (float& number : x) number = 0.1f;
    // The result is constructed directly in the caller's storage.
    static const auto of_tensors = fit<cross_entropy, 32>(
        *net, x, labels, adam{},
        {.epochs = 2, .clip_norm = 1, .validation_inputs = x, .validation_targets = labels, .patience = 1});
    const std::unique_ptr<fitted<wide>> of_samples{new fitted<wide>(
        fit<cross_entropy, 32>(*net, as_samples(x), as_samples(labels), sgd{.momentum = 0.9}, {.epochs = 1}))};
    const auto large_net = std::make_unique<large>();
    const std::vector<float> large_x(2500, 1.f), large_t(2, 1.f);
    const std::unique_ptr<fitted<large, 4>> of_large{new fitted<large, 4>(
        fit<mean_squared_error, 1, 4>(*large_net, samples<float, shape<1250>>{large_x.data(), 2},
                                      samples<float, shape<1>>{large_t.data(), 2}, sgd{}, {.epochs = 1}))};
    trained_on_a_small_stack =
        of_tensors.history.count == 2 && of_samples->history.count == 1 && of_large->history.loss[0] > 0;
    return nullptr;
}

}  // namespace

/// Networks of 4 and 6 MB, trained in a thread with a stack of 256 KB.
BOOST_AUTO_TEST_CASE(large_networks_on_a_small_stack) {
    pthread_attr_t attributes;
    BOOST_REQUIRE(pthread_attr_init(&attributes) == 0);
    BOOST_REQUIRE(pthread_attr_setstacksize(&attributes, 256 * 1024) == 0);
    pthread_t thread;
    BOOST_REQUIRE(pthread_create(&thread, &attributes, train_on_a_small_stack, nullptr) == 0);
    BOOST_REQUIRE(pthread_join(thread, nullptr) == 0);
    BOOST_TEST(trained_on_a_small_stack);
}
#endif

/// Gradients whose squares overflow or underflow are clipped like others.
BOOST_AUTO_TEST_CASE(clipping_of_huge_and_tiny_gradients) {
    using net = network<float, input<1>, dense<2, identity, no_bias>>;
    const auto clipped = [](float a, float b, float limit) {
        net gradient{};
        get<0>(gradient).weights = {core_support::opaque(a), b};
        clip_by_norm(gradient, limit);
        return get<0>(gradient).weights;
    };
    BOOST_TEST(near(clipped(3e20f, 4e20f, 1), tensor<float, shape<1, 2>>{0.6f, 0.8f}));
    BOOST_TEST(near(clipped(3e38f, -3e38f, 1), tensor<float, shape<1, 2>>{0.70710678f, -0.70710678f}));
    const auto tiny = clipped(3e-25f, 4e-25f, 1e-26f);
    BOOST_TEST(near(tiny[0] * 1e26f, 0.6f));
    BOOST_TEST(near(tiny[1] * 1e26f, 0.8f));
    BOOST_TEST((clipped(3, 4, 10) == tensor<float, shape<1, 2>>{3, 4}));
    BOOST_TEST((clipped(0, 0, 1) == tensor<float, shape<1, 2>>{}));
    net both{};
    get<0>(both).weights = {core_support::opaque(3e-25f), 4e-25f};
    BOOST_TEST(near(norm(both) * 1e25f, 5.f));
}

/// Outputs of nan predict no class, and targets that are all equal have no coefficient of determination.
BOOST_AUTO_TEST_CASE(metrics_of_nan) {
    classes broken{};
    for (float& number : get<0>(broken).bias) number = std::numeric_limits<float>::quiet_NaN();
    const tensor<float, shape<3, 1>> x{};
    const tensor<int, shape<3>> labels{};
    BOOST_TEST(accuracy(broken, x, labels) == 0);
    BOOST_TEST((confusion_matrix(broken, x, labels) == tensor<std::size_t, shape<3, 3>>{}));
    BOOST_TEST(predict(broken, {0}) == class_count<3>);
    const std::array<float, 1> nan{std::numeric_limits<float>::quiet_NaN()};
    BOOST_TEST(predicted_class<1>(nan.data()) == class_count<1>);
    const tensor<float, shape<3, 1>> equal{2, 2, 2};
    BOOST_TEST(std::isnan(r2(start, x, equal)));
}
