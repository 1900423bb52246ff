// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a proof does with products of several parts, and matrix products of two: each product lies between two planes.

#include <ctnn/config.hpp>
#include <ctnn/layer/graph/matmul.hpp>
#include <ctnn/layer/graph/product.hpp>
#include <ctnn/verify/layer/combination_prover.hpp>
#include <ctnn/verify/layer/interval_model.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::detail {

/// The products of which the outputs of `Combine` are sums: `for_each(f)` calls `f(output, left, right)`, where `left` is an
/// element of the first part, or of the product of those before, and `right` one of the next part.
template <class Combine>
struct products_of;
template <class T, class OutputShape, std::size_t Branches>
struct products_of<multiplication<T, OutputShape, Branches>> {
    static constexpr std::size_t terms = 1;

    template <class F>
    static constexpr void for_each(F&& f) {
        for (std::size_t i = 0; i < OutputShape::size; ++i) f(i, i, i);
    }
};
template <class T, class Left, class Right>
struct products_of<matrix_multiplication<T, Left, Right>> {
    using combine = matrix_multiplication<T, Left, Right>;
    static constexpr std::size_t terms = combine::depth;

    template <class F>
    static constexpr void for_each(F&& f) {
        for (std::size_t row = 0; row < combine::matrices * combine::rows; ++row)
            for (std::size_t k = 0; k < combine::depth; ++k)
                for (std::size_t column = 0; column < combine::columns; ++column)
                    f(row * combine::columns + column, row * combine::depth + k,
                      (row / combine::rows * combine::depth + k) * combine::columns + column);
    }
};

/// For x and y near centers: x y = y_c x + x_c y - x_c y_c, to at most the product of the distances from the centers.
///
/// *Source*: McCormick, "Computability of global solutions to factorable nonconvex programs", 1976 (the planes).
template <class T, class Combine, std::size_t Widest, std::size_t... Sizes>
requires(Combine::reads_outputs) class combination_prover<T, Combine, Widest, Sizes...> {
    static constexpr std::size_t parts = sizeof...(Sizes), outputs = Combine::output_shape::size, widest = Widest;
    using products = products_of<Combine>;
    using each = combined_parts<Sizes...>;

    /// The products with one more part: centers of both factors, and what is left of the outputs.
    struct step {
        double left[widest], right[widest], offset[outputs], margin[outputs];
    };
    step steps[parts]{};
    double tiny = 0;  ///< what products of the proof lose that underflow, in a row of coefficients

  public:
    static constexpr bool is_linear = false;

    template <class BoundsOf>
    constexpr bool interval(const BoundsOf& bounds_of, double* z_lower, double* z_upper) {
        detail::interval so_far[widest]{};
        bool finite = true;
        tiny = 0;
        each::for_each([&](auto part) {
            double lower[widest]{}, upper[widest]{};
            finite = finite && bounds_of(part, lower, upper);
            detail::interval factor[widest]{};
            for (std::size_t i = 0; i < each::size[part()]; ++i) {
                factor[i] = {lower[i], upper[i]};
                finite = finite && is_bound(lower[i]) && is_bound(upper[i]);
            }
            if (!finite) return;
            if constexpr (part() == 0)
                for (std::size_t i = 0; i < widest; ++i) so_far[i] = factor[i];
            else
                multiply(steps[part()], so_far, factor, finite);
        });
        for (std::size_t i = 0; i < outputs; ++i) {
            z_lower[i] = so_far[i].lower;
            z_upper[i] = so_far[i].upper;
        }
        return finite;
    }

    template <std::size_t Rows, class Take>
    constexpr void backward(const double* a, double* bounds, const Take& take) const {
        double left[Rows * widest]{}, right[Rows * widest]{};
        for (std::size_t row = 0; row < Rows; ++row)
            for (std::size_t i = 0; i < outputs; ++i) left[row * widest + i] = a[row * outputs + i];
        each::for_each_reversed([&](auto part) {
            constexpr std::size_t index = part(), size = each::size[index];
            if constexpr (index > 0)
                for (std::size_t row = 0; row < Rows; ++row)
                    split(steps[index], left + row * widest, right + row * widest, bounds[row]);
            const double* const factors = index > 0 ? right : left;
            double of_part[Rows * widest]{};
            for (std::size_t row = 0; row < Rows; ++row)
                for (std::size_t i = 0; i < size; ++i) of_part[row * size + i] = factors[row * widest + i];
            take(part, of_part);
        });
    }
    template <class Take>
    constexpr void influence(const double* a, const Take& take) const {
        double left[widest]{}, right[widest]{}, ignored = 0;
        for (std::size_t i = 0; i < outputs; ++i) left[i] = a[i];
        each::for_each_reversed([&](auto part) {
            constexpr std::size_t index = part();
            if constexpr (index > 0) split(steps[index], left, right, ignored);
            double of_part[widest]{};
            for (std::size_t i = 0; i < each::size[index]; ++i) of_part[i] = magnitude(index > 0 ? right[i] : left[i]);
            take(part, of_part);
        });
    }

  private:
    /// Bounds of the products of `x` with `factor`, which become those of `x`.
    constexpr void multiply(step& here, detail::interval* x, const detail::interval* factor, bool& finite) {
        interval_sum<T> sums[outputs]{};
        double sizes[outputs]{}, margins[outputs]{}, offsets[outputs]{};
        for (std::size_t i = 0; i < widest; ++i) {
            here.left[i] = x[i].lower / 2 + x[i].upper / 2;
            here.right[i] = factor[i].lower / 2 + factor[i].upper / 2;
        }
        products::for_each([&](std::size_t output, std::size_t l, std::size_t r) {
            const double x_center = here.left[l], y_center = here.right[r],
                         x_radius = larger(x[l].upper - x_center, x_center - x[l].lower),
                         y_radius = larger(factor[r].upper - y_center, y_center - factor[r].lower);
            sums[output].add_product(x[l], factor[r]);
            tiny += 8 * underflow<double> * (x[l].reach() + factor[r].reach() + 1);
            offsets[output] -= x_center * y_center;
            margins[output] += x_radius * y_radius + 4 * underflow<double> * (x_radius + y_radius + 1);
            sizes[output] += x[l].reach() * factor[r].reach();
        });
        for (std::size_t i = 0; i < outputs; ++i) {
            x[i] = sums[i].rounded(finite);
            here.offset[i] = offsets[i];
            here.margin[i] = margins[i] + gamma<T>(products::terms + 1) * sizes[i] + own_error(8 * sizes[i]) +
                             static_cast<double>(products::terms) * (underflow<T> + 16 * underflow<double>);
        }
        for (std::size_t i = outputs; i < widest; ++i) x[i] = {};
    }
    /// Coefficients of the products become coefficients of both factors.
    constexpr void split(const step& here, double* left, double* right, double& bound) const {
        double of_left[widest]{};
        for (std::size_t i = 0; i < widest; ++i) right[i] = 0;
        for (std::size_t i = 0; i < outputs; ++i)
            bound += left[i] * here.offset[i] - magnitude(left[i]) * here.margin[i];
        products::for_each([&](std::size_t output, std::size_t l, std::size_t r) {
            of_left[l] += left[output] * here.right[r];
            right[r] += left[output] * here.left[l];
        });
        bound -= tiny;
        for (std::size_t i = 0; i < widest; ++i) left[i] = of_left[i];
    }
};

}  // namespace CTNN_NAMESPACE::detail
