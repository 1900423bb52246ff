// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a proof does with `product` and `matmul`: products of what branches compute, between two planes.

#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/layer/graph/matmul.hpp>
#include <ctnn/layer/graph/product.hpp>
#include <ctnn/verify/layer/branches_prover.hpp>
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
    using layer_type = branches_layer<double, InputShape, Combine, Chains...>;
    using products = products_of<Combine>;
    static constexpr bool is_known = true, is_linear = true;
    static constexpr std::size_t inputs = InputShape::size, outputs = Combine::output_shape::size,
                                 branches = sizeof...(Chains);
    using inner_bounds = boost::hana::tuple<chain_bounds<T, Chains>...>;
    template <std::size_t Branch>
    using chain_at = typename layer_type::template chain_at<Branch>;
    static constexpr std::size_t widest = [] {
        std::size_t result = inputs > outputs ? inputs : outputs;
        ((result = chain_prover<T, Chains>::widest > result ? chain_prover<T, Chains>::widest : result), ...);
        return result;
    }();

    /// The products with one more branch: centers of both factors, and what is left of the outputs.
    struct step {
        double left[widest], right[widest], offset[outputs], margin[outputs];
    };
    boost::hana::tuple<chain_prover<T, Chains>...> provers{};
    step steps[branches]{};
    double own[inputs]{};  ///< rounding of the sum of the branches' coefficients
    double tiny = 0;       ///< what products of the proof lose that underflow, in a row of coefficients

    static constexpr void make_magnitudes(layer_type& layer) {
        layer_type::for_each_chain(
            [](auto, auto chain, auto& storage) {
                chain_prover<T, typename decltype(chain)::type>::make_magnitudes(storage);
            },
            layer);
    }

    template <class Outer>
    constexpr bool interval(const layer_type& net, const layer_type& magnitudes, const double* lower,
                            const double* upper, double* z_lower, double* z_upper, inner_bounds& here,
                            const inner_bounds* parent, const Outer& outer) {
        detail::interval so_far[widest]{};
        bool finite = true;
        tiny = 0;
        for (std::size_t i = 0; i < inputs; ++i) own[i] = own_error(larger(-lower[i], upper[i]));
        for_each_branch([&](auto branch) {
            constexpr std::size_t index = branch();
            double branch_lower[widest]{}, branch_upper[widest]{};
            for (std::size_t i = 0; i < inputs; ++i) {
                branch_lower[i] = lower[i];
                branch_upper[i] = upper[i];
            }
            const chain_bounds<T, chain_at<index>>* of_parent = nullptr;
            if (parent != nullptr) of_parent = &boost::hana::at_c<index>(*parent);
            finite = finite && boost::hana::at_c<index>(provers).bound(
                                   layer_type::template storage_of<index>(net),
                                   layer_type::template storage_of<index>(magnitudes), branch_lower, branch_upper,
                                   boost::hana::at_c<index>(here), of_parent, outer);
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
        for_each_branch([&](auto reversed) {
            constexpr std::size_t index = branches - 1 - reversed();
            if constexpr (index > 0)
                for (std::size_t row = 0; row < Rows; ++row)
                    split(steps[index], left + row * widest, right + row * widest, bounds[row]);
            const double* const factors = index > 0 ? right : left;
            constexpr std::size_t size = chain_at<index>::output_shape::size;
            double part[Rows * widest]{};
            for (std::size_t row = 0; row < Rows; ++row)
                for (std::size_t i = 0; i < size; ++i) part[row * size + i] = factors[row * widest + i];
            boost::hana::at_c<index>(provers).template backward<Rows>(layer_type::template storage_of<index>(net), part,
                                                                      bounds);
            for (std::size_t i = 0; i < Rows * inputs; ++i) {
                bounds[i / inputs] -= magnitude(part[i]) * own[i % inputs];
                sum[i] += part[i];
            }
        });
        for (std::size_t i = 0; i < Rows * inputs; ++i) a[i] = sum[i];
    }
    constexpr void influence(const layer_type& magnitudes, double* a) const {
        double sum[inputs]{}, left[widest]{}, right[widest]{}, ignored = 0;
        for (std::size_t i = 0; i < outputs; ++i) left[i] = a[i];
        for_each_branch([&](auto reversed) {
            constexpr std::size_t index = branches - 1 - reversed();
            if constexpr (index > 0) split(steps[index], left, right, ignored);
            double part[widest]{};
            for (std::size_t i = 0; i < chain_at<index>::output_shape::size; ++i)
                part[i] = magnitude(index > 0 ? right[i] : left[i]);
            boost::hana::at_c<index>(provers).influence(layer_type::template storage_of<index>(magnitudes), part);
            for (std::size_t i = 0; i < inputs; ++i) sum[i] += part[i];
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

    template <class F>
    static constexpr void for_each_branch(F&& f) {
        [&]<std::size_t... Branch>(std::index_sequence<Branch...>) {
            (f(boost::hana::size_c<Branch>), ...);
        }
        (std::make_index_sequence<branches>{});
    }
};

}  // namespace CTNN_NAMESPACE::detail
