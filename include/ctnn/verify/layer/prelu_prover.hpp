// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a proof does with `prelu`: lines of one slope around each unit.

#include <ctnn/config.hpp>
#include <ctnn/layer/prelu.hpp>
#include <ctnn/verify/activation/slopes.hpp>
#include <ctnn/verify/layer/layer_prover.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>
#include <limits>

namespace CTNN_NAMESPACE::detail {

/// y = x above 0, weights[f] x below: between two lines with the slope of its chord, of which one goes through its bend.
template <class T, class InputShape, std::size_t Dimension>
struct layer_prover<T, prelu_layer<double, InputShape, Dimension>> {
    using layer_type = prelu_layer<double, InputShape, Dimension>;
    static constexpr bool is_known = true, is_linear = true;
    static constexpr std::size_t inputs = InputShape::size, outputs = inputs;
    using inner_bounds = no_inner_bounds;

    double slope[inputs], lower_offset[inputs], upper_offset[inputs];
    slope_range slopes[inputs];
    double tiny;  ///< what products of the proof lose that underflow, in a row of coefficients

    static constexpr void make_magnitudes(layer_type& layer) {
        for (double& weight : layer.weights) weight = larger(1, magnitude(weight));
    }

    static constexpr bool keep_sign(layer_type& layer, bool) {
        for (const double weight : layer.weights)
            if (weight != 0 && magnitude(weight) < least_derivative) return false;
        return true;
    }

    template <class Outer>
    constexpr bool interval(const layer_type& net, const layer_type&, const double* lower, const double* upper,
                            double* z_lower, double* z_upper, inner_bounds&, const inner_bounds*, Outer&&) {
        bool finite = true;
        tiny = 4 * underflow<double>;
        layer_type::along::for_each_run(1, [&](std::size_t feature, std::size_t at) {
            const double below = net.weights[feature];
            if (!(magnitude(below) < 1e150)) finite = false;
            for (std::size_t i = at; finite && i < at + layer_type::along::inner; ++i) {
                if (!(larger(-lower[i], upper[i]) < 1e150)) finite = false;
                if (!finite) return;
                const double first = lower[i] > 0 ? lower[i] : below * lower[i],
                             last = upper[i] > 0 ? upper[i] : below * upper[i],
                             reach = larger(magnitude(first), magnitude(last)),
                             error = (lower[i] < 0 ? gamma<T>(1) * reach + underflow<T> : 0) + own_error(reach);
                const bool has_bend = lower[i] < 0 && upper[i] > 0;
                z_lower[i] = (first < last           ? has_bend && first > 0 ? 0 : first
                              : has_bend && last > 0 ? 0
                                                     : last) -
                             error;
                z_upper[i] = (first > last           ? has_bend && first < 0 ? 0 : first
                              : has_bend && last < 0 ? 0
                                                     : last) +
                             error;
                finite = finite && reach * 2 < static_cast<double>((std::numeric_limits<T>::max)());
                slope[i] = lower[i] >= 0 ? 1 : upper[i] <= 0 ? below : (last - first) / (upper[i] - lower[i]);
                slopes[i] = lower[i] > 0 || upper[i] < 0 ? slope_range{slope[i], slope[i]}
                                                         : slope_range{below < 1 ? below : 1, below < 1 ? 1 : below};
                // Of the ends and the bend, where y - slope x is least and largest.
                const double at_first = first - slope[i] * lower[i], at_last = last - slope[i] * upper[i];
                lower_offset[i] = at_first < at_last ? at_first : at_last;
                upper_offset[i] = larger(at_first, at_last);
                if (has_bend) {
                    lower_offset[i] = lower_offset[i] < 0 ? lower_offset[i] : 0;
                    upper_offset[i] = larger(upper_offset[i], 0);
                }
                const double size = larger(-lower[i], upper[i]),
                             own = error + 4 * own_error(magnitude(slope[i]) * size);
                lower_offset[i] -= own;
                upper_offset[i] += own;
                tiny += 4 * underflow<double> * (size + 1);
            }
        });
        return finite;
    }

    template <std::size_t Rows>
    constexpr void backward(const layer_type&, double* a, double* bounds) const {
        for (std::size_t row = 0; row < Rows; ++row, a += inputs) {
            double sum = 0;
            for (std::size_t i = 0; i < inputs; ++i) {
                sum += a[i] * (a[i] > 0 ? lower_offset[i] : upper_offset[i]);
                a[i] *= slope[i];
            }
            bounds[row] += sum - tiny;
        }
    }
    constexpr bool derive(const layer_type&, const layer_type&, const inner_bounds&, double* lower,
                          double* upper) const {
        for (std::size_t i = 0; i < inputs; ++i) multiply_by_slope(slopes[i], lower[i], upper[i]);
        return true;
    }
    constexpr void influence(const layer_type& magnitudes, double* a) const {
        layer_type::along::for_each_run(1, [&](std::size_t feature, std::size_t at) {
            for (std::size_t i = at; i < at + layer_type::along::inner; ++i) a[i] *= magnitudes.weights[feature];
        });
    }
};

}  // namespace CTNN_NAMESPACE::detail
