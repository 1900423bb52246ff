// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a network has to end with, so that a loss of it means something.

#include <ctnn/config.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// Names of what stands in an error message.
template <class Loss>
struct loss_is {};
template <class Activation>
struct last_activation_is {};

/// Whether a loss can follow an activation. It is false where it is named in an error.
template <class Loss, class Activation>
inline constexpr bool loss_accepts = false;
template <class Loss, class Activation>
inline constexpr bool loss_accepts<loss_is<Loss>, last_activation_is<Activation>> = Loss::template accepts<Activation>;

/// How many outputs a loss compares at least, if it says so: `least_outputs`.
template <class Loss>
inline constexpr std::size_t least_outputs_of = [] {
    if constexpr (requires { Loss::least_outputs; })
        return std::size_t{Loss::least_outputs};
    else
        return std::size_t{1};
}();

/// Names of what stands in an error message.
template <std::size_t Outputs>
struct outputs_are {};
template <std::size_t Outputs>
struct needs_outputs {};

/// Whether a network has so many outputs, along its last dimension, that a loss of it means something. It is false where
/// it is named in an error.
template <class Given, class Needed>
inline constexpr bool has_outputs_to_compare = false;
template <std::size_t Outputs, std::size_t Needed>
requires(Outputs >=
         Needed) inline constexpr bool has_outputs_to_compare<outputs_are<Outputs>, needs_outputs<Needed>> = true;

/// Whether a loss means something behind this activation of so many outputs.
template <class Loss, class Activation, std::size_t Outputs>
inline constexpr bool loss_fits =
    loss_accepts<loss_is<Loss>, last_activation_is<Activation>>&& Outputs >= least_outputs_of<Loss>;

}  // namespace CTNN_NAMESPACE
