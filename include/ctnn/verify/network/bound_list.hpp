// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Which bounds of a layer's pre-activations a proof improves, and by what.

#include <ctnn/config.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::detail {

/// Bounds of pre-activations z: lower ones (sign 1), and upper ones, lower bounds of the negative (sign -1).
template <std::size_t Capacity>
struct bound_list {
    static constexpr std::size_t units = Capacity / 2;
    std::size_t count, unit[Capacity];
    double sign[Capacity];

    constexpr void add(std::size_t i, double s) {
        unit[count] = i;
        sign[count++] = s;
    }

    /// Whether the sign of z is open.
    static constexpr bool is_open(const double* lower, const double* upper, std::size_t i) {
        return lower[i] < 0 && upper[i] > 0;
    }

    /// Both bounds of each unit that is open: whose sign is, if it is rectified.
    static constexpr bound_list open(const double* lower, const double* upper, bool is_rectified) {
        bound_list result{};
        for (std::size_t i = 0; i < units; ++i)
            if (is_rectified ? is_open(lower, upper, i) : lower[i] < upper[i]) {
                result.add(i, 1);
                result.add(i, -1);
            }
        return result;
    }
    /// By intervals alone, most units only seem to be open: the bound of each that is expected to decide its sign.
    static constexpr bound_list deciding(const double* lower, const double* upper) {
        bound_list result{};
        for (std::size_t i = 0; i < units; ++i)
            if (is_open(lower, upper, i)) result.add(i, upper[i] > -lower[i] ? 1 : -1);
        return result;
    }
    /// The other bound of those units that are still open.
    constexpr bound_list others(const double* lower, const double* upper) const {
        bound_list result{};
        for (std::size_t k = 0; k < count; ++k)
            if (is_open(lower, upper, unit[k])) result.add(unit[k], -sign[k]);
        return result;
    }
};

constexpr void intersect(double& lower, double& upper, double other_lower, double other_upper) {
    if (other_lower > lower && other_lower < no_bound) lower = other_lower;
    if (other_upper < upper && other_upper > -no_bound) upper = other_upper;
}

}  // namespace CTNN_NAMESPACE::detail
