// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a proof does with each of some branches, whatever becomes of their outputs.

#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/verify/network/chain_prover.hpp>
#include <ctnn/verify/rounding.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/integral_constant.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE::detail {

template <class T, class Layer>
struct branch_provers;
template <class T, class InputShape, class Combine, class... Chains>
struct branch_provers<T, branches_layer<double, InputShape, Combine, Chains...>> {
    using layer_type = branches_layer<double, InputShape, Combine, Chains...>;
    static constexpr std::size_t inputs = InputShape::size, outputs = Combine::output_shape::size;
    using inner_bounds = boost::hana::tuple<chain_bounds<T, Chains>...>;
    template <std::size_t Branch>
    using chain_at = typename layer_type::template chain_at<Branch>;
    static constexpr std::size_t widest = [] {
        std::size_t result = inputs > outputs ? inputs : outputs;
        ((result = chain_prover<T, Chains>::widest > result ? chain_prover<T, Chains>::widest : result), ...);
        return result;
    }();

    static constexpr std::size_t roundings = (std::size_t{0} + ... + chain_prover<T, Chains>::roundings);

    boost::hana::tuple<chain_prover<T, Chains>...> provers{};
    double own[inputs]{};  ///< rounding of the sum of the branches' coefficients

    static constexpr void make_magnitudes(layer_type& layer) {
        layer_type::for_each_chain(
            [](auto, auto chain, auto& storage) {
                chain_prover<T, typename decltype(chain)::type>::make_magnitudes(storage);
            },
            layer);
    }

    constexpr void prepare(const double* lower, const double* upper) {
        for (std::size_t i = 0; i < inputs; ++i) own[i] = own_error(larger(-lower[i], upper[i]));
    }
    /// Bounds of the outputs of a branch, in arrays of `widest`. Returns false if a value may overflow.
    template <std::size_t Branch, class Outer>
    constexpr bool bound(const layer_type& net, const layer_type& magnitudes, const double* lower, const double* upper,
                         double* branch_lower, double* branch_upper, inner_bounds& here, const inner_bounds* parent,
                         const Outer& outer) {
        for (std::size_t i = 0; i < inputs; ++i) {
            branch_lower[i] = lower[i];
            branch_upper[i] = upper[i];
        }
        return boost::hana::at_c<Branch>(provers).bound(
            layer_type::template storage_of<Branch>(net), layer_type::template storage_of<Branch>(magnitudes),
            branch_lower, branch_upper, boost::hana::at_c<Branch>(here),
            parent != nullptr ? &boost::hana::at_c<Branch>(*parent) : nullptr, outer);
    }
    /// Adds the coefficients of the inputs to which those of a branch's outputs become, in rows of `part`, to `sum`.
    template <std::size_t Branch, std::size_t Rows>
    constexpr void add_backward(const layer_type& net, double* part, double* bounds, double* sum) const {
        boost::hana::at_c<Branch>(provers).template backward<Rows>(layer_type::template storage_of<Branch>(net), part,
                                                                   bounds);
        for (std::size_t i = 0; i < Rows * inputs; ++i) {
            bounds[i / inputs] -= magnitude(part[i]) * own[i % inputs];
            sum[i] += part[i];
        }
    }
    template <std::size_t Branch>
    constexpr void add_influence(const layer_type& magnitudes, double* part, double* sum) const {
        boost::hana::at_c<Branch>(provers).influence(layer_type::template storage_of<Branch>(magnitudes), part);
        for (std::size_t i = 0; i < inputs; ++i) sum[i] += part[i];
    }
};

}  // namespace CTNN_NAMESPACE::detail
