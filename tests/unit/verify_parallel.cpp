// SPDX-License-Identifier: BSL-1.0
// Proofs by several threads: verdicts, certificates that do not depend on the threads, progress.
#define BOOST_TEST_MODULE verify_parallel

#include <ctnn.hpp>
#include <ctnn/verify.hpp>
#include <ctnn/verify/parallel.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <vector>

namespace {

using ctnn::output;
using ctnn::verdict;

using net_type =
    ctnn::network<float, ctnn::input<4>, ctnn::dense<16, ctnn::relu>, ctnn::dense<16, ctnn::relu>, ctnn::dense<2>>;
const net_type net = ctnn::initialize<net_type>(ctnn::he_normal{}, 4);
constexpr auto cube = ctnn::box<float, ctnn::shape<4>>::all(-1, 1);

/// The sum of the outputs is above its smallest value, about -0.76217, less a margin: proved if it is positive, and with
/// the more boxes the smaller it is, 600 for 0.5 and 1600 for 0.1.
auto above(double margin) {
    return output<0> + output<1> > -0.7622 - margin;
}

}  // namespace

BOOST_AUTO_TEST_CASE(certificates_do_not_depend_on_the_threads) {
    const auto property = above(0.5);
    const auto one = ctnn::prove_parallel(net, cube, property, {.threads = 1});
    BOOST_REQUIRE((one.outcome == verdict::proved));
    BOOST_TEST(one.boxes > 400U);
    BOOST_TEST(one.cuts.size() == one.boxes);
    for (const std::size_t threads : std::initializer_list<std::size_t>{2, 3, 0}) {
        const auto other = ctnn::prove_parallel(net, cube, property, {.threads = threads});
        BOOST_TEST((other.outcome == verdict::proved));
        BOOST_TEST(other.boxes == one.boxes);
        BOOST_TEST(other.cuts == one.cuts, boost::test_tools::per_element());
    }
    // The proof again, and not of another property.
    const auto again = ctnn::prove(net, cube, property, one.cuts);
    BOOST_TEST((again.outcome == verdict::proved));
    BOOST_TEST(again.boxes <= one.cuts.size() + one.cuts.size() / 16 + 16);
    const auto wrong = ctnn::prove(net, cube, above(-0.01), one.cuts);
    BOOST_TEST((wrong.outcome != verdict::proved));
    BOOST_TEST(wrong.boxes <= one.cuts.size() + one.cuts.size() / 16 + 16);
    BOOST_TEST(!ctnn::proves(net, cube, property, std::vector<std::uint32_t>{}));
}

/// One search and its parts agree where one part is enough.
BOOST_AUTO_TEST_CASE(small_searches_are_those_of_certify) {
    const auto property = above(10);
    const auto found = ctnn::prove_parallel(net, cube, property, {.threads = 2});
    const auto alone = ctnn::certify<1000>(net, cube, property);
    BOOST_REQUIRE((found.outcome == verdict::proved));
    BOOST_REQUIRE(found.boxes <= 200U);
    BOOST_TEST(found.boxes == alone.boxes);
    BOOST_REQUIRE(found.cuts.size() == alone.certificate.size);
    for (std::size_t i = 0; i < found.cuts.size(); ++i) BOOST_TEST(found.cuts[i] == alone.certificate.cuts[i]);
}

BOOST_AUTO_TEST_CASE(refuted_and_undecided) {
    for (const std::size_t threads : std::initializer_list<std::size_t>{1, 2, 3}) {
        const auto refuted = ctnn::prove_parallel(net, cube, above(-0.05), {.threads = threads});
        BOOST_TEST((refuted.outcome == verdict::refuted));
        BOOST_TEST(cube.contains(refuted.counterexample));
        BOOST_TEST(!ctnn::proves(net, ctnn::ball(refuted.counterexample, 0.0F), above(-0.05)));
        BOOST_TEST(refuted.cuts.empty());
        for (const std::size_t boxes : std::initializer_list<std::size_t>{0, 1, 3, 300}) {
            const auto undecided = ctnn::prove_parallel(net, cube, above(0.5), {.boxes = boxes, .threads = threads});
            BOOST_TEST((undecided.outcome == verdict::undecided));
            BOOST_TEST(undecided.boxes <= boxes + 200 * threads);
            BOOST_TEST(undecided.cuts.empty());
        }
    }
}

/// A budget is enough or not, whatever the threads.
BOOST_AUTO_TEST_CASE(budgets_are_exact) {
    const auto property = above(0.5);
    const std::size_t needed = ctnn::prove_parallel(net, cube, property).boxes;
    BOOST_REQUIRE(needed > 200U);
    for (const std::size_t threads : std::initializer_list<std::size_t>{1, 3}) {
        const auto outcome = [&](std::size_t boxes) {
            return ctnn::prove_parallel(net, cube, property, {.boxes = boxes, .threads = threads}).outcome;
        };
        BOOST_TEST((outcome(needed) == verdict::proved));
        BOOST_TEST((outcome(needed - 1) == verdict::undecided));
    }
}

/// The property is seen only in boxes near 0 that are 2^-300 of the whole, and a certificate bisects 100 times: undecided
/// long before the budget is spent.
BOOST_AUTO_TEST_CASE(deep_searches_end) {
    using line = ctnn::network<double, ctnn::input<1>, ctnn::dense<2, ctnn::relu>, ctnn::dense<1>>;
    line magnitude{};
    ctnn::get<0>(magnitude).weights = {1, -1};
    ctnn::get<1>(magnitude).weights = {1, 1};
    const ctnn::box<double, ctnn::shape<1>> wide{.lower = {-1e30}, .upper = {3e30}};
    const auto deep = ctnn::prove_parallel(magnitude, wide, output<0> >= -1e-60, {.boxes = 100000, .threads = 2});
    BOOST_TEST((deep.outcome == verdict::undecided));
    BOOST_TEST(deep.boxes > 100U);
    BOOST_TEST(deep.boxes < 10000U);
    const auto less_deep = ctnn::prove_parallel(magnitude, wide, output<0> >= -1e6, {.boxes = 100000, .threads = 2});
    BOOST_TEST((less_deep.outcome == verdict::proved));
    BOOST_TEST(ctnn::proves(magnitude, wide, output<0> >= -1e6, less_deep.cuts));
}

BOOST_AUTO_TEST_CASE(progress_grows_to_one) {
    std::vector<double> shares;
    const auto found = ctnn::prove_parallel(net, cube, above(0.1),
                                            {.threads = 2, .progress = [&](double share) { shares.push_back(share); }});
    BOOST_REQUIRE((found.outcome == verdict::proved));
    BOOST_REQUIRE(!shares.empty());
    double last = 0;
    for (const double share : shares) {
        BOOST_TEST(share >= last);
        last = share;
    }
    BOOST_TEST(last == 1);
    shares.clear();
    (void)ctnn::prove_parallel(net, cube, above(0.5),
                               {.boxes = 300, .progress = [&](double share) { shares.push_back(share); }});
    for (const double share : shares) BOOST_TEST(share < 1);
}

BOOST_AUTO_TEST_CASE(exceptions_of_progress_are_passed_on) {
    const auto fail = [](double) { throw std::runtime_error("enough"); };
    BOOST_CHECK_THROW((void)ctnn::prove_parallel(net, cube, above(0.5), {.threads = 2, .progress = fail}),
                      std::runtime_error);
}
