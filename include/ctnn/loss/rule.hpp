// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Which last layers a loss accepts: predicates that error messages show.

#include <ctnn/config.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// Tags that name the arguments of a predicate in an error message.
template <class Loss>
struct loss_is {};
template <class Activation>
struct last_activation_is {};

/// Whether a loss can follow an activation; false where an error message shows it.
template <class Loss, class Activation>
inline constexpr bool loss_accepts = false;
template <class Loss, class Activation>
inline constexpr bool loss_accepts<loss_is<Loss>, last_activation_is<Activation>> = Loss::template accepts<Activation>;

/// The minimum number of outputs that a loss compares: its `least_outputs`, or 1.
template <class Loss>
inline constexpr std::size_t least_outputs_of = [] {
    if constexpr (requires { Loss::least_outputs; })
        return std::size_t{Loss::least_outputs};
    else
        return std::size_t{1};
}();

/// Tags that name the arguments of a predicate in an error message.
template <std::size_t Outputs>
struct outputs_are {};
template <std::size_t Outputs>
struct needs_outputs {};

/// Whether a network has enough outputs, along its last dimension, for a loss to be meaningful; false where an error
/// message shows it.
template <class Given, class Needed>
inline constexpr bool has_outputs_to_compare = false;
template <std::size_t Outputs, std::size_t Needed>
requires(Outputs >=
         Needed) inline constexpr bool has_outputs_to_compare<outputs_are<Outputs>, needs_outputs<Needed>> = true;

/// Whether a loss is meaningful after this activation with `Outputs` outputs.
template <class Loss, class Activation, std::size_t Outputs>
inline constexpr bool loss_fits =
    loss_accepts<loss_is<Loss>, last_activation_is<Activation>>&& Outputs >= least_outputs_of<Loss>;

/// The loss of one row of outputs with this activation: the loss itself, unless it consists of several for parts of a row
/// (`bound_to`).
template <class Activation, class Loss>
CTNN_INLINE constexpr decltype(auto) loss_of_row(const Loss& loss) {
    if constexpr (requires { loss.template bound_to<Activation>(); })
        return loss.template bound_to<Activation>();
    else
        return (loss);
}

}  // namespace CTNN_NAMESPACE
