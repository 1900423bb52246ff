// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Lines around the difference of an activation at two points, as functions of the difference of the points.

#include <ctnn/config.hpp>
#include <ctnn/verify/activation/relaxation.hpp>
#include <ctnn/verify/activation/slopes.hpp>
#include <ctnn/verify/layer/interval_model.hpp>
#include <ctnn/verify/rounding.hpp>

namespace CTNN_NAMESPACE::detail {

constexpr double smaller(double x, double y) {
    return x < y ? x : y;
}
constexpr interval hull_of(const interval& x, const interval& y) {
    return {smaller(x.lower, y.lower), larger(x.upper, y.upper)};
}
constexpr interval outer_sum(const interval& x, const interval& y) {
    return interval{x.lower + y.lower, x.upper + y.upper}.widened(own_error(x.reach() + y.reach()));
}
/// x - y, each anywhere in its interval.
constexpr interval outer_difference(const interval& x, const interval& y) {
    return outer_sum(x, {-y.upper, -y.lower});
}

/// What an interval is clamped to, and what that takes away.
struct clamp_to {
    double least, most;

    constexpr double operator()(double x) const { return x < least ? least : x > most ? most : x; }
    constexpr interval operator()(const interval& x) const { return {(*this)(x.lower), (*this)(x.upper)}; }
    constexpr double excess(double x) const { return x - (*this)(x); }
    /// Slopes between two points of an interval.
    constexpr slope_range slopes(const interval& x) const {
        return {least <= x.lower && x.upper <= most ? 1.0 : 0.0, x.upper <= least || x.lower >= most ? 0.0 : 1.0};
    }
};

/// Slopes of f(g(x)), by those of f and of g, which does not fall.
constexpr slope_range chained(const slope_range& f, const slope_range& g) {
    return {f.least * (f.least > 0 ? g.least : g.most), f.most * (f.most > 0 ? g.most : g.least)};
}

/// y is moved by something in an interval.
constexpr void move(relaxation& lines, const interval& by) {
    lines.lower_offset += by.lower;
    lines.upper_offset += by.upper;
    lines.lowest += by.lower;
    lines.highest += by.upper;
}
/// y is known to be in an interval.
constexpr void restrict_to(relaxation& lines, const interval& range) {
    lines.lowest = larger(lines.lowest, range.lower);
    lines.highest = smaller(lines.highest, range.upper);
}
/// Another pair of lines of one slope; of each two, the one that is better in the middle of d is kept.
constexpr void offer(relaxation& lines, const interval& d, double slope, double lower_offset, double upper_offset) {
    const double middle = d.lower / 2 + d.upper / 2;
    if (slope * middle + lower_offset > lines.lower_slope * middle + lines.lower_offset) {
        lines.lower_slope = slope;
        lines.lower_offset = lower_offset;
    }
    if (slope * middle + upper_offset < lines.upper_slope * middle + lines.upper_offset) {
        lines.upper_slope = slope;
        lines.upper_offset = upper_offset;
    }
}

/// The lines of mu d for slopes mu of a range and d of an interval: max(least d, most d) is convex, and below its chord;
/// min(least d, most d) is concave.
///
/// *Source*: the relaxation of differences of relu in Paulsen, Wang, Wang and Wang, "NeuroDiff: Scalable Differential
/// Verification of Neural Networks using Fine-Grained Approximation", 2020, for any range of slopes.
constexpr relaxation product_lines(const slope_range& by, const interval& d) {
    const auto most = [&by](double x) { return larger(by.least * x, by.most * x); };
    const auto least = [&by](double x) { return smaller(by.least * x, by.most * x); };
    const double low = least(d.lower) < least(d.upper) ? least(d.lower) : least(d.upper),
                 high = larger(most(d.lower), most(d.upper));
    const bool is_open = d.lower < 0 && d.upper > 0;
    const double margin = own_error(magnitude(low) + magnitude(high) + larger(-by.least, by.most) * d.reach());
    relaxation result{};
    result.lowest = (is_open ? smaller(low, 0) : low) - margin;
    result.highest = (is_open ? larger(high, 0) : high) + margin;
    const double width = d.upper - d.lower;
    if (by.least == by.most || !(width > 0)) {
        result.lower_slope = result.upper_slope = width > 0 ? by.least : 0;
        result.lower_offset = (width > 0 ? 0 : low) - margin;
        result.upper_offset = (width > 0 ? 0 : high) + margin;
        return result;
    }
    const auto chord = [&](auto f) { return is_open ? (f(d.upper) - f(d.lower)) / width : 0; };
    result.upper_slope = is_open ? chord(most) : d.lower >= 0 ? by.most : by.least;
    result.lower_slope = is_open ? chord(least) : d.lower >= 0 ? by.least : by.most;
    result.upper_offset =
        larger(most(d.lower) - result.upper_slope * d.lower, most(d.upper) - result.upper_slope * d.upper) + 4 * margin;
    result.lower_offset =
        smaller(least(d.lower) - result.lower_slope * d.lower, least(d.upper) - result.lower_slope * d.upper) -
        4 * margin;
    return result;
}

/// The lines of C(v) - C(z), C a clamp, for v - z = d. Besides those of slopes: C(v) - C(z) itself is bounded, and so is what
/// it differs from d by, the excess of z less that of v.
constexpr relaxation clamp_lines(const clamp_to& clamp, const interval& z, const interval& v, const interval& d) {
    relaxation result = product_lines(clamp.slopes(hull_of(z, v)), d);
    const interval clamped = outer_difference(clamp(v), clamp(z));
    const double margin = own_error(z.reach() + v.reach());
    offer(result, d, 1, clamp.excess(z.lower) - clamp.excess(v.upper) - margin,
          clamp.excess(z.upper) - clamp.excess(v.lower) + margin);
    offer(result, d, 0, clamped.lower, clamped.upper);
    restrict_to(result, clamped);
    return result;
}

/// The lines of C(z + d) - y for clamps C and E, where y, in its interval, is E(z) up to `error`: C(z + d) - C(z), and the piecewise
/// linear C(z) - E(z), which is looked at where it bends, and at the ends.
constexpr relaxation saturated_lines(const clamp_to& clamp, const clamp_to& exact, const interval& z, const interval& d,
                                     const interval& y, double error) {
    const interval v = outer_sum(z, d);
    relaxation result = clamp_lines(clamp, z, v, d);
    interval off{no_bound, -no_bound};
    for (const double at : {z.lower, z.upper, clamp.least, clamp.most, exact.least, exact.most})
        if (z.lower <= at && at <= z.upper) off = hull_of(off, {clamp(at) - exact(at), clamp(at) - exact(at)});
    move(result, off.widened(error + own_error(z.reach())));
    restrict_to(result, outer_difference(clamp(v), y));
    return result;
}
inline constexpr clamp_to no_clamp{-no_bound, no_bound};

}  // namespace CTNN_NAMESPACE::detail
