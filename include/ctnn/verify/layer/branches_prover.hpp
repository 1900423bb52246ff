// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a proof does with branches: `residual`, `sum`, `product`, `matmul` and `concatenate`.

#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/verify/layer/branch_provers.hpp>
#include <ctnn/verify/layer/combination_prover.hpp>
#include <ctnn/verify/layer/layer_prover.hpp>
#include <ctnn/verify/layer/product_combination.hpp>
#include <ctnn/verify/network/chain_prover.hpp>
#include <ctnn/verify/rounding.hpp>

#include <boost/hana/at.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::detail {

/// Branches: the provers of their chains, and that of what combines their outputs.
template <class T, class InputShape, class Combine, class... Chains>
struct layer_prover<T, branches_layer<double, InputShape, Combine, Chains...>> {
    using shared = branch_provers<T, branches_layer<double, InputShape, Combine, Chains...>>;
    using layer_type = typename shared::layer_type;
    using inner_bounds = typename shared::inner_bounds;
    using combination_type = combination_prover<T, Combine, shared::widest, Chains::output_shape::size...>;
    static constexpr std::size_t inputs = shared::inputs, outputs = shared::outputs, widest = shared::widest,
                                 inner_roundings = shared::roundings;
    static constexpr bool is_known = true, is_linear = true;

    shared each{};
    combination_type combination{};

    static constexpr void make_magnitudes(layer_type& layer) { shared::make_magnitudes(layer); }
    static constexpr bool keep_sign(layer_type& layer, bool is_positive) requires(combination_type::is_linear) {
        bool fits = true;
        layer_type::for_each_chain(
            [&](auto, auto chain, auto& storage) {
                fits = chain_prover<T, typename decltype(chain)::type>::keep_sign(storage, is_positive) && fits;
            },
            layer);
        return fits;
    }

    template <class Outer>
    constexpr bool interval(const layer_type& net, const layer_type& magnitudes, const double* lower,
                            const double* upper, double* z_lower, double* z_upper, inner_bounds& here,
                            const inner_bounds* parent, const Outer& outer) {
        each.prepare(lower, upper);
        return combination.interval(
            [&](auto branch, double* branch_lower, double* branch_upper) {
                return each.template bound<branch()>(net, magnitudes, lower, upper, branch_lower, branch_upper, here,
                                                     parent, outer);
            },
            z_lower, z_upper);
    }

    template <std::size_t Rows>
    constexpr void backward(const layer_type& net, double* a, double* bounds) const {
        double sum[Rows * inputs]{};
        combination.template backward<Rows>(a, bounds, [&](auto branch, double* part) {
            each.template add_backward<branch(), Rows>(net, part, bounds, sum);
        });
        for (std::size_t i = 0; i < Rows * inputs; ++i) a[i] = sum[i];
    }
    constexpr void influence(const layer_type& magnitudes, double* a) const {
        double sum[inputs]{};
        combination.influence(
            a, [&](auto branch, double* part) { each.template add_influence<branch()>(magnitudes, part, sum); });
        for (std::size_t i = 0; i < inputs; ++i) a[i] = sum[i];
    }
    constexpr bool derive(const layer_type& positive, const layer_type& negative, const inner_bounds& here,
                          double* lower, double* upper) const requires(combination_type::is_linear) {
        signed_sum of_lower[inputs]{}, of_upper[inputs]{};
        bool finite = true;
        combination.derive(lower, upper, [&](auto branch, double* part_lower, double* part_upper) {
            finite = finite && boost::hana::at_c<branch()>(each.provers)
                                   .derive(layer_type::template storage_of<branch()>(positive),
                                           layer_type::template storage_of<branch()>(negative),
                                           boost::hana::at_c<branch()>(here), part_lower, part_upper);
            for (std::size_t i = 0; i < inputs; ++i) {
                of_lower[i].add(part_lower[i]);
                of_upper[i].add(part_upper[i]);
            }
        });
        for (std::size_t i = 0; i < inputs; ++i) {
            lower[i] = of_lower[i].lower();
            upper[i] = of_upper[i].upper();
        }
        return finite;
    }
};

}  // namespace CTNN_NAMESPACE::detail
