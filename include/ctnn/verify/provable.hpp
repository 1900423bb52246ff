// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Which networks a proof can go through.

#include <ctnn/config.hpp>
#include <ctnn/network.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/verify/branches_prover.hpp>
#include <ctnn/verify/layer_prover.hpp>
#include <ctnn/verify/relaxation.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE {

namespace detail {
/// What an error message names.
template <class Layer>
struct is_layer {};
template <class Activation>
struct has_activation {};
}  // namespace detail

/// Whether a proof can go through a layer, or an activation. It is false where it is named in an error.
template <class Layer>
inline constexpr bool is_provable = false;
template <class Layer>
inline constexpr bool is_provable<detail::is_layer<Layer>> = detail::layer_prover<double, Layer>::is_known;
template <class Activation>
inline constexpr bool is_provable<detail::has_activation<Activation>> = activation_model<Activation>::is_known;

namespace detail {

/// Whether a proof can go through every layer of a chain, and of the chains inside it; if not, one message says so.
template <class Chain, bool Activated, std::size_t Index = 0>
constexpr bool is_chain_provable() {
    if constexpr (Index == Chain::count) {
        return true;
    } else {
        using layer = typename Chain::template layer<Index>;
        using activation = typename layer::activation;
        constexpr bool activates = Activated || Index + 1 < Chain::count;
        if constexpr (!is_provable<is_layer<layer>>) {
            static_assert(is_provable<is_layer<layer>>, "ctnn: a proof cannot go through this kind of layer");
            return false;
        } else if constexpr (activates && !is_provable<has_activation<activation>>) {
            static_assert(is_provable<has_activation<activation>>, "ctnn: a proof cannot go through this activation");
            return false;
        } else if constexpr (is_composite<layer>) {
            constexpr bool inner = []<std::size_t... Branch>(std::index_sequence<Branch...>) {
                return (... && is_chain_provable<typename layer::template chain_at<Branch>, true>());
            }
            (std::make_index_sequence<layer::branch_count>{});
            return inner && is_chain_provable < Chain, Activated, inner ? Index + 1 : Chain::count > ();
        } else {
            return is_chain_provable<Chain, Activated, Index + 1>();
        }
    }
}

/// The network that a type is or derives from, as what `fit` returns does, and the same in `double`.
template <class T, class Input, class... Specs>
network<T, Input, Specs...> plain_network(const network<T, Input, Specs...>*);
template <class T, class Input, class... Specs>
network<double, Input, Specs...> real_network(const network<T, Input, Specs...>*);
template <class Net>
using network_of = decltype(detail::plain_network(static_cast<const Net*>(nullptr)));

template <class Net, bool Activated>
inline constexpr bool can_be_proved = is_chain_provable<
    typename decltype(detail::real_network(static_cast<const Net*>(nullptr)))::chain_type, Activated>();

}  // namespace detail

}  // namespace CTNN_NAMESPACE
