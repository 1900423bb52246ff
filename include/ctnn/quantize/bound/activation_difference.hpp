// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// How far the activation of a quantised layer is from that of the layer, by how far their arguments are apart.

#include <ctnn/activation/activate.hpp>
#include <ctnn/activation/log_softmax.hpp>
#include <ctnn/activation/softmax.hpp>
#include <ctnn/config.hpp>
#include <ctnn/math/tanh.hpp>
#include <ctnn/quantize/bound/difference_lines.hpp>
#include <ctnn/quantize/layer/integer_activation.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/verify/activation/relaxation.hpp>
#include <ctnn/verify/activation/slopes.hpp>
#include <ctnn/verify/activation/softmax_relaxation.hpp>
#include <ctnn/verify/layer/interval_model.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

/// An activation f of one element, as a program in T computes it, between points of an interval.
template <class T, class Activation>
struct activation_over {
    using relaxed = activation_model<Activation>;
    /// Whether more is known than its values: its slopes, and its error.
    static constexpr bool has_slopes = slope_model<Activation>::is_known &&
                                       (std::is_same_v<Activation, identity> || std::is_same_v<Activation, relu> ||
                                        requires { typename relaxed::facts; });

    /// Its values.
    static constexpr interval values(const interval& z) {
        const relaxation lines = relaxed::template over<T>(z.lower, z.upper);
        return {lines.lowest, lines.highest};
    }
    /// By how much a computed value, in T or in `double`, may be away from f.
    static constexpr double error(const interval& z) {
        if constexpr (requires { typename relaxed::facts; }) {
            using facts = typename relaxed::facts;
            return error_with_sample<T>(facts::ulps) * values(z).reach() +
                   error_with_sample<T>(facts::argument_ulps) * z.reach() +
                   (4 + 2 * z.reach()) * (underflow<T> + underflow<double>);
        } else {
            return 0;
        }
    }
    /// Its slopes between two points.
    static constexpr slope_range slopes(const interval& z) {
        if (!is_bound(z.upper - z.lower)) return {-no_bound, no_bound};
        return slope_model<Activation>::over(z.lower, z.upper);
    }
    /// The lines of f(v) - f(z) for v - z = d.
    static constexpr relaxation difference(const interval& z, const interval& v, const interval& d) {
        const interval all = outer_difference(values(v), values(z));
        if constexpr (has_slopes) {
            const interval both = hull_of(z, v);
            relaxation result = product_lines(slopes(both), d);
            const double twice_error = 2 * error(both);
            move(result, {-twice_error, twice_error});
            restrict_to(result, all);
            return result;
        } else {
            return constant_relaxation(all.lower, all.upper);
        }
    }
};

/// The numbers that 8-bit integers represent.
constexpr clamp_to representable(const quantization& q) {
    return {q.lower(), q.upper()};
}
/// Half a step, and what is lost before rounding to integers: x is converted to float and divided.
constexpr double quantization_error(const quantization& q, double reach) {
    return static_cast<double>(q.scale) * (0.5 + 1e-12) + 4 * unit_roundoff<float> * reach +
           8 * static_cast<double>((std::numeric_limits<float>::min)());
}

/// Real numbers that are quantised at the end: Q(y') - y, where y' - y has the lines `lines`, and y and y' are in intervals.
constexpr relaxation quantised_lines(const quantization& to, const relaxation& lines, const interval& y,
                                     const interval& other) {
    const clamp_to clamp = representable(to);
    const double error = quantization_error(to, larger(y.reach(), other.reach()));
    const interval rounded = other.widened(error);
    relaxation result = lines;
    move(result, {-error, error});
    const slope_range slopes = clamp.slopes(hull_of(y, rounded));
    // Where it may be clamped, nothing but the ends of the intervals is used.
    if (slopes.least != 1) {
        const interval range{smaller(slopes.most * result.lowest, 0), larger(slopes.most * result.highest, 0)};
        result = constant_relaxation(range.lower, range.upper);
        move(result, {-clamp.excess(y.upper), -clamp.excess(y.lower)});
    }
    restrict_to(result, outer_difference(clamp(rounded), y));
    return result;
}

/// By how much the rounding of a rescaled sum moves what it represents, about z + d; infinite where it may not fit 32 bits.
template <class Layer>
constexpr double rescaling_error(const Layer& layer, [[maybe_unused]] std::size_t channel, const interval& z,
                                 const interval& d) {
    const double step = static_cast<double>(layer.activation.linear().scale), size = outer_sum(z, d).reach() / step;
    if (!(size < 1073741824.0)) return no_bound;
    if constexpr (requires { layer.factors; })
        return step * (layer.factors.error(channel, size) + 1e-12);
    else
        return 0;
}

/// The lines of what `layer` makes of integers less f(z): of sums that represent z + d, or, if it has no weights, of its inputs.
template <class T, class Rounding, class Activation, class Layer>
constexpr relaxation integer_lines(const Layer& layer, std::size_t channel, const interval& z, const interval& d,
                                   const interval& y) {
    const quantization linear = layer.activation.linear(), output = layer.activation.output;
    const double step = static_cast<double>(linear.scale), error = rescaling_error(layer, channel, z, d);
    if (!is_bound(error)) return unbounded_relaxation;
    const interval noisy = d.widened(error), v = outer_sum(z, noisy);
    // From here on, the rescaled sum is v, and not rounded any more.
    using function = activation_over<T, Activation>;
    relaxation result{};
    if constexpr (Layer::activation_type::is_clamping) {
        const clamp_to clamp{output.number(layer.activation.lower), output.number(layer.activation.upper)};
        using bounds = clamping<Activation>;
        const clamp_to exact{bounds::has_lower ? bounds::lower : -no_bound,
                             bounds::has_upper ? bounds::upper : no_bound};
        result = saturated_lines(clamp, exact, z, noisy, y, function::error(z));
    } else {
        const clamp_to clamp = representable(linear);
        const interval w = clamp(v).widened(own_error(v.reach()));
        // The table, entry by entry: those that can be reached.
        interval table{no_bound, -no_bound}, values = table;
        for (std::int32_t q = quantization::least; q <= quantization::greatest; ++q) {
            const double at = linear.number(q);
            if (at < w.lower - step / 4 || at > w.upper + step / 4) continue;
            const double value = output.number(layer.activation.table[q - quantization::least]),
                         off = value - Activation{}(at);
            table = hull_of(table, {off, off});
            values = hull_of(values, {value, value});
        }
        if (!(table.lower <= table.upper)) return unbounded_relaxation;
        if constexpr (function::has_slopes) {
            const interval both = hull_of(w, z);
            const slope_range slopes = function::slopes(both);
            const double twice_error = 2 * function::error(both) + own_error(values.reach());
            // w - z is C(v) - C(z) and C(z) - z.
            result = product_lines(chained(slopes, clamp.slopes(hull_of(z, v))), noisy);
            const interval cut =
                interval{slopes.least, slopes.most} * interval{-clamp.excess(z.upper), -clamp.excess(z.lower)};
            move(result, outer_sum(table, cut).widened(twice_error));
        } else {
            result = constant_relaxation(-no_bound, no_bound);
        }
        const interval ends = outer_difference(values, y);
        restrict_to(result, ends);
        offer(result, noisy, 0, ends.lower, ends.upper);
    }
    // By how much the rounding of the sum changes what lines make of d.
    result.lower_offset -= magnitude(result.lower_slope) * error;
    result.upper_offset += magnitude(result.upper_slope) * error;
    return result;
}

/// The intervals of f(v) - f(z) for activations of rows. Of softmax, the logit of an output changes by t, what d[i] differs
/// from the others by, and |sigmoid(x + t) - sigmoid(x)| <= tanh(|t| / 4); of log_softmax, an output by d[i] less a mean of d.
template <class T, class Activation, std::size_t Width>
constexpr void row_difference(const double* z_lower, const double* z_upper, const interval* d, relaxation* lines) {
    using relaxed = activation_model<Activation>;
    double v_lower[Width]{}, v_upper[Width]{}, range = 0;
    relaxation of_z[Width]{}, of_v[Width]{};
    for (std::size_t i = 0; i < Width; ++i) {
        v_lower[i] = outer_sum({z_lower[i], z_upper[i]}, d[i]).lower;
        v_upper[i] = outer_sum({z_lower[i], z_upper[i]}, d[i]).upper;
        range = larger(range, larger(larger(-v_lower[i], v_upper[i]), larger(-z_lower[i], z_upper[i])));
    }
    relaxed::template over_row<T, Width>(z_lower, z_upper, of_z);
    relaxed::template over_row<T, Width>(v_lower, v_upper, of_v);
    for (std::size_t i = 0; i < Width; ++i) {
        const interval ends = outer_difference({of_v[i].lowest, of_v[i].highest}, {of_z[i].lowest, of_z[i].highest});
        lines[i] = constant_relaxation(ends.lower, ends.upper);
        if constexpr (std::is_same_v<Activation, softmax> || std::is_same_v<Activation, log_softmax>) {
            // As in softmax_relaxation.hpp, for both programs.
            const double relative =
                gamma<T>(Width + 16 + static_cast<std::size_t>(std::numeric_limits<T>::max_exponent)) +
                4 * own_rounding;
            interval others{no_bound, -no_bound};
            for (std::size_t j = 0; j < Width; ++j)
                if (j != i) others = hull_of(others, d[j]);
            if constexpr (Width == 1) others = d[i];
            const interval change = outer_difference(d[i], others);
            interval of_output{};
            double error = 0;
            if constexpr (std::is_same_v<Activation, softmax>) {
                of_output = {change.lower < 0 ? math::tanh(change.lower / 4) : 0,
                             change.upper > 0 ? math::tanh(change.upper / 4) : 0};
                error = relative * 2 + 8 * static_cast<double>((std::numeric_limits<T>::min)());
            } else {
                of_output = {smaller(change.lower, 0), larger(change.upper, 0)};
                const double size = larger(magnitude(of_z[i].lowest), magnitude(of_v[i].lowest));
                error = 2 * (relative * (1 + size) + gamma<T>(8) * 2 * range) +
                        8 * static_cast<double>((std::numeric_limits<T>::min)());
            }
            const interval widened = of_output.widened(error + own_error(range + 1));
            restrict_to(lines[i], widened);
            lines[i].lower_offset = lines[i].lowest;
            lines[i].upper_offset = lines[i].highest;
        }
    }
}

}  // namespace CTNN_NAMESPACE::detail
