// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Compares what the compiler has computed with what the program computes.

#if !defined(CTNN_CONTRACTION_ALLOWED)
#define CTNN_SAME_BITS
#endif
#include "../opaque.hpp"

#include <ctnn.hpp>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <type_traits>

namespace phases {

using test_support::opaque;

/// Uniformly distributed values; they only have to be unremarkable.
template <class T, class Shape>
constexpr ctnn::tensor<T, Shape> numbers(std::uint64_t seed, double low = -1, double high = 1) {
    ctnn::random_engine engine{seed};
    ctnn::tensor<T, Shape> result{};
    for (T& element : result)
        element = ctnn::draw_uniform<T>(engine, static_cast<T>(low), static_cast<T>(high));
    return result;
}

/// The comparisons so far.
struct report {
    std::size_t compared = 0;
    std::size_t different = 0;
    double largest = 0;
    const char* where = "";
};
inline report total;

/// Compares element by element. Differences are in ulp of the largest element of the tensor: near zero, a single
/// contraction can change a result that should be zero by any number of its own ulp.
template <class T, class Shape>
void compare(const char* name, const ctnn::tensor<T, Shape>& constant, const ctnn::tensor<T, Shape>& computed) {
    using word = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    T size{};
    for (const T element : constant) size = std::fmax(size, std::fabs(element));
    const double unit = std::ldexp(static_cast<double>(std::numeric_limits<T>::epsilon()), std::ilogb(size));
    for (std::size_t i = 0; i < Shape::size; ++i) {
        ++total.compared;
        if (std::bit_cast<word>(constant[i]) == std::bit_cast<word>(computed[i])) continue;
        ++total.different;
        const double distance = std::fabs(static_cast<double>(constant[i]) - static_cast<double>(computed[i])) / unit;
        if (!(distance <= total.largest)) {
            total.largest = distance;
            total.where = name;
        }
#if !defined(CTNN_CONTRACTION_ALLOWED)
        std::printf("%s [%zu]: constant evaluation %a, run time %a\n", name, i, static_cast<double>(constant[i]),
                    static_cast<double>(computed[i]));
#endif
    }
}

template <class T>
void compare_number(const char* name, T constant, T computed) {
    using one = ctnn::tensor<T, ctnn::shape<1>>;
    compare(name, one{constant}, one{computed});
}

template <class Net>
void compare_networks(const char* name, const Net& constant, const Net& computed) {
    ctnn::for_each_tensor([name](const auto& first, const auto& second) { compare(name, first, second); }, constant,
                          computed);
}

/// What main() returns. Without contraction not a bit may differ; with it, no value by more than `bound` ulp.
inline int verdict([[maybe_unused]] double bound) {
    std::printf("%zu numbers compared, %zu differ, the largest difference is %.2f ulp %s\n", total.compared,
                total.different, total.largest, total.where);
#if defined(CTNN_CONTRACTION_ALLOWED)
    return total.compared > 0 && total.largest <= bound ? 0 : 1;
#else
    return total.compared > 0 && total.different == 0 ? 0 : 1;
#endif
}

}  // namespace phases
