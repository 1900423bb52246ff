// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Shared by the tests of the core: values that are opaque to the compiler, and equality between builds.

#include "../opaque.hpp"
#include "../sanitized.hpp"

#include <ctnn/random.hpp>
#include <ctnn/tensor.hpp>

#include <bit>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

/// One check in both phases: `function` is a constexpr function without arguments that returns bool.
#define BOTH_PHASES(function)                   \
    static_assert(function(), #function);       \
    BOOST_TEST(function(), #function " at run time")

namespace core_support {

using test_support::opaque;

/// Whether the compiler may contract a multiplication and an addition to an FMA: only where the target has FMA, and
/// reproducible results were not requested.
#if defined(CTNN_REPRODUCIBLE) || (defined(__x86_64__) && !defined(__FMA__))
inline constexpr bool may_fuse = false;
#else
inline constexpr bool may_fuse = true;
#endif

/// The same bits, or nearly the same values where contraction is allowed.
template <class T>
bool same(T a, T b) {
    using word = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    if (std::bit_cast<word>(a) == std::bit_cast<word>(b)) return true;
    return may_fuse && std::abs(a - b) <= 256 * std::numeric_limits<T>::epsilon() * (1 + std::abs(a));
}
template <class T, class Shape>
bool same(const ctnn::tensor<T, Shape>& a, const ctnn::tensor<T, Shape>& b) {
    for (std::size_t i = 0; i < Shape::size; ++i)
        if (!same(a[i], b[i])) return false;
    return true;
}

/// Values uniformly distributed in [-1, 1).
template <class T>
constexpr void fill(T* values, std::size_t count, std::uint64_t seed) {
    ctnn::random_engine engine{seed};
    for (std::size_t i = 0; i < count; ++i) values[i] = ctnn::draw_uniform<T>(engine, -1, 1);
}
template <class T>
[[gnu::noinline]] std::vector<T> random_vector(std::size_t count, std::uint64_t seed) {
    std::vector<T> result(count);
    fill(result.data(), count, seed);
    return result;
}
template <class T, class Shape>
constexpr ctnn::tensor<T, Shape> numbers(std::uint64_t seed) {
    ctnn::tensor<T, Shape> result{};
    fill(result.values, Shape::size, seed);
    return result;
}

}  // namespace core_support
