// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The callbacks of `fit`.

#include <ctnn/config.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// What `fit` reports to a callback after each step.
struct step_report {
    std::size_t epoch;  ///< counted from 0
    std::size_t step;   ///< within the epoch, counted from 0
    std::size_t steps;  ///< in an epoch
    double loss;        ///< of this batch, before the update
};

/// What `fit` reports to a callback after each epoch.
struct epoch_report {
    std::size_t epoch;       ///< counted from 0
    std::size_t epochs;      ///< requested
    std::size_t samples;     ///< in an epoch
    double loss;             ///< mean over the epoch, each batch before its update
    bool has_validation;     ///< whether there is validation data
    double validation_loss;  ///< after the epoch; 0 where there is no validation data
};

/// A callback that does nothing.
///
/// A user-defined callback is a function of `const epoch_report&` or of `const step_report&`, a lambda for example, or
/// an object with `epoch(const epoch_report&)`, `step(const step_report&)` or both. It returns nothing, or bool: false
/// ends the training.
struct no_callback {};

namespace detail {

/// Passes a report to a callback: to its member of the report's name, or else to the callback itself if it accepts it.
struct not_accepted {};
template <class Callback>
constexpr auto notify(Callback& callback, const step_report& report) {
    if constexpr (requires { callback.step(report); })
        return callback.step(report);
    else if constexpr (requires { callback(report); })
        return callback(report);
    else
        return not_accepted{};
}
template <class Callback>
constexpr auto notify(Callback& callback, const epoch_report& report) {
    if constexpr (requires { callback.epoch(report); })
        return callback.epoch(report);
    else if constexpr (requires { callback(report); })
        return callback(report);
    else
        return not_accepted{};
}

template <class Callback, class Report>
using result_of = decltype(detail::notify(std::declval<Callback&>(), std::declval<const Report&>()));
template <class Callback, class Report>
inline constexpr bool accepts_report = !std::is_same_v<result_of<Callback, Report>, not_accepted>;
template <class Callback, class Report>
inline constexpr bool returns_bool_or_void =
    std::is_void_v<result_of<Callback, Report>> || std::is_same_v<result_of<Callback, Report>, bool> ||
    !accepts_report<Callback, Report>;

/// Whether a callback has a function of this name that cannot be called with a report.
template <class Callback>
inline constexpr bool has_uncallable_step = false;
template <class Callback>
requires std::is_member_function_pointer_v<decltype(&Callback::step)>
inline constexpr bool has_uncallable_step<Callback> = !requires(Callback & callback, const step_report& report) {
    callback.step(report);
};
template <class Callback>
inline constexpr bool has_uncallable_epoch = false;
template <class Callback>
requires std::is_member_function_pointer_v<decltype(&Callback::epoch)>
inline constexpr bool has_uncallable_epoch<Callback> = !requires(Callback & callback, const epoch_report& report) {
    callback.epoch(report);
};

/// Passes a report to a callback if it accepts it, and returns whether training continues.
template <class Callback, class Report>
constexpr bool continues(Callback& callback, const Report& report) {
    if constexpr (!accepts_report<Callback, Report>) {
        return true;
    } else if constexpr (std::is_same_v<result_of<Callback, Report>, bool>) {
        return detail::notify(callback, report);
    } else {
        detail::notify(callback, report);
        return true;
    }
}

}  // namespace detail

/// A tag that names the argument of a predicate in an error message.
template <class Callback>
struct callback_is {};

/// Whether `fit` would call a callback at all; false where an error message shows it.
template <class Callback>
inline constexpr bool is_called = false;
template <class Callback>
inline constexpr bool is_called<callback_is<Callback>> =
    std::is_same_v<std::remove_const_t<Callback>, no_callback> || detail::accepts_report<Callback, step_report> ||
    detail::accepts_report<Callback, epoch_report>;

/// Whether each of its functions can be called. A member cannot be called if it is not const in a const object, or if
/// it takes its report by non-const reference.
template <class Callback>
inline constexpr bool has_callable_members = false;
template <class Callback>
inline constexpr bool has_callable_members<callback_is<Callback>> =
    !detail::has_uncallable_step<Callback> && !detail::has_uncallable_epoch<Callback>;

/// Whether it returns bool or nothing.
template <class Callback>
inline constexpr bool returns_bool_or_nothing = false;
template <class Callback>
inline constexpr bool returns_bool_or_nothing<callback_is<Callback>> =
    detail::returns_bool_or_void<Callback, step_report>&& detail::returns_bool_or_void<Callback, epoch_report>;

}  // namespace CTNN_NAMESPACE
