// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The activations inside a step of `gru` and `lstm`.

#include <ctnn/activation/activate.hpp>
#include <ctnn/activation/sigmoid.hpp>
#include <ctnn/activation/tanh.hpp>
#include <ctnn/chain/options.hpp>
#include <ctnn/config.hpp>

#include <type_traits>

namespace CTNN_NAMESPACE {

/// An option of `gru` and `lstm`: the activation of the gates, `sigmoid` unless given.
template <class Activation>
struct gate_activation {
    using option_kind = struct gate_activation_option;
    using type = Activation;
};
/// An option of `lstm`: the activation of the cell state, which the output gate multiplies; that of the candidate unless
/// given.
template <class Activation>
struct cell_activation {
    using option_kind = struct cell_activation_option;
    using type = Activation;
};

namespace detail {

/// Whether an activation can be inside a step, which keeps its result alone for the backward pass.
template <class Activation>
inline constexpr bool applies_in_a_step = [] {
    if constexpr (requires { Activation::derivative_needs_input; })
        return elementwise_activation<Activation, float> && !Activation::derivative_needs_input;
    else
        return false;
}();
/// The same of several; it is false where it is named in an error.
template <class... Activations>
inline constexpr bool activations_apply = (... && applies_in_a_step<Activations>);

template <class... Options>
struct step_activations {
    using given_candidate = typename chosen_option<activation_option, tanh, Options...>::type;
    using given_gate = typename chosen_option<gate_activation_option, gate_activation<sigmoid>, Options...>::type::type;
    using given_cell =
        typename chosen_option<cell_activation_option, cell_activation<given_candidate>, Options...>::type::type;

    template <class Given, class Usual>
    using or_usual = std::conditional_t<applies_in_a_step<Given>, Given, Usual>;
    using candidate = or_usual<given_candidate, tanh>;
    using gate = or_usual<given_gate, sigmoid>;
    using cell = or_usual<given_cell, tanh>;
};

}  // namespace detail

}  // namespace CTNN_NAMESPACE
