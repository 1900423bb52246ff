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

BOOST_AUTO_TEST_CASE(a_budget_is_kept) {
    // True, but only just: it takes many boxes.
    constexpr auto tight = output<0> <= 1.0000002;
    BOOST_TEST((ctnn::prove(distance, unit, tight, {.boxes = 1}).outcome != verdict::refuted));
    BOOST_TEST(ctnn::prove(distance, unit, tight, {.boxes = 3}).boxes <= 3);
    BOOST_TEST((ctnn::prove(distance, unit, tight, {.boxes = 0}).outcome == verdict::undecided));
}

/// True, and no single box shows it.
constexpr auto needs_cuts = output<0> <= 0.6 + 0.5 * output<1>;

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
