// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Layers that a proof bounds by intervals alone, and the arithmetic of intervals for them.

#include <ctnn/config.hpp>
#include <ctnn/verify/layer/layer_prover.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>
#include <limits>

namespace CTNN_NAMESPACE {

/// What a proof needs of a layer of `double` that is not linear: `is_known`, and `over<T>(layer, lower, upper, y_lower,
/// y_upper)`, which writes bounds of the outputs that a program in T computes for inputs between `lower` and `upper`, and
/// returns false if a value may overflow. Specialise it for a custom layer.
template <class Layer>
struct interval_model {
    static constexpr bool is_known = false;
};

namespace detail {

struct interval {
    double lower, upper;

    /// The largest magnitude.
    constexpr double reach() const { return larger(-lower, upper); }
    constexpr interval widened(double by) const { return {lower - by, upper + by}; }
};

/// The exact product, before rounding.
constexpr interval operator*(const interval& x, const interval& y) {
    const double ends[]{x.lower * y.lower, x.lower * y.upper, x.upper * y.lower, x.upper * y.upper};
    interval result{ends[0], ends[0]};
    for (const double end : ends) {
        result.lower = end < result.lower ? end : result.lower;
        result.upper = end > result.upper ? end : result.upper;
    }
    return result;
}

/// A sum of products that a program computes in T, in any order of additions, fused or not.
template <class T>
class interval_sum {
  public:
    constexpr void add(const interval& term) {
        sum_.lower += term.lower;
        sum_.upper += term.upper;
        reach_ += term.reach();
        ++terms_;
    }
    constexpr void add_product(double weight, const interval& x) {
        sum_.lower += weight * (weight > 0 ? x.lower : x.upper);
        sum_.upper += weight * (weight > 0 ? x.upper : x.lower);
        reach_ += magnitude(weight) * x.reach();
        ++terms_;
    }
    constexpr void add_product(const interval& x, const interval& y) { add(x * y); }

    /// What the program computes; `finite` becomes false if it may overflow.
    constexpr interval rounded(bool& finite) const {
        const double terms = static_cast<double>(terms_ + 1),
                     error = gamma<T>(terms_ + 1) * reach_ + terms * (underflow<T> + 8 * underflow<double>);
        finite = finite && reach_ + error < static_cast<double>((std::numeric_limits<T>::max)());
        return finite ? sum_.widened(error + 2 * own_error(reach_ + error)) : interval{};
    }

  private:
    interval sum_{};
    double reach_ = 0;
    std::size_t terms_ = 0;
};

/// Bounds of its outputs, whatever its inputs in the box are.
template <class T, class Layer>
requires(interval_model<Layer>::is_known) struct layer_prover<T, Layer> {
    static constexpr bool is_known = true, is_linear = false;
    static constexpr std::size_t inputs = Layer::input_shape::size, outputs = Layer::output_shape::size;
    using inner_bounds = no_inner_bounds;

    double least[outputs], most[outputs];

    static constexpr void make_magnitudes(Layer&) {}

    template <class Outer>
    constexpr bool interval(const Layer& net, const Layer&, const double* lower, const double* upper, double* z_lower,
                            double* z_upper, inner_bounds&, const inner_bounds*, Outer&&) {
        if (!interval_model<Layer>::template over<T>(net, lower, upper, z_lower, z_upper)) return false;
        for (std::size_t i = 0; i < outputs; ++i) {
            const double own = own_error(larger(-z_lower[i], z_upper[i]));
            least[i] = z_lower[i] - own;
            most[i] = z_upper[i] + own;
        }
        return true;
    }

    template <std::size_t Rows>
    constexpr void backward(const Layer&, double* a, double* bounds) const {
        for (std::size_t row = 0; row < Rows; ++row) {
            double sum = 0;
            for (std::size_t i = 0; i < outputs; ++i) {
                const double factor = a[row * outputs + i];
                if (factor != 0) sum += factor * (factor > 0 ? least[i] : most[i]);
            }
            bounds[row] += sum - 4 * underflow<double> * static_cast<double>(outputs);
        }
        for (std::size_t i = 0; i < Rows * inputs; ++i) a[i] = 0;
    }
    /// Each input may influence each output.
    constexpr void influence(const Layer&, double* a) const {
        double sum = 0;
        for (std::size_t i = 0; i < outputs; ++i) sum += a[i];
        for (std::size_t i = 0; i < inputs; ++i) a[i] = sum;
    }
};

}  // namespace detail

}  // namespace CTNN_NAMESPACE
