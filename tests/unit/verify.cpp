// SPDX-License-Identifier: BSL-1.0
// Proofs over boxes: properties, verdicts, bounds and robustness, in both phases.
#define BOOST_TEST_MODULE verify

#include <ctnn.hpp>
#include <ctnn/verify.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

using ctnn::output;
using ctnn::verdict;

/// y0 = |x0 - x1|, y1 = x0 + x1, by rectifiers.
using distance_net = ctnn::network<float, ctnn::input<2>, ctnn::dense<4, ctnn::relu>, ctnn::dense<2>>;
constexpr distance_net distance = [] {
    distance_net result{};
    ctnn::get<0>(result).weights = {1, -1, 1, -1, -1, 1, 1, -1};
    ctnn::get<1>(result).weights = {1, 0, 1, 0, 0, 1, 0, -1};
    return result;
}();
static_assert(distance({3, 1})[0] == 2 && distance({1, 3})[0] == 2 && distance({-1, -3})[1] == -4);

constexpr ctnn::box<float, ctnn::shape<2>> unit{.lower = {0, 0}, .upper = {1, 1}};

/// The same at run time, with arguments that the compiler does not know.
template <class T>
T unknown(T value) {
    volatile auto hidden = &value;
    return *hidden;
}

template <class Property>
constexpr verdict outcome(const Property& wanted, const ctnn::prove_options& options = {}) {
    return ctnn::prove(distance, unit, wanted, options).outcome;
}

/// True, and no single box shows it.
constexpr auto needs_cuts = output<0> <= 0.6 + 0.5 * output<1>;

/// Parameters from -3 to 3, times a scale.
template <class Net>
constexpr Net filled(double scale) {
    Net result{};
    int count = 0;
    const auto fill = [&](auto& member) {
        for (auto& element : member) element = static_cast<typename Net::value_type>(scale * (count++ % 7 - 3));
    };
    Net::chain_type::for_each([&](auto, auto& layer) { ctnn::for_each_member(fill, layer); }, result.layers);
    return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(verdicts) {
    constexpr auto bounded = output<0> < 1.001 && output < 0 >> -0.001;
    static_assert(outcome(bounded) == verdict::proved);
    static_assert(outcome(output<0> < 0.9) == verdict::refuted);
    static_assert(outcome(output<0> < 0.9 || output<1> >= 0.05) == verdict::proved);
    static_assert(outcome(!(output<0> < 0.9)) == verdict::refuted);
    static_assert(outcome((output<0> < 0.9 || output<1> >= 0.05) && bounded) == verdict::proved);
    static_assert(outcome(output<0> + output<1> <= 2.01) == verdict::proved);
    BOOST_TEST((ctnn::prove(unknown(distance), unknown(unit), bounded).outcome == verdict::proved));
    BOOST_TEST((ctnn::prove(unknown(distance), unknown(unit), output<0> < 0.9).outcome == verdict::refuted));
    BOOST_TEST(ctnn::proves(unknown(distance), unit, output<0> < 0.9 || output<1> >= 0.05));
}

BOOST_AUTO_TEST_CASE(both_phases_search_alike) {
    constexpr auto property = output<0> <= 0.6 + 0.5 * output<1>;
    constexpr auto known = ctnn::prove(distance, unit, property, {.boxes = 30});
    const auto here =
        ctnn::prove(unknown(distance), unknown(unit), property, unknown(ctnn::prove_options{.boxes = 30}));
    BOOST_TEST((known.outcome == here.outcome));
    BOOST_TEST(known.boxes == here.boxes);
    BOOST_TEST((known.counterexample == here.counterexample));
}

BOOST_AUTO_TEST_CASE(a_counterexample_is_one) {
    constexpr auto found = ctnn::prove(distance, unit, output<0> < 0.9);
    static_assert(found.outcome == verdict::refuted && unit.contains(found.counterexample));
    static_assert(!(distance(found.counterexample)[0] < 0.9F));
    BOOST_TEST(distance(found.counterexample)[0] >= 0.9F);
}

/// No input makes both of x and -x less than -0.1: no box of x shows it by one of them, but their sum does.
BOOST_AUTO_TEST_CASE(several_inequalities_exclude_a_box_together) {
    using net = ctnn::network<float, ctnn::input<1>, ctnn::dense<2>>;
    constexpr net both{.layers = {ctnn::layer_t<0, net>{.weights = {1, -1}, .bias = {}}}};
    constexpr ctnn::box<float, ctnn::shape<1>> line{{-1}, {1}};
    constexpr auto known = ctnn::prove(both, line, output < 0 >> -0.1 || output < 1 >> -0.1);
    static_assert(known.outcome == verdict::proved && known.boxes == 1);
    BOOST_TEST(ctnn::prove(unknown(both), line, output<0> > -0.1 || output<1> > -0.1).boxes == 1U);
    // Between -0.1 and 0.1 both are.
    constexpr auto refuted = ctnn::prove(both, line, output < 0 >> 0.1 || output < 1 >> 0.1);
    static_assert(refuted.outcome == verdict::refuted && refuted.boxes == 1);
    constexpr auto off_center = ctnn::prove(both, line, output<0> < 0.7 || output < 1 >> -0.65 || output < 0 >> 0.8);
    static_assert(off_center.outcome == verdict::refuted && off_center.boxes == 1);
    BOOST_TEST(!ctnn::proves(both, line, output<0> > -0.1 || output<1> > 0.1 + 1e-9));
}

BOOST_AUTO_TEST_CASE(what_is_missing) {
    // At (1, 0) it is 1.5.
    constexpr auto once = ctnn::prove(distance, unit, output<0> + 0.5 * output<1> < 1.25, {.boxes = 1});
    static_assert(once.outcome == verdict::refuted && once.gap == 0);
    constexpr auto few = ctnn::prove(distance, unit, needs_cuts, {.boxes = 1});
    constexpr auto more = ctnn::prove(distance, unit, needs_cuts, {.boxes = 4});
    static_assert(few.outcome == verdict::undecided && more.outcome == verdict::undecided);
    static_assert(few.gap > 0 && few.gap < 2 && more.gap > 0 && more.gap <= few.gap);
    BOOST_TEST(ctnn::prove(unknown(distance), unit, needs_cuts, {.boxes = 1}).gap == few.gap);
    BOOST_TEST(ctnn::prove(distance, unit, needs_cuts).gap == 0);
    BOOST_TEST(ctnn::prove(distance, unit, needs_cuts, {.boxes = 0}).gap > 1e300);
}

BOOST_AUTO_TEST_CASE(combined_lines) {
    const double lower[]{-1, 0}, upper[]{2, 1}, rising[]{1, 0}, falling[]{-1, 0.5};
    ctnn::detail::combined_lines<2> lines{lower, upper};
    double point[2]{};
    // max(x, 1 - x + y / 2) is least at (0.5, 0), where it is 0.5.
    lines.add(rising, 0);
    lines.add(falling, 1);
    const double least = lines.combine(point);
    BOOST_TEST(least <= 0.5);
    BOOST_TEST(least > 0.49);
    BOOST_TEST(point[1] == 0);
    BOOST_TEST(std::abs(point[0] - 0.5) < 0.3);
}

BOOST_AUTO_TEST_CASE(a_budget_is_kept) {
    // True, but only just: it takes many boxes.
    constexpr auto tight = output<0> <= 1.0000002;
    BOOST_TEST((ctnn::prove(distance, unit, tight, {.boxes = 1}).outcome != verdict::refuted));
    BOOST_TEST(ctnn::prove(distance, unit, tight, {.boxes = 3}).boxes <= 3);
    BOOST_TEST((ctnn::prove(distance, unit, tight, {.boxes = 0}).outcome == verdict::undecided));
}

BOOST_AUTO_TEST_CASE(certificates) {
    constexpr auto found = ctnn::certify<64>(distance, unit, needs_cuts, {.boxes = 60});
    static_assert(found.outcome == verdict::proved && found.certificate.size > 3 && found.certificate.size % 2 == 1);
    static_assert(found.certificate.size == found.boxes);
    const auto here = ctnn::certify<64>(unknown(distance), unknown(unit), needs_cuts, {.boxes = 60});
    BOOST_TEST(here.certificate.cuts == found.certificate.cuts, boost::test_tools::per_element());

    constexpr auto repeated = ctnn::prove(distance, unit, needs_cuts, found.certificate);
    static_assert(repeated.outcome == verdict::proved && repeated.boxes == found.boxes);
    static_assert(ctnn::proves(distance, unit, needs_cuts, found.certificate));
    BOOST_TEST((ctnn::prove(unknown(distance), unknown(unit), needs_cuts, here.certificate).boxes == found.boxes));
}

BOOST_AUTO_TEST_CASE(certificates_of_no_proof_are_empty) {
    constexpr auto refuted = ctnn::certify<64>(distance, unit, output<0> < 0.9);
    static_assert(refuted.outcome == verdict::refuted && refuted.certificate.size == 0);
    // Too few boxes: of the search, and of the certificate.
    BOOST_TEST((ctnn::certify<64>(distance, unit, needs_cuts, {.boxes = 2}).outcome == verdict::undecided));
    const auto full = ctnn::certify<3>(distance, unit, needs_cuts);
    BOOST_TEST((full.outcome == verdict::undecided));
    BOOST_TEST(full.certificate.size == 0);
    BOOST_TEST(!ctnn::proves(distance, unit, needs_cuts, full.certificate));
}

/// Whatever a certificate says, what does not hold is not proved, and what is proved holds.
BOOST_AUTO_TEST_CASE(wrong_certificates_prove_nothing) {
    using certificate = ctnn::certificate<64>;
    constexpr auto of_true = ctnn::certify<64>(distance, unit, needs_cuts).certificate;
    constexpr auto wrong = output<0> <= 0.59 + 0.4 * output<1>;
    static_assert(!ctnn::proves(distance, unit, wrong, of_true));
    std::uint32_t state = 1;
    const auto random = [&state] { return (state = state * 1664525 + 1013904223) >> 16; };
    for (int trial = 0; trial < 200; ++trial) {
        certificate given = of_true;
        given.size = random() % 80;
        for (std::uint32_t& cut : given.cuts)
            if (random() % 4 == 0) cut = random();
        BOOST_TEST(!ctnn::proves(distance, unit, wrong, given));
    }
    // Ends early, goes on behind its end, and is of another box.
    certificate early = of_true, late = of_true;
    --early.size;
    late.cuts[late.size++] = certificate::whole;
    BOOST_TEST(!ctnn::proves(distance, unit, needs_cuts, early));
    BOOST_TEST(!ctnn::proves(distance, unit, needs_cuts, late));
    constexpr ctnn::box<float, ctnn::shape<2>> wider{.lower = {-1, 0}, .upper = {1, 1}};
    BOOST_TEST(!ctnn::proves(distance, wider, needs_cuts, of_true));
    // A point cannot be cut.
    BOOST_TEST(!ctnn::proves(distance, ctnn::box<float, ctnn::shape<2>>::all(0, 0), output<0> < 1, of_true));
    BOOST_TEST(ctnn::proves(distance, unit, output<0> < 1000, certificate{1, {certificate::whole}}));
}

/// A part that its bounds do not prove is bisected further, but only a few times.
BOOST_AUTO_TEST_CASE(certificates_that_stop_a_little_early) {
    const auto found = ctnn::certify<64>(distance, unit, needs_cuts);
    // The whole box as one part: it takes found.boxes boxes, which 16 spare ones allow.
    const ctnn::certificate<1> short_one{1, {ctnn::certificate<1>::whole}};
    const auto again = ctnn::prove(distance, unit, needs_cuts, short_one);
    BOOST_TEST((again.outcome == verdict::proved) == (found.boxes <= 17));
    BOOST_TEST(again.boxes <= 17);
}

BOOST_AUTO_TEST_CASE(valid_boxes) {
    using box = ctnn::box<float, ctnn::shape<2>>;
    constexpr float none = std::numeric_limits<float>::quiet_NaN(), infinite = std::numeric_limits<float>::infinity();
    static_assert(unit.is_valid() && box::all(-1, 1) == box{{-1, -1}, {1, 1}});
    static_assert(!box{{1, 0}, {0, 1}}.is_valid() && !box{{none, 0}, {1, 1}}.is_valid());
    static_assert(!box{{0, 0}, {infinite, 1}}.is_valid());
    BOOST_TEST((ctnn::prove(distance, box::all(0, 0), output<0> > -1000).outcome == verdict::proved));
    static_assert(!std::is_constructible_v<decltype(box::lower), const char*>);
}

/// Unbounded values on the way are undecided, in constants too, where infinity minus infinity is an error.
BOOST_AUTO_TEST_CASE(values_that_may_overflow) {
    using net = ctnn::network<float, ctnn::input<2>, ctnn::dense<2, ctnn::reciprocal>, ctnn::dense<2, ctnn::relu>,
                              ctnn::prelu<>, ctnn::layer_norm<>, ctnn::dense<1>>;
    constexpr net poles = filled<net>(1);
    constexpr ctnn::box<float, ctnn::shape<2>> around{.lower = {-1, -0.75F}, .upper = {0.875F, 2}};
    static_assert(ctnn::prove(poles, around, output<0> < 5, {.boxes = 1}).outcome == verdict::undecided);
    BOOST_TEST((ctnn::prove(unknown(poles), around, output<0> < 5, {.boxes = 1}).outcome == verdict::undecided));
    using large =
        ctnn::network<float, ctnn::input<2>, ctnn::dense<2, ctnn::selu>, ctnn::dense<2, ctnn::relu>, ctnn::dense<1>>;
    constexpr large overflows = filled<large>(1e38);
    static_assert(ctnn::bounds(overflows, around).upper[0] > 1e300);
    static_assert(ctnn::prove(overflows, around, output<0> < 5, {.boxes = 1}).outcome == verdict::undecided);
    static_assert(!ctnn::falsify(overflows, around, output<0> < 5));
    using pole = ctnn::network<double, ctnn::input<1>, ctnn::activation<ctnn::reciprocal>>;
    static_assert(ctnn::prove(pole{}, {{-1}, {1}}, output<0> < 5).outcome == verdict::undecided);
    static_assert(ctnn::bounds(pole{}, {{1e-200}, {1e-199}}).lower[0] > 0.99e199);
    using saturated = ctnn::network<double, ctnn::input<1>, ctnn::activation<ctnn::sigmoid>>;
    static_assert(!ctnn::proves(saturated{}, {{-5e307}, {5e307}}, output<0> < 2, {.boxes = 1}));
}

BOOST_AUTO_TEST_CASE(trained_networks) {
    constexpr auto trained =
        ctnn::fit<ctnn::mean_squared_error>(distance, ctnn::tensor<float, ctnn::shape<1, 2>>{1, 0},
                                            ctnn::tensor<float, ctnn::shape<1, 2>>{1, 1}, ctnn::sgd{}, {.epochs = 1});
    static_assert(ctnn::proves(trained, unit, output<0> < 1.01 && 3 > output<1>));
    static_assert(ctnn::bounds(trained, unit).upper[0] < 1.5);
    static_assert(ctnn::prove_class(trained, ctnn::ball<float, ctnn::shape<2>>({0, 0.5F}, 0), 0).outcome !=
                  verdict::proved);
}

BOOST_AUTO_TEST_CASE(bounds_of_outputs) {
    constexpr auto known = ctnn::bounds(distance, unit);
    static_assert(known.lower[0] <= 0 && known.upper[0] >= 1 && known.lower[1] <= 0 && known.upper[1] >= 2);
    static_assert(known.upper[0] < 1.5 && known.upper[1] < 2.0001 && known.lower[1] > -0.0001);
    const auto here = ctnn::bounds(unknown(distance), unknown(unit));
    BOOST_TEST(here.upper[0] == known.upper[0]);
    BOOST_TEST(here.lower[1] == known.lower[1]);
    // A point has bounds as narrow as rounding.
    const auto at_point = ctnn::bounds(distance, ctnn::ball<float, ctnn::shape<2>>({0.25F, 0.75F}, 0));
    BOOST_TEST(at_point.lower[0] <= 0.5);
    BOOST_TEST(at_point.upper[0] >= 0.5);
    BOOST_TEST(at_point.upper[0] - at_point.lower[0] < 1e-5);
}

BOOST_AUTO_TEST_CASE(robust_classes) {
    using net = ctnn::network<float, ctnn::input<2>, ctnn::dense<2, ctnn::softmax>>;
    constexpr net compares = [] {
        net result{};
        ctnn::get<0>(result).weights = {1, 0, 0, 1};
        return result;
    }();
    // Class 0 where x0 > x1: they are 0.5 apart.
    constexpr ctnn::tensor<float, ctnn::shape<2>> x{1, 0.5F};
    static_assert(ctnn::robust(compares, x, 0, 0.24F));
    static_assert(!ctnn::robust(compares, x, 0, 0.26F));
    static_assert(!ctnn::robust(compares, x, 1, 0.0F));
    static_assert(!ctnn::robust(compares, {1, 1}, 0, 0.0F));
    BOOST_TEST(ctnn::robust(unknown(compares), x, 0, 0.24F));
    BOOST_TEST((ctnn::prove_class(compares, ctnn::ball(x, 0.26F), 0).outcome == verdict::refuted));

    constexpr ctnn::tensor<float, ctnn::shape<3, 2>> inputs{1, 0.5F, 0, 2, 1, 0.9F};
    constexpr ctnn::tensor<int, ctnn::shape<3>> labels{0, 1, 0};
    static_assert(ctnn::accuracy(compares, inputs, labels) == 1);
    static_assert(ctnn::certified_accuracy(compares, inputs, labels, 0.01F) == 1);
    static_assert(ctnn::certified_accuracy(compares, inputs, labels, 0.1F) == 2.0 / 3);
    BOOST_TEST(ctnn::certified_accuracy(unknown(compares), inputs, labels, 0.3F) == 1.0 / 3);
}

BOOST_AUTO_TEST_CASE(smooth_activations) {
    using net = ctnn::network<double, ctnn::input<1>, ctnn::dense<3, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
    constexpr net smooth = [] {
        net result{};
        ctnn::get<0>(result).weights = {1, -2, 0.5};
        ctnn::get<1>(result).weights = {1, 0.5, 1};
        return result;
    }();
    constexpr ctnn::box<double, ctnn::shape<1>> line{{-0.5}, {1}};
    static_assert(ctnn::proves(smooth, line, output<0> < 0.75 && output<0> > 0.3));
    BOOST_TEST((ctnn::prove(smooth, line, output<0> < 0.55).outcome == verdict::refuted));
    BOOST_TEST(ctnn::proves(smooth, line, output<0> <= 1));
}

BOOST_AUTO_TEST_CASE(counterexamples_alone) {
    constexpr auto found = ctnn::falsify(distance, unit, output<0> < 0.9);
    static_assert(found && unit.contains(*found) && distance(*found)[0] >= 0.9F);
    static_assert(!ctnn::falsify(distance, unit, output<0> < 1.1, {.starts = 3}));
    const auto here = ctnn::falsify(unknown(distance), unknown(unit), output<0> < 0.9);
    BOOST_REQUIRE(here.has_value());
    BOOST_TEST((*here == *found));
    BOOST_TEST(!ctnn::falsify(unknown(distance), unit, output<0> < 1.1).has_value());
    // The corner (1, 0) and its surroundings alone.
    BOOST_TEST(ctnn::falsify(distance, unit, output<0> + 0.01 * output<1> < 1.0099).has_value());
    BOOST_TEST(!ctnn::falsify(distance, unit, output<0> < 0.9, {.starts = 0}).has_value());
}

BOOST_AUTO_TEST_CASE(derivatives) {
    // |x0 - x1| and x0 + x1, away from the kink of the former.
    constexpr ctnn::box<float, ctnn::shape<2>> apart{.lower = {2, 0.5F}, .upper = {3, 1}};
    constexpr auto known = ctnn::bound_jacobian(distance, apart);
    constexpr double exact[]{1, -1, 1, 1};
    const auto here = ctnn::bound_jacobian(unknown(distance), unknown(apart));
    for (std::size_t i = 0; i < 4; ++i) {
        BOOST_TEST(known.lower[i] <= exact[i]);
        BOOST_TEST(known.upper[i] >= exact[i]);
        BOOST_TEST(known.upper[i] - known.lower[i] < 1e-8);
        BOOST_TEST(here.lower[i] == known.lower[i]);
        BOOST_TEST(here.upper[i] == known.upper[i]);
    }
    static_assert(ctnn::lipschitz_bound(distance, apart) >= 2 && ctnn::lipschitz_bound(distance, apart) < 2.0001);
    // Over the kink, in parts.
    constexpr double whole = ctnn::lipschitz_bound(distance, unit),
                     parts = ctnn::lipschitz_bound(distance, unit, {.boxes = 16});
    static_assert(whole >= parts && parts >= 2 && whole < 4.01);
    BOOST_TEST(ctnn::lipschitz_bound(unknown(distance), unit, {.boxes = 16}) == parts);

    static_assert(ctnn::monotone_in<0>(distance, apart) && !ctnn::monotone_in<1>(distance, apart));
    static_assert(!ctnn::monotone_in<1>(distance, apart, ctnn::direction::falling));
    static_assert(ctnn::monotone_in<1, 0>(distance, apart, ctnn::direction::falling));
    static_assert(ctnn::monotone_in<1, 1>(distance, apart) && !ctnn::monotone_in<1, 0>(distance, apart));
    BOOST_TEST(ctnn::monotone_in<0>(unknown(distance), apart));
    BOOST_TEST(!ctnn::monotone_in<0>(unknown(distance), unit));
}

/// Derivatives that may be 0, and never of the other sign.
BOOST_AUTO_TEST_CASE(monotone_networks) {
    using net = ctnn::network<float, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<3, ctnn::relu>,
                              ctnn::residual<ctnn::dense<3, ctnn::sigmoid>>, ctnn::dense<2>>;
    constexpr net rises = [] {
        net result{};
        ctnn::get<0>(result).weights = {1, 2, 0, 1, -1, -2, 0, 0};
        for (float& weight : ctnn::get<1>(result).weights) weight = 0.5F;
        for (float& weight : ctnn::get<3>(result).weights) weight = 0.25F;
        return result;
    }();
    constexpr auto box = ctnn::box<float, ctnn::shape<2>>::all(-1, 1);
    static_assert(ctnn::monotone_in<0>(rises, box) && !ctnn::monotone_in<0>(rises, box, ctnn::direction::falling));
    static_assert(ctnn::monotone_in<1>(rises, box, ctnn::direction::falling) && !ctnn::monotone_in<1>(rises, box));
    net bent = rises;
    ctnn::get<0>(bent).weights[1] = -1e-30F;
    BOOST_TEST(!ctnn::monotone_in<0>(bent, box));
    // x sigmoid(x) rises above -1.2785: shown by parts.
    using swish_net = ctnn::network<double, ctnn::input<1>, ctnn::dense<1, ctnn::silu>>;
    swish_net swish{};
    ctnn::get<0>(swish).weights = {1};
    BOOST_TEST(!ctnn::monotone_in<0>(swish, ctnn::box<double, ctnn::shape<1>>{{-1.27}, {3}}, ctnn::direction::rising,
                                     {.boxes = 8}));
    BOOST_TEST(ctnn::monotone_in<0>(swish, ctnn::box<double, ctnn::shape<1>>{{-1.27}, {3}}, ctnn::direction::rising,
                                    {.boxes = 1000}));
    BOOST_TEST(!ctnn::monotone_in<0>(swish, ctnn::box<double, ctnn::shape<1>>{{-1.29}, {3}}, ctnn::direction::rising,
                                     {.boxes = 1000}));
}

BOOST_AUTO_TEST_CASE(recurrent_layers) {
    using net = ctnn::network<float, ctnn::input<4, 2>, ctnn::gru<3>, ctnn::lstm<2>,
                              ctnn::simple_rnn<3, ctnn::last_step>, ctnn::dense<2>>;
    constexpr net recurrent = filled<net>(0.1);
    constexpr auto inputs = ctnn::box<float, ctnn::shape<4, 2>>::all(-0.01F, 0.01F);
    constexpr auto known = ctnn::bounds(recurrent, inputs);
    const auto here = ctnn::bounds(unknown(recurrent), unknown(inputs));
    const auto y = recurrent(ctnn::tensor<float, ctnn::shape<4, 2>>{});
    for (std::size_t i = 0; i < 2; ++i) {
        BOOST_TEST(here.lower[i] == known.lower[i]);
        BOOST_TEST(here.upper[i] == known.upper[i]);
        BOOST_TEST(known.lower[i] <= y[i]);
        BOOST_TEST(known.upper[i] >= y[i]);
        BOOST_TEST(known.upper[i] - known.lower[i] < 0.1);
    }
    constexpr double bound = known.upper[0] + 0.001;
    static_assert(ctnn::proves(recurrent, inputs, output<0> < bound));
    BOOST_TEST((ctnn::prove(recurrent, inputs, output<0> < static_cast<double>(y[0])).outcome == verdict::refuted));
    // One step of a plain layer is a dense one.
    using one_step = ctnn::network<double, ctnn::input<1, 2>, ctnn::simple_rnn<2, ctnn::last_step>>;
    using dense = ctnn::network<double, ctnn::input<2>, ctnn::dense<2, ctnn::tanh>>;
    one_step step{};
    dense layer{};
    ctnn::get<0>(step).weights = ctnn::get<0>(layer).weights = {0.5, -1, 2, 0.25};
    const auto of_step = ctnn::bounds(step, ctnn::box<double, ctnn::shape<1, 2>>::all(-0.5, 0.25));
    const auto of_layer = ctnn::bounds(layer, ctnn::box<double, ctnn::shape<2>>::all(-0.5, 0.25));
    for (std::size_t i = 0; i < 2; ++i) {
        BOOST_TEST(of_step.lower[i] == of_layer.lower[i], boost::test_tools::tolerance(1e-8));
        BOOST_TEST(of_step.upper[i] == of_layer.upper[i], boost::test_tools::tolerance(1e-8));
    }
}

BOOST_AUTO_TEST_CASE(initial_states) {
    // h(0) = x + 2 h(-1) of h(-1) = 3.
    using net = ctnn::network<double, ctnn::input<1, 1>, ctnn::simple_rnn<1, ctnn::identity, ctnn::initial_state>>;
    constexpr net begun{.layers = {ctnn::layer_t<0, net>{{.weights = {1}, .recurrent_weights = {2}, .bias = {}}, {3}}}};
    constexpr auto known = ctnn::bounds(begun, ctnn::box<double, ctnn::shape<1, 1>>::all(-0.5, 0.25));
    const auto here = ctnn::bounds(unknown(begun), ctnn::box<double, ctnn::shape<1, 1>>::all(-0.5, 0.25));
    static_assert(known.lower[0] <= 5.5 && known.upper[0] >= 6.25);
    BOOST_TEST(known.lower[0] == 5.5, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(known.upper[0] == 6.25, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(here.lower[0] == known.lower[0]);
    BOOST_TEST(here.upper[0] == known.upper[0]);
}

BOOST_AUTO_TEST_CASE(layers_that_are_not_affine) {
    // x0 x1 over a box: the bounds of a product are at its corners.
    using net = ctnn::network<
        float, ctnn::input<2>,
        ctnn::product<ctnn::branch<ctnn::slice<ctnn::axis<0>, 0, 1>>, ctnn::branch<ctnn::slice<ctnn::axis<0>, 1, 1>>>>;
    constexpr ctnn::box<float, ctnn::shape<2>> inputs{.lower = {-1, 2}, .upper = {3, 5}};
    constexpr auto product = ctnn::bounds(net{}, inputs);
    static_assert(product.lower[0] <= -5 && product.lower[0] > -5.001 && product.upper[0] >= 15 &&
                  product.upper[0] < 15.001);
    static_assert(ctnn::proves(net{}, inputs, output<0> < 15.001 && output<0> > -5.001));
    BOOST_TEST((ctnn::prove(net{}, inputs, output<0> < 14.9).outcome == verdict::refuted));

    using normalised = ctnn::network<float, ctnn::input<4>, ctnn::layer_norm<>>;
    constexpr normalised rows = [] {
        normalised result{};
        for (float& weight : ctnn::get<0>(result).weights) weight = 1;
        return result;
    }();
    // Whatever the inputs, no element of a normalised row of four is above sqrt(3).
    static_assert(ctnn::proves(rows, ctnn::box<float, ctnn::shape<4>>::all(-100, 100), output<0> <= 2.01));

    using bent = ctnn::network<float, ctnn::input<2>, ctnn::prelu<>>;
    constexpr bent slopes{.layers = {ctnn::layer_t<0, bent>{.weights = {0.5F, -2}}}};
    constexpr auto both = ctnn::bounds(slopes, ctnn::box<float, ctnn::shape<2>>::all(-1, 1));
    static_assert(both.lower[0] <= -0.5 && both.lower[0] > -0.501 && both.upper[0] >= 1 && both.upper[0] < 1.001);
    static_assert(both.lower[1] <= 0 && both.lower[1] > -0.001 && both.upper[1] >= 2 && both.upper[1] < 2.001);
}

BOOST_AUTO_TEST_CASE(softmax_of_intervals) {
    using net = ctnn::network<float, ctnn::input<3>, ctnn::activation<ctnn::softmax>>;
    constexpr ctnn::box<float, ctnn::shape<3>> logits{.lower = {0, 0, 0}, .upper = {1, 1, 0}};
    constexpr auto found = ctnn::bounds(net{}, logits);
    // 1 / (1 + e + 1) and e / (e + 1 + 1)
    BOOST_TEST(found.lower[0] == 1 / (2 + std::exp(1.0)), boost::test_tools::tolerance(1e-4));
    BOOST_TEST(found.upper[0] == std::exp(1.0) / (2 + std::exp(1.0)), boost::test_tools::tolerance(1e-4));
    BOOST_TEST(found.upper[2] == 1.0 / 3, boost::test_tools::tolerance(1e-4));
    static_assert(ctnn::proves(net{}, logits, output<0> > 0.2 && output<2> < 0.34));
    using log_net = ctnn::network<float, ctnn::input<3>, ctnn::activation<ctnn::log_softmax>>;
    const auto logs = ctnn::bounds(log_net{}, logits);
    BOOST_TEST(logs.lower[0] == -std::log(2 + std::exp(1.0)), boost::test_tools::tolerance(1e-4));
    BOOST_TEST(logs.upper[2] == -std::log(3.0), boost::test_tools::tolerance(1e-4));
}

/// |f''| is at most what its model says, except at kinks: second differences of f over a grid.
template <class Activation, class Facts>
void check_curvature() {
    const double h = 1e-3;
    double largest = 0;
    for (double z = -12; z < 12; z += 0.0007) {
        bool at_kink = false;
        for (const double kink : Facts::kinks) at_kink = at_kink || std::abs(z - kink) < 2 * h;
        if (at_kink) continue;
        const Activation f{};
        largest = std::max(largest, std::abs(f(z - h) - 2 * f(z) + f(z + h)) / (h * h));
    }
    BOOST_TEST(largest <= Facts::curvature * (1 + 1e-6) + 1e-8);
    BOOST_TEST(largest >= Facts::curvature * 0.75);
}
BOOST_AUTO_TEST_CASE(curvatures) {
    check_curvature<ctnn::tanh, ctnn::detail::tanh_facts>();
    check_curvature<ctnn::sigmoid, ctnn::detail::sigmoid_facts>();
    check_curvature<ctnn::softplus, ctnn::detail::softplus_facts>();
    check_curvature<ctnn::softsign, ctnn::detail::softsign_facts>();
    check_curvature<ctnn::silu, ctnn::detail::silu_facts>();
    check_curvature<ctnn::gelu, ctnn::detail::gelu_facts>();
    check_curvature<ctnn::gelu_tanh, ctnn::detail::gelu_tanh_facts>();
    check_curvature<ctnn::elu, ctnn::detail::elu_facts<std::ratio<1>>>();
    check_curvature<ctnn::selu, ctnn::detail::selu_facts<ctnn::detail::selu_constants>>();
    check_curvature<ctnn::hard_swish, ctnn::detail::hard_swish_facts>();
}
