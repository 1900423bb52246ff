// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a proof does with `product` and `matmul`: products of what branches compute, between two planes.

#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/layer/graph/matmul.hpp>
#include <ctnn/layer/graph/product.hpp>
#include <ctnn/verify/layer/branch_provers.hpp>
#include <ctnn/verify/layer/interval_model.hpp>
#include <ctnn/verify/layer/layer_prover.hpp>
#include <ctnn/verify/network/chain_prover.hpp>
#include <ctnn/verify/rounding.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/integral_constant.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE::detail {

/// The products of which the outputs of `Combine` are sums: `for_each(f)` calls `f(output, left, right)`, where `left` is an
/// element of the first branch, or of the product of those before, and `right` one of the next branch.
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
template <class T, class InputShape, class Combine, class... Chains>
requires(Combine::reads_outputs) struct layer_prover<T, branches_layer<double, InputShape, Combine, Chains...>> {
    using shared = branch_provers<T, branches_layer<double, InputShape, Combine, Chains...>>;
    using layer_type = typename shared::layer_type;
    using inner_bounds = typename shared::inner_bounds;
    template <std::size_t Branch>
    using chain_at = typename layer_type::template chain_at<Branch>;
    using products = products_of<Combine>;
    static constexpr std::size_t inputs = shared::inputs, outputs = shared::outputs, branches = shared::branches,
                                 widest = shared::widest;
    static constexpr bool is_known = true, is_linear = true;

    shared each{};

    /// The products with one more branch: centers of both factors, and what is left of the outputs.
    struct step {
        double left[widest], right[widest], offset[outputs], margin[outputs];
    };
    step steps[branches]{};
    double tiny = 0;  ///< what products of the proof lose that underflow, in a row of coefficients

    static constexpr void make_magnitudes(layer_type& layer) { shared::make_magnitudes(layer); }

    template <class Outer>
    constexpr bool interval(const layer_type& net, const layer_type& magnitudes, const double* lower,
                            const double* upper, double* z_lower, double* z_upper, inner_bounds& here,
                            const inner_bounds* parent, const Outer& outer) {
        detail::interval so_far[widest]{};
        bool finite = true;
        tiny = 0;
        each.prepare(lower, upper);
        shared::for_each_branch([&](auto branch) {
            constexpr std::size_t index = branch();
            double branch_lower[widest]{}, branch_upper[widest]{};
            finite = finite && each.template bound<index>(net, magnitudes, lower, upper, branch_lower, branch_upper,
                                                          here, parent, outer);
            detail::interval factor[widest]{};
            for (std::size_t i = 0; i < chain_at<index>::output_shape::size; ++i) {
                factor[i] = {branch_lower[i], branch_upper[i]};
                finite = finite && is_bound(branch_lower[i]) && is_bound(branch_upper[i]);
            }
            if (!finite) return;
            if constexpr (index == 0)
                for (std::size_t i = 0; i < widest; ++i) so_far[i] = factor[i];
            else
                multiply(steps[index], so_far, factor, finite);
        });
        for (std::size_t i = 0; i < outputs; ++i) {
            z_lower[i] = so_far[i].lower;
            z_upper[i] = so_far[i].upper;
        }
        return finite;
    }

    template <std::size_t Rows>
    constexpr void backward(const layer_type& net, double* a, double* bounds) const {
        double sum[Rows * inputs]{}, left[Rows * widest]{}, right[Rows * widest]{};
        for (std::size_t row = 0; row < Rows; ++row)
            for (std::size_t i = 0; i < outputs; ++i) left[row * widest + i] = a[row * outputs + i];
        shared::for_each_branch([&](auto reversed) {
            constexpr std::size_t index = branches - 1 - reversed();
            if constexpr (index > 0)
                for (std::size_t row = 0; row < Rows; ++row)
                    split(steps[index], left + row * widest, right + row * widest, bounds[row]);
            const double* const factors = index > 0 ? right : left;
            constexpr std::size_t size = chain_at<index>::output_shape::size;
            double part[Rows * widest]{};
            for (std::size_t row = 0; row < Rows; ++row)
                for (std::size_t i = 0; i < size; ++i) part[row * size + i] = factors[row * widest + i];
            each.template add_backward<index, Rows>(net, part, bounds, sum);
        });
        for (std::size_t i = 0; i < Rows * inputs; ++i) a[i] = sum[i];
    }
    constexpr void influence(const layer_type& magnitudes, double* a) const {
        double sum[inputs]{}, left[widest]{}, right[widest]{}, ignored = 0;
        for (std::size_t i = 0; i < outputs; ++i) left[i] = a[i];
        shared::for_each_branch([&](auto reversed) {
            constexpr std::size_t index = branches - 1 - reversed();
            if constexpr (index > 0) split(steps[index], left, right, ignored);
            double part[widest]{};
            for (std::size_t i = 0; i < chain_at<index>::output_shape::size; ++i)
                part[i] = magnitude(index > 0 ? right[i] : left[i]);
            each.template add_influence<index>(magnitudes, part, sum);
        });
        for (std::size_t i = 0; i < inputs; ++i) a[i] = sum[i];
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
