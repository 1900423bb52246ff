// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Which networks a proof can go through.

#include <ctnn/config.hpp>
#include <ctnn/network.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/verify/activation/joined_relaxation.hpp>
#include <ctnn/verify/activation/relaxation.hpp>
#include <ctnn/verify/activation/softmax_relaxation.hpp>
#include <ctnn/verify/layer/branches_prover.hpp>
#include <ctnn/verify/layer/graph_prover.hpp>
#include <ctnn/verify/layer/interval_model.hpp>
#include <ctnn/verify/layer/layer_norm_intervals.hpp>
#include <ctnn/verify/layer/layer_prover.hpp>
#include <ctnn/verify/layer/prelu_prover.hpp>
#include <ctnn/verify/layer/recurrent_intervals.hpp>

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

/// Whether a rule accepts every layer of a chain, and of the chains inside it; if not, one message says so.
template <class Rule, class Chain, std::size_t Index = 0>
constexpr bool accepts_chain() {
    if constexpr (Index == Chain::count) {
        return true;
    } else {
        using layer = typename Chain::template layer<Index>;
        if constexpr (!Rule::template accepts<layer, typename layer::activation>()) {
            return false;
        } else if constexpr (is_composite<layer>) {
            constexpr bool inner = []<std::size_t... Branch>(std::index_sequence<Branch...>) {
                return (... && accepts_chain<Rule, typename layer::template chain_at<Branch>>());
            }
            (std::make_index_sequence<layer::branch_count>{});
            return inner && accepts_chain<Rule, Chain, (inner ? Index + 1 : Chain::count)>();
        } else {
            return accepts_chain<Rule, Chain, Index + 1>();
        }
    }
}

/// The rule that proofs can go through.
struct wants_provable {
    template <class Layer, class Activation>
    static constexpr bool accepts() {
        constexpr bool is_known = is_provable<is_layer<Layer>>;
        static_assert(is_provable<is_layer<Layer>>, "ctnn: a proof cannot go through this kind of layer");
        if constexpr (is_known)
            static_assert(is_provable<has_activation<Activation>>, "ctnn: a proof cannot go through this activation");
        return is_known && is_provable<has_activation<Activation>>;
    }
};

/// The network that a type is or derives from, as what `fit` returns does, and the same in `double`.
template <class T, class Input, class... Specs>
network<T, Input, Specs...> plain_network(const network<T, Input, Specs...>*);
template <class T, class Input, class... Specs>
network<double, Input, Specs...> real_network(const network<T, Input, Specs...>*);
template <class Net>
using network_of = decltype(detail::plain_network(static_cast<const Net*>(nullptr)));

template <class Net>
using real_chain_of = typename decltype(detail::real_network(static_cast<const Net*>(nullptr)))::chain_type;
template <class Net>
inline constexpr bool can_be_proved = accepts_chain<wants_provable, real_chain_of<Net>>();

}  // namespace detail

}  // namespace CTNN_NAMESPACE
