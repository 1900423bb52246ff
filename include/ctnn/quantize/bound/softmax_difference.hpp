// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// How far softmax of integers is from that of the network.

#include <ctnn/activation/softmax.hpp>
#include <ctnn/config.hpp>
#include <ctnn/math/exp.hpp>
#include <ctnn/quantize/bound/activation_difference.hpp>
#include <ctnn/quantize/bound/difference_lines.hpp>
#include <ctnn/quantize/bound/layer_kinds.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/verify/activation/relaxation.hpp>
#include <ctnn/verify/activation/softmax_relaxation.hpp>
#include <ctnn/verify/layer/interval_model.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::detail {

/// By how much the quotient of `rule`, before it is rounded to 8 bits, may be away from softmax of the numbers of `terms` integers of
/// scale `step`: infinite where nothing is known.
///
/// With a for the largest error of an exponential, looked at one by one, and t for that of a term of the sum by itself, the sum, at least
/// 1, is off by at most n (a + t), and so the quotient by (a + n (a + t)) / (1 - n (a + t)), and by its own rounding.
template <class Rule>
constexpr double softmax_error(const Rule& rule, double step, std::size_t terms) {
    if (!rule.is_valid() || terms > Rule::most_terms) return no_bound;
    double error = 0;
    for (std::int32_t below = 0; below < 256; ++below)
        error = larger(error, magnitude(rule.exponential(below) - math::exp(-step * below)));
    error += 1e-12;
    const double of_sum = static_cast<double>(terms) * (error + Rule::term_error);
    if (!(of_sum < 0.5)) return no_bound;
    return (error + of_sum + Rule::quotient_error(terms)) / (1 - of_sum) * (1 + 1e-9);
}

/// The intervals of q - f(z) for one row of softmax, whose first element is number `first`, where sums represent z + d and f(z) is in
/// y: how far the softmax of the integers' numbers is from f(z), and how far q from that. The largest integer is below 1.
template <class T, std::size_t Width, class Layer>
constexpr void softmax_of_integers(const Layer& layer, std::size_t first, const double* z_lower, const double* z_upper,
                                   const interval* y, const interval* d, relaxation* lines) {
    const quantization linear = layer.activation.linear(), output = layer.activation.output;
    const double error = softmax_error(layer.activation.rule, static_cast<double>(linear.scale), Width);
    bool is_known = is_bound(error) && output == quantization{1.0f / 256, -128};
    interval of_w[Width]{};
    for (std::size_t i = 0; i < Width; ++i) {
        const interval z{z_lower[i], z_upper[i]};
        const double rounding = rescaling_error(layer, channel_of<Layer>(first + i), z, d[i]);
        is_known = is_known && is_bound(rounding);
        if (!is_known) break;
        const relaxation w = saturated_lines(representable(linear), no_clamp, z, d[i].widened(rounding), z, 0);
        of_w[i] = {w.lowest, w.highest};
    }
    if (is_known) row_difference<T, softmax, Width>(z_lower, z_upper, of_w, lines);
    for (std::size_t i = 0; i < Width; ++i) {
        if (!is_known) {
            lines[i] = unbounded_relaxation;
            continue;
        }
        const double off = error + 1.0 / 512, most = smaller(1, y[i].upper + lines[i].highest);
        const interval all =
            outer_sum({lines[i].lowest, lines[i].highest}, {smaller(-off, output.upper() - most), off});
        const interval ends = outer_difference({0, output.upper()}, y[i]);
        lines[i] = constant_relaxation(larger(all.lower, ends.lower), smaller(all.upper, ends.upper));
    }
}

}  // namespace CTNN_NAMESPACE::detail
