// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Intervals of what a network and a network of integers compute of one value, and what sums, products and gates make of them.

#include <ctnn/activation/sigmoid.hpp>
#include <ctnn/activation/tanh.hpp>
#include <ctnn/config.hpp>
#include <ctnn/quantize/bound/difference_lines.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/verify/activation/relaxation.hpp>
#include <ctnn/verify/activation/slopes.hpp>
#include <ctnn/verify/layer/interval_model.hpp>
#include <ctnn/verify/layer/recurrent_intervals.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

/// Where y is, what the network's program computes, and the difference y' - y, where y' is what integers represent.
struct value_pair {
    interval y, d;

    /// Where y' is.
    constexpr interval other() const { return outer_sum(y, d); }
    /// The largest magnitude of y and y'.
    constexpr double reach() const { return y.reach() + d.reach(); }
    /// After a rounding of y by at most `of_y`, and of y' by at most `of_other`.
    constexpr value_pair rounded(double of_y, double of_other) const {
        return {y.widened(of_y), d.widened(of_y + of_other)};
    }
    /// After y' is clamped.
    constexpr value_pair clamped(const clamp_to& to) const {
        const interval before = other(), after = outer_difference(to(before), y);
        const double own = own_error(reach());
        return {y,
                {larger(d.lower - to.excess(before.upper) - own, after.lower),
                 smaller(d.upper - to.excess(before.lower) + own, after.upper)}};
    }
};

constexpr value_pair operator+(const value_pair& a, const value_pair& b) {
    return {outer_sum(a.y, b.y), outer_sum(a.d, b.d)};
}
/// a' b' - a b = a' (b' - b) + (a' - a) b.
constexpr value_pair operator*(const value_pair& a, const value_pair& b) {
    const double own = 4 * own_error(a.reach() * b.reach()) + 8 * underflow<double>;
    return {(a.y * b.y).widened(own), outer_sum(a.other() * b.d, a.d * b.y).widened(own)};
}

/// The rounding of a program in T, of sums of terms of `reach` that meet at most so many roundings.
template <class T>
constexpr double sum_rounding(std::size_t roundings, double reach) {
    return gamma<T>(roundings) * reach +
           static_cast<double>(roundings) * (underflow<T> + 8 * underflow<double>)+own_error(reach);
}

/// sigmoid or tanh, of the program and, to at most `error`, of integers: f(z') - f(z) = mu (z' - z). Slopes fall with |z|.
template <class T, class Activation>
constexpr value_pair applied(const value_pair& z, double error, bool& finite) {
    static_assert(std::is_same_v<Activation, sigmoid> || std::is_same_v<Activation, tanh>);
    using facts = std::conditional_t<std::is_same_v<Activation, sigmoid>, sigmoid_facts, tanh_facts>;
    const auto slope = [](double at) {
        const double f = Activation{}(at);
        return std::is_same_v<Activation, sigmoid> ? f * (1 - f) : 1 - f * f;
    };
    const interval other = z.other(), both = hull_of(z.y, other), y = inside_step<T, Activation>(z.y, finite);
    const double nearest = both.lower > 0   ? both.lower
                           : both.upper < 0 ? both.upper
                                            : 0,
                 farthest = magnitude(both.lower) > magnitude(both.upper) ? both.lower : both.upper,
                 of_program =
                     error_with_sample<T>(facts::ulps) + (4 + 2 * both.reach()) * (underflow<T> + underflow<double>);
    const interval slopes{larger(slope(farthest) - 1e-9, 0), slope(nearest) + 1e-9},
        moved = (slopes * z.d).widened(of_program + error + own_error(z.d.reach())),
        ends =
            outer_difference(interval{Activation{}(other.lower), Activation{}(other.upper)}.widened(error + 1e-12), y);
    return {y, {larger(moved.lower, ends.lower), smaller(moved.upper, ends.upper)}};
}

/// The product of integers with weights: a sum of 1 represents a number, by which integers are weights A', as in `integer_difference`.
template <class Product>
struct gate_pairs {
    static constexpr std::size_t columns = Product::columns, depth = Product::matrix_type::depth;

    double offset[columns]{}, scale = 1;
    const Product* product = nullptr;
    const double *weights = nullptr, *bias = nullptr;

    /// Weights and bias of the network; a bias of null is 0. Returns false if sums may overflow.
    constexpr bool set(const Product& integers, const quantization& input, const double* of_net,
                       const double* bias_of_net) {
        product = &integers;
        weights = of_net;
        bias = bias_of_net;
        scale = static_cast<double>(input.scale);
        bool fits = true;
        for (std::size_t c = 0; c < columns; ++c) {
            std::int64_t sum = 0, size = 0;
            for (std::size_t k = 0; k < depth; ++k) {
                const std::int64_t w = integers.matrix.weights[k * columns + c];
                sum += w;
                size += w < 0 ? -w : w;
            }
            const std::int64_t own = integers.matrix.bias[c], all = own + input.zero_point * sum;
            offset[c] = static_cast<double>(all) * integers.number(c);
            const double most = static_cast<double>(size * 128 + (own < 0 ? -own : own));
            fits = fits && most < 2147483648.0 && most * integers.number(c) * 4096 < 1073741824.0;
        }
        return fits;
    }
    /// Bounds of a column's sum, where a term of the program's meets at most `roundings`. Integers are rounded, and clamped to 16 bits.
    template <class T>
    constexpr value_pair sum(std::size_t column, const value_pair* x, std::size_t roundings) const {
        const double of_net = bias != nullptr ? bias[column] : 0, off = offset[column] - of_net;
        const double of_integer = product->number(column) / scale;
        value_pair result{{of_net, of_net}, {off, off}};
        double reach = magnitude(of_net), near_reach = magnitude(offset[column]);
        for (std::size_t k = 0; k < depth; ++k) {
            const double w = weights[k * columns + column],
                         w_near = static_cast<double>(product->matrix.weights[k * columns + column]) * of_integer,
                         moved = w_near - w;
            result.y.lower += w * (w > 0 ? x[k].y.lower : x[k].y.upper);
            result.y.upper += w * (w > 0 ? x[k].y.upper : x[k].y.lower);
            result.d.lower +=
                w_near * (w_near > 0 ? x[k].d.lower : x[k].d.upper) + moved * (moved > 0 ? x[k].y.lower : x[k].y.upper);
            result.d.upper +=
                w_near * (w_near > 0 ? x[k].d.upper : x[k].d.lower) + moved * (moved > 0 ? x[k].y.upper : x[k].y.lower);
            reach += magnitude(w) * x[k].y.reach();
            near_reach += magnitude(w_near) * x[k].reach();
        }
        return result
            .rounded(sum_rounding<T>(roundings, reach) + 2 * own_error(reach + near_reach),
                     product->error(column, near_reach) + 1e-12)
            .clamped(sixteen_bits(1.0 / 4096));
    }
    static constexpr clamp_to sixteen_bits(double unit) { return {-32768 * unit, 32767 * unit}; }
};

}  // namespace CTNN_NAMESPACE::detail
