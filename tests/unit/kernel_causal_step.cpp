// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE kernel_causal_step
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"
#include "ordered_sum.hpp"

#include <ctnn/kernel/convolution/causal_step.hpp>

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

namespace kernel = ctnn::kernel;
using core_support::random_vector;
using core_support::same;

/// The sizes of a window of `Depth` inputs and `Filters` filters, whose rows of weights are `Stride` apart.
template <class T, std::size_t Filters, std::size_t Depth, std::size_t Stride>
using window_size =
    kernel::product_size<1, Filters, Depth, Depth, 1, kernel::window_order(Filters, Depth, sizeof(T)), Stride>;

/// The number of outputs that differ from sums in the given order, or were written past the end. Not a template over
/// the sizes, of which there are many.
template <class T>
[[gnu::noinline]] std::size_t wrong_numbers(const std::vector<T>& y, kernel::sum_order order,
                                            const std::vector<T>& older, const std::vector<T>& newest,
                                            const std::vector<T>& weights, const std::vector<T>& start) {
    const std::size_t depth = older.size() + newest.size(), filters = start.size(), stride = weights.size() / depth;
    std::size_t wrong = 0;
    for (std::size_t f = 0; f < filters; ++f)
        wrong += !same(y[f], core_support::ordered_sum(order, start[f], depth, [&](std::size_t k) {
                           return (k < older.size() ? older[k] : newest[k - older.size()]) * weights[k * stride + f];
                       }));
    for (std::size_t i = filters; i < y.size(); ++i) wrong += y[i] != T{77};
    return wrong;
}

void expect_none(std::size_t wrong, std::size_t older, std::size_t newest, std::size_t filters) {
    BOOST_TEST(wrong == 0u, older << "+" << newest << " inputs, " << filters << " filters: " << wrong << " wrong");
}

/// All outputs are right, to the bit without contraction, and nothing is written past the end.
template <class T, std::size_t Filters, std::size_t Older, std::size_t Newest, bool Biased>
[[gnu::noinline]] void check() {
    constexpr std::size_t depth = Older + Newest, stride = Filters + 3;
    using size = window_size<T, Filters, depth, stride>;
    using start = std::conditional_t<Biased, kernel::from_bias, kernel::from_zero>;
    const auto older = random_vector<T>(Older, 1), newest = random_vector<T>(Newest, 2),
               weights = random_vector<T>(depth * stride, 3), bias = random_vector<T>(Filters, 4);
    std::vector<T> y(Filters + 64, T{77});
    kernel::causal_step<size, start, Older>(older.data(), newest.data(), weights.data(), bias.data(), y.data());
    // Without a bias, the values in its place do not matter.
    const auto wanted_start = Biased ? bias : std::vector<T>(Filters);
    expect_none(wrong_numbers(y, size::order, older, newest, weights, wanted_start), Older, Newest, Filters);
}

/// Whether a scalar type has its turn, if each size is checked in one of them.
template <class T>
constexpr bool has_turn([[maybe_unused]] bool of_float) {
#if defined(CTNN_TEST_HALF_THE_SIZES) && !defined(CTNN_TEST_SANITIZED)  // which leaves out all of double
    return of_float == std::is_same_v<T, float>;
#else
    return true;
#endif
}

/// Numbers of filters below, at and above the lanes of every register.
template <class T, std::size_t Older, std::size_t Newest, bool OfFloat = false, std::size_t First, std::size_t... Rest>
void check_filters(std::index_sequence<First, Rest...>) {
    if constexpr (has_turn<T>(OfFloat)) check<T, First, Older, Newest, true>();
    if constexpr (sizeof...(Rest) != 0) check_filters<T, Older, Newest, !OfFloat>(std::index_sequence<Rest...>{});
}

template <class T>
void check_all() {
    check_filters<T, 24, 8>(std::index_sequence<1, 2, 3, 4, 5, 8, 12, 16, 17, 24, 33, 64>{});
    // Newest inputs that do not begin at the first of the interleaved runs, fewer and more of them than there are runs.
    check_filters<T, 63, 1>(std::index_sequence<1, 16>{});
    check_filters<T, 45, 3>(std::index_sequence<3, 8, 20>{});
    check_filters<T, 50, 25>(std::index_sequence<4, 40>{});
    // A window of two positions, long ones, and one that is too short for several runs.
    check_filters<T, 4, 4>(std::index_sequence<4, 9>{});
    check_filters<T, 224, 16>(std::index_sequence<4, 16, 32>{});
    if constexpr (has_turn<T>(true)) {
        check<T, 4, 2, 2, true>();
        check<T, 16, 48, 8, false>();
    }
    if constexpr (has_turn<T>(false)) {
        check<T, 130, 20, 10, true>();
        check<T, 20, 7, 7, false>();
    }
}

template <std::size_t Filters, std::size_t Older, std::size_t Newest>
constexpr auto outputs() {
    constexpr std::size_t depth = Older + Newest;
    float older[Older]{}, newest[Newest]{}, weights[depth * Filters]{}, bias[Filters]{};
    for (std::size_t i = 0; i < Older; ++i) older[i] = static_cast<float>(i * 37 % 101) / 7 - 5;
    for (std::size_t i = 0; i < Newest; ++i) newest[i] = static_cast<float>(i * 29 % 101) / 9 - 4;
    for (std::size_t i = 0; i < depth * Filters; ++i) weights[i] = static_cast<float>(i * 53 % 97) / 11 - 3;
    for (std::size_t i = 0; i < Filters; ++i) bias[i] = static_cast<float>(i) / 3;
    std::array<float, Filters> y{};
    kernel::causal_step<window_size<float, Filters, depth, Filters>, kernel::from_bias, Older>(older, newest, weights,
                                                                                               bias, y.data());
    return y;
}

template <std::size_t Filters, std::size_t Older, std::size_t Newest>
void check_phases() {
    constexpr auto constant = outputs<Filters, Older, Newest>();
    const auto run_time = outputs<Filters, Older, Newest>();
    for (std::size_t f = 0; f < Filters; ++f) BOOST_TEST(same(constant[f], run_time[f]));
}

}  // namespace

BOOST_AUTO_TEST_CASE(same_bits_in_both_phases) {
    check_phases<16, 48, 8>();
    check_phases<5, 21, 3>();
    check_phases<8, 2, 2>();
}

BOOST_AUTO_TEST_CASE(many_sizes_in_float) {
    check_all<float>();
}

#if !defined(CTNN_TEST_SANITIZED)
BOOST_AUTO_TEST_CASE(many_sizes_in_double) {
    check_all<double>();
}
#endif
