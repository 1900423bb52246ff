// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Layer normalisation in a proof.

#include <ctnn/config.hpp>
#include <ctnn/layer/normalization/layer_norm.hpp>
#include <ctnn/math/ratio.hpp>
#include <ctnn/math/sqrt.hpp>
#include <ctnn/verify/layer/interval_model.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>
#include <limits>

namespace CTNN_NAMESPACE {

namespace detail {

/// z = d / sqrt(mean of d^2 + epsilon) with d = x - mean of x, for a row of `Width`. Each z rises with its own d, and its
/// magnitude falls with the squares of the others: a bound is at an end of its d, and at the least or the largest rest.
template <class Epsilon, std::size_t Width>
struct normalised_row {
    static constexpr double epsilon = math::from_ratio<double, typename Epsilon::ratio>;

    template <class T>
    static constexpr bool over(const double* lower, const double* upper, interval* z) {
        constexpr double n = static_cast<double>(Width), most = static_cast<double>((std::numeric_limits<T>::max)());
        // Squares that underflow vanish beside epsilon.
        if (!(epsilon > static_cast<double>((std::numeric_limits<T>::min)()) * 0x1p30 * n)) return false;
        double sum_lower = 0, sum_upper = 0, reach = 0;
        for (std::size_t i = 0; i < Width; ++i) {
            sum_lower += lower[i];
            sum_upper += upper[i];
            reach += larger(-lower[i], upper[i]);
        }
        if (!(reach * 2 < most)) return false;
        // The mean, and one more subtraction.
        const double error = gamma<T>(Width + 4) * 2 * reach + 4 * underflow<T> + 2 * own_error(reach);
        interval d[Width]{};
        double least_squares = 0, largest_squares = 0;
        for (std::size_t i = 0; i < Width; ++i) {
            d[i].lower = lower[i] - (sum_upper - upper[i] + lower[i]) / n - error;
            d[i].upper = upper[i] - (sum_lower - lower[i] + upper[i]) / n + error;
            least_squares += least_square(d[i]);
            largest_squares += square(d[i].reach());
        }
        if (!(largest_squares * 2 < most)) return false;
        // Roundings of the squares and their mean, the root, the division and the product, and those of the proof.
        const double relative = gamma<T>(Width + 12) + 4 * own_rounding;
        for (std::size_t i = 0; i < Width; ++i) {
            const double least_rest = larger(0, least_squares - least_square(d[i]) - 4 * own_rounding * least_squares),
                         largest_rest = largest_squares - square(d[i].reach()) + 4 * own_rounding * largest_squares;
            const auto normal = [&](double of, bool outwards) {
                return of / math::sqrt((square(of) + (outwards ? least_rest : largest_rest)) / n + epsilon);
            };
            const double first = normal(d[i].lower, d[i].lower < 0), last = normal(d[i].upper, d[i].upper > 0);
            z[i] = {first - relative * magnitude(first) - 4 * underflow<T>,
                    last + relative * magnitude(last) + 4 * underflow<T>};
        }
        return true;
    }

  private:
    static constexpr double square(double x) { return x * x; }
    static constexpr double least_square(const interval& x) {
        return x.lower > 0 ? square(x.lower) : x.upper < 0 ? square(x.upper) : 0;
    }
};

}  // namespace detail

template <class InputShape, class Activation, class Epsilon>
struct interval_model<plain_layer_norm_layer<double, InputShape, Activation, Epsilon>> {
    using layer_type = plain_layer_norm_layer<double, InputShape, Activation, Epsilon>;
    static constexpr bool is_known = Epsilon::ratio::num > 0;

    template <class T>
    static constexpr bool over(const layer_type&, const double* lower, const double* upper, double* y_lower,
                               double* y_upper) {
        for (std::size_t at = 0; at < InputShape::size; at += layer_type::width) {
            detail::interval z[layer_type::width]{};
            if (!detail::normalised_row<Epsilon, layer_type::width>::template over<T>(lower + at, upper + at, z))
                return false;
            for (std::size_t i = 0; i < layer_type::width; ++i) {
                y_lower[at + i] = z[i].lower;
                y_upper[at + i] = z[i].upper;
            }
        }
        return true;
    }
};

template <class InputShape, class Activation, class Epsilon>
struct interval_model<layer_norm_layer<double, InputShape, Activation, Epsilon>> {
    using layer_type = layer_norm_layer<double, InputShape, Activation, Epsilon>;
    static constexpr bool is_known = Epsilon::ratio::num > 0;

    template <class T>
    static constexpr bool over(const layer_type& net, const double* lower, const double* upper, double* y_lower,
                               double* y_upper) {
        bool finite = true;
        for (std::size_t at = 0; finite && at < InputShape::size; at += layer_type::width) {
            detail::interval z[layer_type::width]{};
            finite = detail::normalised_row<Epsilon, layer_type::width>::template over<T>(lower + at, upper + at, z);
            for (std::size_t i = 0; finite && i < layer_type::width; ++i) {
                detail::interval_sum<T> sum;
                sum.add_product(net.weights[i], z[i]);
                sum.add({net.bias[i], net.bias[i]});
                const detail::interval y = sum.rounded(finite);
                y_lower[at + i] = y.lower;
                y_upper[at + i] = y.upper;
            }
        }
        return finite;
    }
};

}  // namespace CTNN_NAMESPACE
