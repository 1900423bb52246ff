// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a proof does with branches: `residual`, `sum` and `concatenate`.

#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/verify/layer/branch_provers.hpp>
#include <ctnn/verify/layer/layer_prover.hpp>
#include <ctnn/verify/network/chain_prover.hpp>
#include <ctnn/verify/rounding.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/integral_constant.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE::detail {

/// Branches whose outputs are added or concatenated: a linear function of them. Additions of the program are rounded.
template <class T, class InputShape, class Combine, class... Chains>
requires(!Combine::reads_outputs) struct layer_prover<T, branches_layer<double, InputShape, Combine, Chains...>> {
    using shared = branch_provers<T, branches_layer<double, InputShape, Combine, Chains...>>;
    using layer_type = typename shared::layer_type;
    using inner_bounds = typename shared::inner_bounds;
    template <std::size_t Branch>
    using chain_at = typename layer_type::template chain_at<Branch>;
    static constexpr std::size_t inputs = shared::inputs, outputs = shared::outputs, branches = shared::branches,
                                 widest = shared::widest;
    static constexpr bool is_known = true, is_linear = true;

    shared each{};
    double error[outputs]{};

    static constexpr void make_magnitudes(layer_type& layer) { shared::make_magnitudes(layer); }
    static constexpr bool keep_sign(layer_type& layer, bool is_positive) {
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
        double reach[outputs]{};
        bool finite = true;
        each.prepare(lower, upper);
        const auto bound_branch = [&](auto branch) {
            constexpr std::size_t index = branch();
            double branch_lower[widest]{}, branch_upper[widest]{}, largest[widest]{};
            finite = finite && each.template bound<index>(net, magnitudes, lower, upper, branch_lower, branch_upper,
                                                          here, parent, outer);
            for (std::size_t i = 0; i < widest; ++i) largest[i] = larger(-branch_lower[i], branch_upper[i]);
            Combine::template write<index, 1>(static_cast<const double*>(branch_lower), z_lower);
            Combine::template write<index, 1>(static_cast<const double*>(branch_upper), z_upper);
            Combine::template write<index, 1>(static_cast<const double*>(largest), reach);
        };
        shared::for_each_branch(bound_branch);
        for (std::size_t i = 0; i < outputs; ++i) {
            error[i] = gamma<T>(branches) * reach[i] + own_error(reach[i]);
            z_lower[i] -= error[i];
            z_upper[i] += error[i];
            finite = finite && reach[i] * 2 < static_cast<double>((std::numeric_limits<T>::max)());
        }
        return finite;
    }

    template <std::size_t Rows>
    constexpr void backward(const layer_type& net, double* a, double* bounds) const {
        double sum[Rows * inputs]{};
        for (std::size_t row = 0; row < Rows; ++row)
            for (std::size_t i = 0; i < outputs; ++i) bounds[row] -= magnitude(a[row * outputs + i]) * error[i];
        shared::for_each_branch([&](auto branch) {
            constexpr std::size_t index = branch(), size = chain_at<index>::output_shape::size;
            double part[Rows * widest]{};
            for (std::size_t row = 0; row < Rows; ++row)
                Combine::template read<index, 1>(static_cast<const double*>(a + row * outputs), part + row * size);
            each.template add_backward<index, Rows>(net, part, bounds, sum);
        });
        for (std::size_t i = 0; i < Rows * inputs; ++i) a[i] = sum[i];
    }
    constexpr bool derive(const layer_type& positive, const layer_type& negative, const inner_bounds& here,
                          double* lower, double* upper) const {
        signed_sum of_lower[inputs]{}, of_upper[inputs]{};
        bool finite = true;
        shared::for_each_branch([&](auto branch) {
            double part_lower[widest]{}, part_upper[widest]{};
            Combine::template read<branch(), 1>(static_cast<const double*>(lower), part_lower);
            Combine::template read<branch(), 1>(static_cast<const double*>(upper), part_upper);
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
    constexpr void influence(const layer_type& magnitudes, double* a) const {
        double sum[inputs]{};
        shared::for_each_branch([&](auto branch) {
            double part[widest]{};
            Combine::template read<branch(), 1>(static_cast<const double*>(a), part);
            each.template add_influence<branch()>(magnitudes, part, sum);
        });
        for (std::size_t i = 0; i < inputs; ++i) a[i] = sum[i];
    }
};

}  // namespace CTNN_NAMESPACE::detail
