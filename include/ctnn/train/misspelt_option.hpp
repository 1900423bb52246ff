// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Options that `fit` does not have, so that a call with one of them fails with a clear message.

#include <ctnn/config.hpp>

namespace CTNN_NAMESPACE {

/// Whether all options are members of `fit_options`, with values of their types; false where an error message shows it.
template <class Options>
inline constexpr bool are_options_of_fit = false;

namespace detail {

/// Takes any value.
struct any_value {
    constexpr any_value() = default;
    template <class Value>
    constexpr any_value(const Value&) {}
};

/// Names that are not options: near misses, and names in other libraries. The valid names are among them, in the order
/// of `fit_options`, to catch values of a wrong type.
struct misspelt_options {
    any_value epoch{}, n_epochs{}, num_epochs{}, max_epochs{}, epoch_count{}, iterations{}, steps{}, epochs{};
    any_value random_seed{}, random_state{}, seeds{}, seed{};
    any_value shuffled{}, shuffles{}, shuffle{};
    any_value batch{}, batch_size{}, batches{}, lr{}, rate{}, learning_rate{}, optimizer{}, optimiser{}, loss{};
    any_value scheduler{}, schedules{}, lr_schedule{}, learning_rate_schedule{}, decay{}, warm_up{}, weight_decay{};
    any_value schedule{};
    any_value clip{}, clipping{}, clip_values{}, clipvalue{}, clip_gradient{}, max_norm{}, clipnorm{}, gradient_clip{};
    any_value clip_value{}, clip_norm{};
    any_value validation{}, validation_data{}, validation_split{}, validation_set{}, validation_input{};
    any_value validation_inputs{};
    any_value validation_target{}, validation_labels{}, validation_label{}, validation_outputs{}, validation_targets{};
    any_value early_stopping{}, stop_early{}, patient{}, patience{};
    any_value min_delta{}, min_improvement{}, minimal_improvement{}, minimum_improvements{}, tolerance{};
    any_value minimum_improvement{};
    any_value check_label{}, check_labels{};
    any_value verbose{}, callback{}, callbacks{}, history{}, history_capacity{}, threads{}, workers{}, device{};
};

}  // namespace detail

/// Chosen only if the options of a call do not fit, because it takes its optimiser by a conversion, and matches the
/// arguments after the options no better than the other `fit`.
/// *Errors*: "ctnn::fit: no option has this name, or none of this name has a value of this type".
template <class Loss, auto... Sizes, class Net, class Inputs, class Targets, class... Rest>
constexpr Net fit(const Net& start, const Inputs&, const Targets&, const detail::any_value&,
                  const detail::misspelt_options&, const Rest&...) {
    static_assert(are_options_of_fit<Net>,
                  "ctnn::fit: no option has this name, or none of this name has a value of this type: the options are "
                  "the members of ctnn::fit_options");
    return start;
}

}  // namespace CTNN_NAMESPACE
