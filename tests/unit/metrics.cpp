// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE metrics
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>

#include <cstdint>
#include <limits>

namespace {

// Predicts class i for unit vector i, and class 0 for a tie.
using three_classes = ctnn::network<double, ctnn::input<3>, ctnn::dense<3, ctnn::softmax>>;
constexpr three_classes picker = [] {
    three_classes net{};
    ctnn::get<0>(net).weights = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    return net;
}();
constexpr ctnn::tensor<double, ctnn::shape<5, 3>> units{1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0};
constexpr ctnn::tensor<std::uint8_t, ctnn::shape<5>> labels{0, 1, 2, 1, 0};
constexpr ctnn::tensor<float, ctnn::shape<5, 3>> one_hot{1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0};

constexpr bool accuracy_of_classes() {
    return ctnn::accuracy(picker, units, labels) == 0.8 && ctnn::accuracy(picker, units, one_hot) == 0.8;
}
constexpr bool confusion_of_classes() {
    const auto counts = ctnn::confusion_matrix(picker, units, labels);
    return counts == ctnn::tensor<std::size_t, ctnn::shape<3, 3>>{2, 0, 0, 0, 1, 1, 0, 0, 1};
}
constexpr bool scores_of_classes() {
    const auto scores = ctnn::class_scores(ctnn::confusion_matrix(picker, units, labels));
    return scores.of_class[0] == ctnn::class_score{1, 1, 1, 2} &&
           scores.of_class[1] == ctnn::class_score{1, 0.5, 2. / 3, 2} &&
           scores.of_class[2] == ctnn::class_score{0.5, 1, 2. / 3, 1} && scores.macro.samples == 5 &&
           ctnn::near(scores.macro.precision, 2.5 / 3) && ctnn::near(scores.macro.recall, 2.5 / 3) &&
           ctnn::near(scores.macro.f1, 7. / 9) && scores.accuracy == 0.8;
}
// Nothing is of class 1 and nothing is taken for class 2: nothing is divided by 0.
constexpr bool scores_of_absent_classes() {
    const auto scores = ctnn::class_scores(ctnn::tensor<int, ctnn::shape<3, 3>>{3, 1, 0, 0, 0, 0, 2, 0, 0});
    return scores.of_class[0] == ctnn::class_score{0.6, 0.75, 6. / 9, 4} &&
           scores.of_class[1] == ctnn::class_score{0, 0, 0, 0} && scores.of_class[2] == ctnn::class_score{0, 0, 0, 2} &&
           scores.accuracy == 0.5 &&
           ctnn::class_scores(ctnn::tensor<int, ctnn::shape<2, 2>>{}).macro == ctnn::class_score{};
}

// Positive or not, from a single sigmoid.
using yes_or_no = ctnn::network<double, ctnn::input<1>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr yes_or_no positive = [] {
    yes_or_no net{};
    ctnn::get<0>(net).weights = {1};
    return net;
}();
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> points{-1, 0, 2, 3};
constexpr ctnn::tensor<int, ctnn::shape<4>> signs{0, 1, 1, 0};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> sign_targets{0, 1, 1, 0};

constexpr bool single_outputs() {
    // A probability of exactly 1/2 counts as yes.
    return ctnn::accuracy(positive, points, signs) == 0.75 && ctnn::accuracy(positive, points, sign_targets) == 0.75 &&
           ctnn::confusion_matrix(positive, points, signs) == ctnn::tensor<std::size_t, ctnn::shape<2, 2>>{1, 1, 0, 2};
}

// y = x: errors are known.
using line = ctnn::network<double, ctnn::input<1>, ctnn::dense<1>>;
constexpr line same_line = [] {
    line net{};
    ctnn::get<0>(net).weights = {1};
    return net;
}();
constexpr bool errors() {
    const ctnn::tensor<double, ctnn::shape<4, 1>> x{1, 2, 3, 4}, t{1, 2, 3, 8};
    line constant{};
    ctnn::get<0>(constant).bias = {3.5};
    // Squared errors 0 0 0 16; deviations from the mean 3.5: 6.25 2.25 0.25 20.25, sum 29.
    return ctnn::evaluate<ctnn::mean_squared_error>(same_line, x, t) == 4 &&
           ctnn::evaluate<ctnn::mean_absolute_error>(same_line, x, t) == 1 &&
           ctnn::evaluate<ctnn::huber>(same_line, x, t) == 3.5 / 4 &&
           ctnn::evaluate<ctnn::huber>(same_line, x, t, ctnn::huber{.delta = 2}) == 6.0 / 4 &&
           ctnn::near(ctnn::r2(same_line, x, t), 1 - 16.0 / 29) && ctnn::r2(same_line, x, x) == 1 &&
           ctnn::r2(constant, x, t) == 0;
}
constexpr bool entropies() {
    const double log_2 = 0.693147180559945309;
    three_classes even{};
    return ctnn::near(ctnn::evaluate<ctnn::binary_cross_entropy>(yes_or_no{}, points, signs), log_2) &&
           ctnn::near(ctnn::evaluate<ctnn::cross_entropy>(even, units, labels), 1.09861228866810969) &&
           ctnn::near(ctnn::evaluate<ctnn::cross_entropy>(picker, units, labels),
                      ctnn::evaluate<ctnn::cross_entropy>(picker, units, one_hot));
}
constexpr bool samples_of_other_numbers() {
    const ctnn::tensor<std::uint8_t, ctnn::shape<4, 1>> bytes{0, 1, 2, 3};
    const ctnn::tensor<int, ctnn::shape<4>> all_yes{1, 1, 1, 1};
    return ctnn::accuracy(positive, bytes, all_yes) == 1;
}

constexpr bool near_numbers() {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    return ctnn::near(1.0, 1.0) && ctnn::near(1.0, 1 + 1e-13) && !ctnn::near(1.0, 1 + 1e-11) &&
           ctnn::near(1e20, 1e20 * (1 + 1e-13)) && !ctnn::near(1e20, 1e20 * (1 + 1e-11)) && ctnn::near(0.0, 1e-13) &&
           !ctnn::near(0.0, 1e-11) && ctnn::near(1.0f, 1.000001f) && !ctnn::near(1.0f, 1.0001f) &&
           ctnn::near(-3.0, -3.5, 0.2) && !ctnn::near(-3.0, 3.0, 0.5) && ctnn::near(infinity, infinity) &&
           !ctnn::near(1.0, -infinity) && !ctnn::near(infinity, 1.0) && !ctnn::near(1.0, infinity, 0.0) &&
           !ctnn::near(infinity, -infinity);
}
constexpr bool near_tensors() {
    const ctnn::tensor<double, ctnn::shape<3>> a{1, 2, 3};
    for (std::size_t i = 0; i < 3; ++i) {
        auto b = a;
        b[i] += 0.01;
        if (ctnn::near(a, b) || !ctnn::near(a, b, 0.02)) return false;
    }
    return ctnn::near(a, a);
}

}  // namespace

BOOST_AUTO_TEST_CASE(both_phases) {
    BOTH_PHASES(accuracy_of_classes);
    BOTH_PHASES(confusion_of_classes);
    BOTH_PHASES(scores_of_classes);
    BOTH_PHASES(scores_of_absent_classes);
    BOTH_PHASES(single_outputs);
    BOTH_PHASES(errors);
    BOTH_PHASES(entropies);
    BOTH_PHASES(samples_of_other_numbers);
    BOTH_PHASES(near_numbers);
    BOTH_PHASES(near_tensors);
}

BOOST_AUTO_TEST_CASE(nothing_is_near_nan) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    BOOST_TEST((!ctnn::near(nan, nan) && !ctnn::near(nan, 1) && !ctnn::near(1.0, nan)));
}

BOOST_AUTO_TEST_CASE(views) {
    const ctnn::samples<double, ctnn::shape<3>> three{units.data(), 3};
    const ctnn::samples<std::uint8_t, ctnn::shape<>> three_labels{labels.data(), 3};
    BOOST_TEST(ctnn::accuracy(core_support::opaque(picker), three, three_labels) == 1);
}
