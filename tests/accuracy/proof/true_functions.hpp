// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Enclosures of the true functions over an interval.

#include "taylor_model.hpp"

namespace proof {

/// ln 2 and pi as sums of three doubles; the third is below the rounding of `wide`, and what is left out below 2^-160.
inline wide log_2() {
    return (wide(0x1.7b57a079a1934p-111) + wide(0x1.abc9e3b39803fp-56)) + wide(0x1.62e42fefa39efp-1);
}
inline wide pi() {
    return (wide(-0x1.f1976b7ed8fbcp-109) + wide(0x1.1a62633145c07p-53)) + wide(0x1.921fb54442d18p+1);
}
/// Newton's iteration from a root in `double`; its last step has a relative error of 2^-111.
inline wide root(wide x) {
    wide y = std::sqrt(static_cast<double>(x));
    for (int i = 0; i < 3; ++i) y = (y + x / y) / wide(2);
    return y;
}

/// The largest relative error of the functions of one `wide` that follow, with a margin of 2^6 or more: their series have
/// fewer than 2^8 terms that do not cancel, the rest of a series is below 2^-115, and reduced arguments are exact to
/// 2^-110 of 1.
inline constexpr magnitude value_error = 0x1p-94L;

/// e^x for |x| up to 2^14: x = k ln 2 + r.
inline wide exp_of(wide x) {
    if (positive(x) > wide(11000)) throw too_wide("an exponential");
    const auto k = static_cast<int>(std::nearbyint(static_cast<double>(x / log_2())));
    const wide high = wide(0x1.62e42fefa39efp-1), low = wide(0x1.abc9e3b39803fp-56) + wide(0x1.7b57a079a1934p-111),
               r = (x - wide(k) * high) - wide(k) * low;
    wide sum = 1;
    for (int i = 32; i > 0; --i) sum = wide(1) + r / wide(i) * sum;
    return sum * wide(std::ldexp(1.0L, k));
}
/// e^x - 1: its series where the difference would cancel.
inline wide expm1_of(wide x) {
    if (positive(x) > wide(0.5)) return exp_of(x) - wide(1);
    wide sum = 1;
    for (int i = 32; i > 1; --i) sum = wide(1) + x / wide(i) * sum;
    return x * sum;
}
/// 2 artanh(s) for |s| up to 0.18.
inline wide twice_artanh_of(wide s) {
    const wide z = s * s;
    wide sum = 0;
    for (int i = 63; i > 0; i -= 2) sum = sum * z + wide(1) / wide(i);
    return wide(2) * s * sum;
}
/// ln x for x > 0: x = 2^k m with m between sqrt(1/2) and sqrt 2, ln m = 2 artanh((m - 1) / (m + 1)).
inline wide log_of(wide x) {
    int k = std::ilogb(static_cast<long double>(x));
    x = x / wide(std::ldexp(1.0L, k));
    for (; x > wide(1.4142); ++k) x /= wide(2);
    return wide(k) * log_2() + twice_artanh_of((x - wide(1)) / (x + wide(1)));
}
inline wide log1p_of(wide x) {
    return positive(x) < wide(0.25) ? twice_artanh_of(x / (wide(2) + x)) : log_of(wide(1) + x);
}
/// erf x = 2 / sqrt pi e^(-x^2) sum 2^n x^(2n+1) / (2n+1)!!, whose terms are all positive for x > 0; |x| up to 7.
inline wide erf_of(wide x) {
    wide term = x, sum = x;
    for (int n = 1; n < 400; ++n) {
        term *= wide(2) * x * x / wide(2 * n + 1);
        sum += term;
        if (n > 200 && term < sum * wide(0x1p-120)) break;
    }
    return wide(2) / root(pi()) * exp_of(-x * x) * sum;
}

/// The value of a function at the constant of a Taylor model, as one.
inline taylor_model value(wide y) {
    return taylor_model(y).widened(size_of(y) * value_error + underflown);
}
/// (g - g0) / radius, whose magnitude is at most 1: `radius` is the largest of g - g0.
struct scaled_argument {
    magnitude radius;
    taylor_model t;

    explicit scaled_argument(const taylor_model& g) : radius(g.spread() * upwards), t(g) {
        t.set(0, 0);
        if (radius > 0) t = (t * taylor_model(wide(1) / wide(radius))).widened(4 * wide_roundoff);
    }
};

/// e^g = e^g0 sum v^i / i!, v = g - g0. Where g is far below 0, between 0 and its largest value.
inline taylor_model exp(const taylor_model& g) {
    const scaled_argument v(g);
    const wide highest = g.highest();
    if (v.radius > 0.5L || highest < wide(-10000)) {
        if (highest > wide(-20)) throw too_wide("an exponential");
        const wide half = highest < wide(-10000) ? wide(underflown) : exp_of(highest) / wide(2);
        return taylor_model::around(half, size_of(half) * (1 + value_error));
    }
    const wide radius(v.radius);
    taylor_model series(wide(1));
    wide term = 1;
    for (int i = 1; i < taylor_model::most; ++i) series.set(i, term = term * radius / wide(i));
    const magnitude left_out = size_of(term) * v.radius / taylor_model::most * 2;
    return value(exp_of(g.constant())) * series.widened(left_out + 32 * wide_roundoff * v.radius).of(v.t);
}
/// (e^g0 - 1) + e^g0 (e^v - 1).
inline taylor_model expm1(const taylor_model& g) {
    const scaled_argument v(g);
    if (v.radius > 0.5L) return exp(g) - taylor_model(1);
    taylor_model rest = g;
    rest.set(0, 0);
    const wide radius(v.radius);
    taylor_model series;
    wide term = 1;
    for (int i = 1; i < taylor_model::most; ++i) series.set(i, term = term * radius / wide(i));
    const magnitude left_out = size_of(term) * v.radius / taylor_model::most * 2;
    return value(expm1_of(g.constant())) +
           value(exp_of(g.constant())) * series.widened(left_out + 32 * wide_roundoff * v.radius).of(v.t);
}
/// ln(1 + g) = ln(1 + g0) + ln(1 + w) with w = (g - g0) / (1 + g0).
inline taylor_model log1p(const taylor_model& g) {
    const wide scale = wide(1) + g.constant();
    if (!(scale > wide(0))) throw too_wide("a logarithm");
    const magnitude w = g.spread() / static_cast<magnitude>(scale) * upwards * upwards * upwards;
    if (!(w < 0.5L)) throw too_wide("a logarithm");
    const wide ratio(w);
    taylor_model series;
    wide term = 1;
    for (int i = 1; i < taylor_model::most; ++i) {
        term = -term * ratio;
        series.set(i, -term / wide(i));
    }
    taylor_model t = g;
    t.set(0, 0);
    if (w > 0) t = (t * reciprocal(value(scale)) * taylor_model(wide(1) / ratio)).widened(4 * wide_roundoff);
    const magnitude left_out = taylor_model::power(w, taylor_model::most) / (1 - w);
    return value(log1p_of(g.constant())) + series.widened(left_out + 64 * wide_roundoff * w).of(t);
}
inline taylor_model log(const taylor_model& g) {
    const wide center = g.constant();
    if (!(center > wide(0))) throw too_wide("a logarithm");
    taylor_model rest = g;
    rest.set(0, 0);
    return value(log_of(center)) + log1p(rest / taylor_model(center));
}
/// erf(g0 + v) = erf g0 + 2 / sqrt pi times the integral of e^(-x^2).
inline taylor_model erf(const taylor_model& g) {
    if (g.constant() < wide(0)) return -erf(-g);
    if (g.lowest() > wide(6.5)) {
        // 1 - erf x < e^(-x^2), and 6.5^2 > 42.
        const wide tail = exp_of(-42);
        return taylor_model::around(wide(1) - tail / wide(2), size_of(tail));
    }
    const scaled_argument v(g);
    if (v.radius > 0.5L || g.constant() > wide(7)) throw too_wide("an error function");
    const taylor_model radius(wide(v.radius)), x = taylor_model::variable(g.constant(), radius.constant()),
                                               density = exp(-(x * x)) * radius * (taylor_model(2) / value(root(pi())));
    return value(erf_of(g.constant())) + density.integral().of(v.t);
}

}  // namespace proof
