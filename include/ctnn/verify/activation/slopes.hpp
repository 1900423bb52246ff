// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Bounds of the derivative of an activation over an interval.

#include <ctnn/activation/identity.hpp>
#include <ctnn/activation/relu.hpp>
#include <ctnn/config.hpp>
#include <ctnn/verify/activation/relaxation.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// least <= dy/dz <= most.
struct slope_range {
    double least, most;
};

/// What a proof about derivatives needs of an activation: `is_known`, and `over(lower, upper)`, bounds of dy/dz between; at a
/// kink, of the derivatives on both sides. Specialise it for a custom activation.
template <class Activation>
struct slope_model {
    static constexpr bool is_known = false;
};
template <>
struct slope_model<identity> {
    static constexpr bool is_known = true;
    static constexpr slope_range over(double, double) { return {1, 1}; }
};
template <>
struct slope_model<relu> {
    static constexpr bool is_known = true;
    static constexpr slope_range over(double lower, double upper) {
        return {lower > 0 ? 1.0 : 0.0, upper < 0 ? 0.0 : 1.0};
    }
};

/// Between its kinks, dy/dz is no farther from its value at a sample than the curvature times the distance.
template <class Activation>
requires requires {
    typename activation_model<Activation>::facts;
}
struct slope_model<Activation> {
    using facts = typename activation_model<Activation>::facts;
    static constexpr bool is_known = true;
    static constexpr std::size_t pieces = 16;
    static constexpr double beside_kink = 1e-9;

    static constexpr slope_range over(double lower, double upper) {
        slope_range result{detail::no_bound, -detail::no_bound};
        const auto include = [&result](double z) {
            const double slope = Activation::derivative(z, Activation{}(z));
            result.least = slope < result.least ? slope : result.least;
            result.most = detail::larger(result.most, slope);
        };
        // Every point has an end of its piece on its side of a kink, or lies between two kinks. At a kink, both sides.
        const double piece = (upper - lower) / pieces;
        for (std::size_t i = 0; i < pieces; ++i) include(lower + piece * static_cast<double>(i));
        include(upper);
        for (std::size_t i = 1; i < sizeof(facts::kinks) / sizeof(double); ++i) {
            const double middle = facts::kinks[i - 1] / 2 + facts::kinks[i] / 2;
            if (lower < middle && middle < upper) include(middle);
        }
        for (const double kink : facts::kinks)
            if (lower <= kink && kink <= upper) {
                include(kink - beside_kink);
                include(kink + beside_kink);
            }
        const double error =
            facts::curvature * (piece + beside_kink) +
            detail::own_rounding * (1 + detail::magnitude(result.least) + detail::magnitude(result.most));
        return {detail::larger(result.least - error, facts::least_slope),
                result.most + error < facts::most_slope ? result.most + error : facts::most_slope};
    }
};

namespace detail {

/// Derivatives with exact signs: bounds are rounded outwards by a factor, and none that is not 0 is so small that its products
/// underflow.
constexpr double rounded_down(double x) {
    if (x > 0) return x < least_derivative ? 0 : x * (1 - own_rounding);
    return x < 0 && x > -least_derivative ? -least_derivative : x * (1 + own_rounding);
}

/// Whether no bound has overflown: where one has, nothing is known.
constexpr bool are_derivatives(const double* lower, const double* upper, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        if (!is_bound(lower[i]) || !is_bound(upper[i])) return false;
    return true;
}

/// A sum whose positive and negative terms are added apart.
struct signed_sum {
    double positive = 0, negative = 0;

    constexpr void add(double x) { (x > 0 ? positive : negative) += magnitude(x); }
    constexpr double lower() const { return difference(positive, negative); }
    constexpr double upper() const { return -difference(negative, positive); }

  private:
    static constexpr double difference(double x, double y) {
        if (x == 0 || y == 0) return rounded_down(x - y);
        return rounded_down(x * (1 - own_rounding) - y * (1 + own_rounding));
    }
};

/// Bounds of a derivative, times a slope.
constexpr void multiply_by_slope(const slope_range& by, double& lower, double& upper) {
    const double least = rounded_down(lower * (lower > 0 ? by.least : by.most)),
                 other_least = rounded_down(upper * (upper > 0 ? by.least : by.most)),
                 most = -rounded_down(-(upper * (upper > 0 ? by.most : by.least))),
                 other_most = -rounded_down(-(lower * (lower > 0 ? by.most : by.least)));
    lower = least < other_least ? least : other_least;
    upper = larger(most, other_most);
}

/// The same for each unit, by the bounds of its pre-activation z. Returns false if a derivative has overflown.
template <class Activation>
constexpr bool multiply_by_slopes(const double* z_lower, const double* z_upper, double* lower, double* upper,
                                  std::size_t count) {
    if (!are_derivatives(lower, upper, count)) return false;
    for (std::size_t i = 0; i < count; ++i)
        multiply_by_slope(slope_model<Activation>::over(z_lower[i], z_upper[i]), lower[i], upper[i]);
    return are_derivatives(lower, upper, count);
}

}  // namespace detail

}  // namespace CTNN_NAMESPACE
