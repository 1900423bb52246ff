// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The tolerance of the suite.

#include <cstddef>
#include <limits>

namespace conformance {

constexpr bool is_finite(double x) {
    return x >= -std::numeric_limits<double>::max() && x <= std::numeric_limits<double>::max();
}

/// |found - expected| <= 1e-7 + 1e-3 |expected|; nan matches nan, and an infinity only the same infinity.
constexpr bool near(double found, double expected) {
    if (found == expected || (found != found && expected != expected)) return true;
    if (!is_finite(found) || !is_finite(expected)) return false;
    const double difference = found < expected ? expected - found : found - expected;
    return difference <= 1e-7 + 1e-3 * (expected < 0 ? -expected : expected);
}
static_assert(near(1.0009, 1) && !near(1.0011, 1) && near(0, 0.99e-7) && !near(-1.1e-7, 0));
static_assert(!near(1, std::numeric_limits<double>::infinity()) && !near(std::numeric_limits<double>::infinity(), 1) &&
              !near(std::numeric_limits<double>::quiet_NaN(), 1));

/// All elements of two tensors.
template <class Tensor>
constexpr bool all_near(const Tensor& found, const Tensor& expected) {
    for (std::size_t i = 0; i < Tensor::size(); ++i)
        if (!near(double{found[i]}, double{expected[i]})) return false;
    return true;
}

}  // namespace conformance
