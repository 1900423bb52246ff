// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_standardize
#include <boost/test/unit_test.hpp>

#include <ctnn/io/standardize.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using ctnn::shape;
using numbers = ctnn::io::dataset<double, shape<2>, shape<1>>;

constexpr ctnn::io::standardizer<double, shape<2>> baked{.mean = {3, 5}, .deviation = {2, 1}};
static_assert(baked({1, 7}) == ctnn::tensor<double, shape<2>>{-1, 2});
static_assert(baked.inverse({-1, 2}) == ctnn::tensor<double, shape<2>>{1, 7});

/// The result of standardising a column.
template <class T>
struct column {
    T mean;
    T deviation;
    std::vector<T> values;
    friend bool operator==(const column&, const column&) = default;
};

template <class T>
column<T> standardized(const std::vector<T>& values) {
    ctnn::io::dataset<T, shape<1>, shape<1>> data(values, std::vector<T>(values.size()));
    const auto scale = ctnn::io::standardize(data);
    column<T> result{scale.mean[0], scale.deviation[0], {}};
    for (std::size_t i = 0; i < data.size(); ++i) result.values.push_back(data.inputs()[i][0]);
    return result;
}

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

/// Squares that underflow or overflow double do not make the deviation 0 or infinite.
BOOST_AUTO_TEST_CASE(numbers_of_any_size) {
    for (const double unit : {1e-300, 1e-170, 1e-163, 1e-150, 1e-125, 1e-100, 1.0, 1e100, 1e150, 1e170, 1e300}) {
        // A power of two as the unit: only the unit is rounded.
        const double u = std::ldexp(1.0, std::ilogb(unit));
        BOOST_TEST((standardized<double>({0, u}) == column<double>{u / 2, u / 2, {-1, 1}}), unit);
        BOOST_TEST((standardized<double>({-u, u, -u, u}) == column<double>{0, u, {-1, 1, -1, 1}}), unit);
        BOOST_TEST((standardized<double>({3 * u, 5 * u}) == column<double>{4 * u, u, {-1, 1}}), unit);
        const auto of_three = standardized<double>({0, unit, 5 * unit});
        BOOST_TEST(std::abs(of_three.mean / unit - 2) < 1e-15, unit);
        BOOST_TEST(std::abs(of_three.deviation / unit - std::sqrt(14.0 / 3)) < 1e-15, unit);
    }
    const double most = std::numeric_limits<double>::max();
    BOOST_TEST((standardized<double>({-most, most}) == column<double>{0, most, {-1, 1}}));
    BOOST_TEST((standardized<double>({most, most, 0, 0}) == column<double>{most / 2, most / 2, {1, 1, -1, -1}}));
    // Values that differ by one ulp.
    const double next = std::nextafter(1.0, 2.0);
    const auto close = standardized<double>({1, next, 1, next});
    BOOST_TEST(close.deviation > 0);
    for (const double value : close.values) BOOST_TEST(std::abs(value) <= 2);
    // In float the squares are far from the end of double's range.
    BOOST_TEST((standardized<float>({0, 0x1p-140f}) == column<float>{0x1p-141f, 0x1p-141f, {-1, 1}}));
}

/// Half of the smallest subnormal cannot be represented: the result is finite, and the deviation not 0.
BOOST_AUTO_TEST_CASE(the_smallest_numbers) {
    const auto check = []<class T>(T least) {
        BOOST_TEST((standardized<T>({0, 2 * least}) == column<T>{least, least, {-1, 1}}));
        const auto result = standardized<T>({0, least});
        BOOST_TEST(result.deviation == least);
        for (const T value : result.values) BOOST_TEST(std::abs(value) <= 1);
    };
    check(std::numeric_limits<double>::denorm_min());
    check(std::numeric_limits<float>::denorm_min());
}

BOOST_AUTO_TEST_CASE(columns_that_never_change) {
    for (const double value : {0.0, -0.0, 1e-320, 0.1, 1e308, -1e308})
        BOOST_TEST((standardized<double>({value, value, value}) == column<double>{value, 1, {0, 0, 0}}), value);
    BOOST_TEST((standardized<double>({3}) == column<double>{3, 1, {0}}));
    BOOST_TEST((standardized<double>({0.0, -0.0}) == column<double>{0, 1, {0, 0}}));
}

BOOST_AUTO_TEST_CASE(the_way_back) {
    numbers data({1, 5, 5, 5, 2.5, 5}, {0, 0, 0});
    const numbers before = data;
    const auto scale = ctnn::io::standardize(data);
    for (std::size_t i = 0; i < data.size(); ++i) {
        const auto back = scale.inverse({data.inputs()[i][0], data.inputs()[i][1]});
        BOOST_TEST(std::abs(back[0] - before.inputs()[i][0]) < 1e-15);
        BOOST_TEST(back[1] == 5);
    }
}

BOOST_AUTO_TEST_CASE(numbers_that_are_not_finite) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinity = std::numeric_limits<double>::infinity();
    for (const double none : {nan, infinity, -infinity}) {
        std::string message;
        try {
            standardized<double>({1, 2, none});
        } catch (const std::invalid_argument& e) { message = e.what(); }
        BOOST_TEST(message == "ctnn::io::measure: a sample has a value that is not finite");
    }
}
