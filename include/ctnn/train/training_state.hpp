// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What training steps change besides the network: all that a training has to be resumed with.

#include <ctnn/config.hpp>

#include <type_traits>

namespace CTNN_NAMESPACE {

/// Tags that name the arguments of a predicate in an error message.
template <class Stepper>
struct stepper_is {};

/// Whether the numbers are known that an optimiser changes in a step: its stepper names them (`for_each_number`), or there
/// are none, and `next` is const. False where an error message shows it.
template <class Stepper>
inline constexpr bool has_known_numbers = false;
template <class Stepper>
inline constexpr bool has_known_numbers<stepper_is<Stepper>> = requires(Stepper& stepper, const Stepper& constant) {
    requires requires {
        Stepper::for_each_number(stepper, [](const char*, double&) {});
    } || requires {
        constant.next(1);
    };
};

namespace detail {

/// Calls `f(name, number)` for the numbers that an optimiser changes in a step.
///
/// *Errors*: "ctnn: the stepper of an optimiser that changes in a step names its numbers by for_each_number".
template <class Stepper, class F>
constexpr void for_each_number_of(Stepper& stepper, F&& f) {
    using type = std::remove_const_t<Stepper>;
    static_assert(has_known_numbers<stepper_is<type>>,
                  "ctnn: the stepper of an optimiser that changes in a step names its numbers by for_each_number");
    if constexpr (requires { type::for_each_number(stepper, f); }) type::for_each_number(stepper, f);
}

}  // namespace detail

}  // namespace CTNN_NAMESPACE
