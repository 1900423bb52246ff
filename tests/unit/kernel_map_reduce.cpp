// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE kernel_map_reduce
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>

#include <cstddef>
#include <limits>
#include <utility>

namespace {

namespace kernel = ctnn::kernel;
using core_support::same;

#if defined(CTNN_NO_VECTOR_TYPES)
static_assert(kernel::native_lanes<float> == 1 && kernel::native_lanes<double> == 1);
#endif

constexpr auto add_product = [](auto left, auto right) CTNN_INLINE { return left * right + left; };
constexpr auto accumulate = [](auto element, auto& first, auto& second) CTNN_INLINE {
    first = first + element;
    second = second - element * first;
};
constexpr auto square = [](auto element) CTNN_INLINE { return element * element; };
constexpr auto product = [](auto left, auto right) CTNN_INLINE { return left * right; };

/// The sum in the documented order.
template <class T>
T sum_in_order(const T* x, const T* y, std::size_t count) {
    if (count < 8) {
        T total = x[0] * y[0];
        for (std::size_t i = 1; i < count; ++i) total += x[i] * y[i];
        return total;
    }
    T part[8]{};
    for (std::size_t i = 0; i < count; ++i) part[i % 8] += x[i] * y[i];
    return ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
}

/// One guard element after every array: nothing may be written there.
template <std::size_t Count, class T>
void check_size() {
    T x[Count], y[Count], out[Count + 1], first[Count + 1]{}, second[Count + 1]{};
    core_support::fill(x, Count, 1);
    core_support::fill(y, Count, 2);
    out[Count] = first[Count] = second[Count] = T{77};
    core_support::fill(first, Count, 3);

    kernel::map<Count>(add_product, out, static_cast<const T*>(x), static_cast<const T*>(y));
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < Count; ++i) wrong += !same(out[i], x[i] * y[i] + x[i]);

    T before[Count];
    for (std::size_t i = 0; i < Count; ++i) before[i] = first[i];
    kernel::update<Count>(accumulate, static_cast<const T*>(x), first, second);
    for (std::size_t i = 0; i < Count; ++i)
        wrong += !same(first[i], before[i] + x[i]) || !same(second[i], 0 - x[i] * first[i]);
    BOOST_TEST((out[Count] == T{77} && first[Count] == T{77} && second[Count] == T{77}));

    wrong += !same(kernel::sum<Count>(product, static_cast<const T*>(x), static_cast<const T*>(y)),
                   sum_in_order(x, y, Count));
    wrong += !same(kernel::sum<Count>(square, static_cast<const T*>(x)), sum_in_order(x, x, Count));

    T largest = x[0];
    for (std::size_t i = 1; i < Count; ++i) largest = x[i] > largest ? x[i] : largest;
    wrong += kernel::maximum<Count, kernel::larger>(x) != largest;
    wrong += kernel::maximum<Count, kernel::larger_number>(x) != largest;

    // In place: an input may be the output.
    kernel::map<Count>(square, x, static_cast<const T*>(x));
    for (std::size_t i = 0; i < Count; ++i) wrong += x[i] < 0;
    BOOST_TEST(wrong == 0u, Count << " elements: " << wrong << " wrong");
}

template <std::size_t Columns, class T>
void check_column_sums() {
    constexpr std::size_t rows = 5;
    T in[rows * Columns], out[Columns + 1];
    core_support::fill(in, rows * Columns, 4);
    out[Columns] = T{77};
    kernel::column_sums<rows, Columns>(in, out);
    std::size_t wrong = out[Columns] != T{77};
    for (std::size_t n = 0; n < Columns; ++n)
        wrong +=
            out[n] != (((in[n] + in[Columns + n]) + in[2 * Columns + n]) + in[3 * Columns + n]) + in[4 * Columns + n];
    BOOST_TEST(wrong == 0u, Columns << " columns: " << wrong << " wrong");
}

template <class T, std::size_t... Size>
void check_sizes(std::index_sequence<Size...>) {
    (check_size<Size, T>(), ...);
    (check_column_sums<Size, T>(), ...);
}
/// Around the lanes of every register, up to 16 floats, and more registers than are summed at once.
using sizes = std::index_sequence<1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 23, 25, 31, 32, 33, 40, 70>;

/// 2^53 + 1 is not a double: the sum of eight keeps the ones only if they are added to each other first, as documented.
constexpr bool order_of_partial_sums_is_kept() {
    const double x[]{0x1p53, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0};
    const auto same_element = [](auto element) CTNN_INLINE { return element; };
    const double y[]{0x1p53, 1, 1, 1, -0x1p53, 0, 0, 0};
    return kernel::sum<12>(same_element, x) == 0x1p53 + 2 && kernel::sum<8>(same_element, y) == 3 &&
           kernel::sum<4>(same_element, x) == 0x1p53;
}

constexpr bool single_elements() {
    const double x[]{3};
    double y[1]{};
    kernel::map<1>(square, y, x);
    double z[1]{};
    kernel::column_sums<1, 1>(x, z);
    return y[0] == 9 && z[0] == 3 && kernel::maximum<1, kernel::larger>(x) == 3 && kernel::sum<1>(square, x) == 9;
}

}  // namespace

BOOST_AUTO_TEST_CASE(sizes_1_to_70_in_float) {
    check_sizes<float>(sizes{});
}

BOOST_AUTO_TEST_CASE(sizes_1_to_70_in_double) {
    check_sizes<double>(sizes{});
}

BOOST_AUTO_TEST_CASE(both_phases) {
    BOTH_PHASES(order_of_partial_sums_is_kept);
    BOTH_PHASES(single_elements);
}

BOOST_AUTO_TEST_CASE(maximum_finds_nan) {
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    for (std::size_t place = 0; place < 5; ++place) {
        float x[]{1, 5, 2, -3, 4};
        x[place] = nan;
        BOOST_TEST(std::isnan(kernel::maximum<5, kernel::larger>(x)), "nan at " << place);
    }
}
