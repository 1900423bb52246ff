// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Classifies the arguments of a spec, so that one in the wrong place is reported in a single message.

#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/features.hpp>
#include <ctnn/config.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

template <class Type>
inline constexpr bool is_activation = requires {
    Type::derivative_needs_input;
};
template <class Type>
inline constexpr bool is_axis = false;
template <std::size_t Dimension>
inline constexpr bool is_axis<axis<Dimension>> = true;
template <class Type>
inline constexpr bool is_ratio = requires {
    Type::num / Type::den;
};

/// The argument or, where the message has been printed, one that causes no further errors.
template <class Type>
using activation_or_identity = std::conditional_t<is_activation<Type>, Type, identity>;
template <class Type>
using axis_or_first = std::conditional_t<is_axis<Type>, Type, axis<0>>;

}  // namespace CTNN_NAMESPACE::detail
