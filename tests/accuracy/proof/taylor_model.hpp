// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Taylor models: enclosures of functions over an interval, by a polynomial and a bound of what it leaves out.

#include <cfloat>
#include <cmath>
#include <stdexcept>

namespace proof {

/// 113 bits, with exponents down to 2^-16494. Only + - * / are used, each rounded to nearest.
__extension__ typedef __float128 wide;
inline constexpr long double wide_roundoff = 0x1p-113L;

/// Upper bounds of magnitudes: 64 bits and the exponents of `wide`. A bound is computed with fewer than 2^12 operations
/// of nonnegative numbers from the last multiplication by `upwards` on, whose roundings that covers.
using magnitude = long double;
static_assert(LDBL_MANT_DIG >= 64 && LDBL_MIN_EXP <= -16381, "bounds are computed with long double of x86");
inline constexpr magnitude upwards = 1 + 0x1p-50L;
/// More than whatever underflows in `wide` and `magnitude` loses.
inline constexpr magnitude underflown = 0x1p-15000L;

/// Said where an enclosure would be too wide to be of use: the interval has to be cut.
struct too_wide : std::runtime_error {
    explicit too_wide(const char* where) : std::runtime_error(where) {}
};

inline wide positive(wide x) {
    return x < wide(0) ? -x : x;
}
inline magnitude size_of(wide x) {
    return static_cast<magnitude>(positive(x)) * upwards;
}

/// g(x) lies within `rest` of sum c[i] t^i, for x = center + radius t and every t in [-1, 1].
///
/// *Source*: M. Berz and G. Hoffstätter, "Computation and application of Taylor polynomials with interval remainder
/// bounds", Reliable Computing 4, 1998; with the rounding of coefficients added to the remainder, as there.
class taylor_model {
  public:
    static constexpr int degree = 10, most = degree + 1;

    taylor_model() = default;
    taylor_model(wide constant) { c_[0] = constant; }
    static taylor_model variable(wide center, wide radius) {
        taylor_model x(center);
        x.c_[1] = radius;
        x.terms_ = 2;
        return x;
    }
    /// Anything within `rest` of `constant`.
    static taylor_model around(wide constant, magnitude rest) { return taylor_model(constant).widened(rest); }

    wide constant() const { return c_[0]; }
    bool is_constant() const { return terms_ == 1 && rest_ == 0; }
    magnitude rest() const { return rest_; }
    wide coefficient(int i) const { return i < terms_ ? c_[i] : wide(0); }

    taylor_model widened(magnitude by) const {
        taylor_model result(*this);
        result.rest_ = (rest_ + by) * upwards;
        if (!(result.rest_ < 0x1p16000L)) throw too_wide("a remainder");
        return result;
    }
    /// How far it is from its constant at most.
    magnitude spread() const {
        magnitude sum = rest_;
        for (int i = 1; i < terms_; ++i) sum += size_of(c_[i]);
        return sum * upwards;
    }
    magnitude size() const { return (spread() + size_of(c_[0])) * upwards; }
    wide lowest() const { return end(-1); }
    wide highest() const { return end(1); }

    friend taylor_model operator-(const taylor_model& a) {
        taylor_model result(a);
        for (int i = 0; i < a.terms_; ++i) result.c_[i] = -a.c_[i];
        return result;
    }
    friend taylor_model operator+(const taylor_model& a, const taylor_model& b) { return combined(a, b, false); }
    friend taylor_model operator-(const taylor_model& a, const taylor_model& b) { return combined(a, b, true); }
    friend taylor_model operator*(const taylor_model& a, const taylor_model& b) {
        magnitude a_size[most], b_size[most], a_sum = 0, b_sum = 0, lost = 0;
        for (int i = 0; i < a.terms_; ++i) a_sum += a_size[i] = size_of(a.c_[i]);
        for (int i = 0; i < b.terms_; ++i) b_sum += b_size[i] = size_of(b.c_[i]);
        taylor_model result;
        result.terms_ = a.terms_ + b.terms_ - 1 < most ? a.terms_ + b.terms_ - 1 : most;
        for (int i = 0; i < a.terms_; ++i)
            for (int j = 0; j < b.terms_; ++j)
                if (i + j < most)
                    result.c_[i + j] += a.c_[i] * b.c_[j];
                else
                    lost += a_size[i] * b_size[j];
        // A coefficient is a sum of at most 11 products, each of which meets at most 12 roundings.
        const magnitude rounding = 16 * wide_roundoff * a_sum * b_sum + underflown;
        return result.widened((lost + rounding + a.rest_ * b_sum + b.rest_ * a_sum + a.rest_ * b.rest_) * upwards);
    }
    /// 1/g = 1/g0 sum (-w)^i with w = (g - g0) / g0.
    friend taylor_model reciprocal(const taylor_model& g) {
        const wide inverse = wide(1) / g.c_[0];
        const magnitude w = g.spread() / size_of(g.c_[0]) * upwards * upwards;
        if (!(w < 0.5L)) throw too_wide("a reciprocal");
        taylor_model series;
        series.terms_ = most;
        for (int i = 0; i < most; ++i) series.c_[i] = i % 2 == 0 ? inverse : -inverse;
        if (g.is_constant()) return taylor_model(inverse).widened(size_of(inverse) * wide_roundoff);
        taylor_model argument = g;
        argument.c_[0] = 0;
        argument = argument * inverse;
        // `inverse` is rounded: w has a relative error, and so has the result.
        argument = argument.widened(argument.size() * 4 * wide_roundoff);
        return series.of(argument).widened(size_of(inverse) *
                                           (power(w, most) / (1 - w) * upwards + 32 * wide_roundoff / (1 - w)));
    }
    friend taylor_model operator/(const taylor_model& a, const taylor_model& b) { return a * reciprocal(b); }

    /// This polynomial of t, with its remainder, at another t, whose magnitude is at most 1.
    taylor_model of(const taylor_model& t) const {
        taylor_model result(c_[terms_ - 1]);
        for (int i = terms_ - 2; i >= 0; --i) result = result * t + taylor_model(c_[i]);
        return result.widened(rest_);
    }
    /// The integral over t from 0.
    taylor_model integral() const {
        taylor_model result;
        result.terms_ = terms_ < degree ? terms_ + 1 : most;
        magnitude rounding = 0;
        for (int i = 0; i + 1 < result.terms_; ++i) {
            result.c_[i + 1] = c_[i] / wide(i + 1);
            rounding += size_of(c_[i]) * wide_roundoff;
        }
        const magnitude lost = terms_ == most ? size_of(c_[degree]) / most : 0;
        return result.widened(rest_ + (rounding + lost) * upwards + underflown);
    }

    static magnitude power(magnitude x, int n) {
        magnitude result = 1;
        for (int i = 0; i < n; ++i) result *= x * upwards;
        return result;
    }
    void set(int i, wide coefficient) {
        c_[i] = coefficient;
        if (i >= terms_) terms_ = i + 1;
    }

  private:
    wide end(int side) const {
        const magnitude radius = spread();
        if (radius == 0) return c_[0];
        return c_[0] + wide(side) * wide((radius + size_of(c_[0]) * 8 * wide_roundoff + underflown) * upwards);
    }
    static taylor_model combined(const taylor_model& a, const taylor_model& b, bool subtract) {
        taylor_model result;
        result.terms_ = a.terms_ > b.terms_ ? a.terms_ : b.terms_;
        magnitude rounding = 0;
        for (int i = 0; i < result.terms_; ++i) {
            const wide x = i < a.terms_ ? a.c_[i] : wide(0),
                       y = i < b.terms_ ? (subtract ? -b.c_[i] : b.c_[i]) : wide(0);
            result.c_[i] = x + y;
            // Exact where the sum minus either term is the other one.
            if (result.c_[i] - x != y || result.c_[i] - y != x) rounding += size_of(result.c_[i]) * wide_roundoff;
        }
        return result.widened(a.rest_ + b.rest_ + rounding * upwards);
    }

    wide c_[most]{};
    int terms_ = 1;
    magnitude rest_ = 0;
};

}  // namespace proof
