// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_standardize
#include <boost/test/unit_test.hpp>

#include <ctnn/io/standardize.hpp>

#include <stdexcept>

namespace {

using ctnn::shape;
using numbers = ctnn::io::dataset<double, shape<2>, shape<1>>;

constexpr ctnn::io::standardizer<double, shape<2>> baked{.mean = {3, 5}, .deviation = {2, 1}};
static_assert(baked({1, 7}) == ctnn::tensor<double, shape<2>>{-1, 2});

}  // namespace

BOOST_AUTO_TEST_CASE(measures_the_training_part_and_applies_to_all) {
    numbers train({1, 5, 5, 5}, {0, 0});
    numbers held_out({3, 6, 7, 4}, {0, 1});
    const auto scale = ctnn::io::standardize(train, held_out);
    BOOST_TEST((scale.mean == ctnn::tensor<double, shape<2>>{3, 5}));
    BOOST_TEST((scale.deviation == ctnn::tensor<double, shape<2>>{2, 1}));
    BOOST_TEST((train == numbers({-1, 0, 1, 0}, {0, 0})));
    BOOST_TEST((held_out == numbers({0, 1, 2, -1}, {0, 1})));
    BOOST_TEST((scale({1, 7}) == baked({1, 7})));
}

BOOST_AUTO_TEST_CASE(a_number_that_never_changes_becomes_zero) {
    // The mean of three times 0.1 is not 0.1 in binary.
    numbers data({0.1, 1, 0.1, 2, 0.1, 3}, {0, 0, 0});
    ctnn::io::standardize(data);
    for (int i = 0; i < 3; ++i) BOOST_TEST(data.inputs()[static_cast<std::size_t>(i)][0] == 0);
}

BOOST_AUTO_TEST_CASE(in_float_the_sums_are_in_double) {
    ctnn::io::dataset<float, shape<1>, shape<1>> data;
    for (int i = 0; i < 100000; ++i) {
        const auto input = static_cast<float>(100000 + i % 2);
        const float target = 0;
        data.add(&input, &target);
    }
    const auto scale = ctnn::io::standardize(data);
    BOOST_TEST(scale.mean[0] == 100000.5f);
    BOOST_TEST(scale.deviation[0] == 0.5f);
    BOOST_TEST(data.inputs()[0][0] == -1);
    BOOST_TEST(data.inputs()[1][0] == 1);
}

BOOST_AUTO_TEST_CASE(nothing_to_measure) {
    numbers data;
    BOOST_CHECK_THROW(ctnn::io::standardize(data), std::invalid_argument);
}
