// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Training over a data set, epoch by epoch.

#include <ctnn/config.hpp>
#include <ctnn/loss/rule.hpp>
#include <ctnn/metric/data_rule.hpp>
#include <ctnn/network.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/samples.hpp>
#include <ctnn/train/callback.hpp>
#include <ctnn/train/fit_error.hpp>
#include <ctnn/train/fit_options.hpp>
#include <ctnn/train/fit_run.hpp>
#include <ctnn/train/history.hpp>
#include <ctnn/train/misspelt_option.hpp>
#include <ctnn/train/trainer.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

namespace detail {

/// Requires that every label is less than the number of classes.
template <class Net, class Targets>
constexpr void check_labels(const Targets& targets, const char* of_what, call_site at) {
    if constexpr (are_labels<Targets>) {
        constexpr std::size_t classes = class_count<Net::output_shape::size>;
        for (std::size_t i = 0; i < targets.count; ++i) {
            const auto label = *targets[i];
            check_data(static_cast<std::size_t>(label) < classes, "ctnn::fit: a label is not a class of the network",
                       at, [&](message& text) {
                           text << ": the " << of_what << " of sample " << i << " is " << label << ", and there are "
                                << classes << " classes, from 0 to " << classes - 1;
                       });
        }
    }
}

/// Requires as many targets as inputs.
template <class Inputs, class Targets>
constexpr void check_counts(const Inputs& inputs, const Targets& targets, const char* text, call_site at) {
    check_data(inputs.count == targets.count, text, at,
               [&](message& all) { all << ": " << inputs.count << " inputs, " << targets.count << " targets"; });
}

/// Rejects options with invalid values.
template <class Options>
constexpr void check_options(const Options& options, call_site at) {
    const auto nothing_more = [](message&) {};
    check_data(
        options.schedule.is_meaningful(),
        "ctnn::fit: the `every` of a schedule is above 0, and its factor and its warm-up are neither negative nor "
        "infinite",
        at, nothing_more);
    check_data(options.clip_value >= 0 && options.clip_norm >= 0 && options.minimum_improvement >= 0,
               "ctnn::fit: clip_value, clip_norm and minimum_improvement are not negative", at, nothing_more);
}

/// Rejects data and options that do not go together.
template <class Net, class Inputs, class Targets, class Options>
constexpr void check_fit(const Inputs& x, const Targets& t, const Options& options, call_site at) {
    check_counts(x, t, "ctnn::fit: there are not as many targets as inputs", at);
    check_counts(options.validation_inputs, options.validation_targets,
                 "ctnn::fit: there are not as many validation targets as validation inputs", at);
    check_options(options, at);
    if (options.check_labels) {
        check_labels<Net, Targets>(t, "label", at);
        check_labels<Net, Targets>(options.validation_targets, "validation label", at);
    }
}

/// `fit` of a network in place, with any trainer, which is constructed with `more` at the end.
template <class Trainer, std::size_t Batch, class Loss, class Net, std::size_t Capacity, class Inputs, class Targets,
          class Optimizer, class Options, class Callback, class... More>
constexpr void fit_in_place(fitted<Net, Capacity>& result, const Inputs& inputs, const Targets& targets,
                            const Optimizer& optimizer, const Options& options, Callback& callback,
                            const Loss& loss_function, call_site at, More&... more) {
    using input_samples = samples_of<Inputs>;
    using target_samples = samples_of<Targets>;
    using callback_type = callback_is<std::remove_reference_t<Callback>>;
    constexpr bool inputs_fit =
        data_has_shape<given<typename input_samples::shape_type>, expects<typename Net::input_shape>>;
    constexpr bool all_targets_fit =
        counts_agree<constant_count<Inputs>, constant_count<Targets>> && targets_fit<Net, Targets>;
    constexpr bool callback_fits =
        is_called<callback_type> && has_callable_members<callback_type> && returns_bool_or_nothing<callback_type>;
    static_assert(data_has_shape<given<typename input_samples::shape_type>, expects<typename Net::input_shape>>,
                  "ctnn::fit: the inputs have another shape than the network expects");
    static_assert(labels_fit<Net, Targets> ||
                      data_has_shape<given<typename target_samples::shape_type>, expects<typename Net::output_shape>>,
                  "ctnn::fit: the targets have another shape than the network's outputs");
    static_assert(counts_agree<constant_count<Inputs>, constant_count<Targets>>,
                  "ctnn::fit: there are not as many targets as inputs");
    static_assert(Batch > 0, "ctnn::fit: a batch has at least one sample");
    static_assert(has_callable_members<callback_type>,
                  "ctnn::fit: a member of the callback cannot be called with the const report that it receives");
    static_assert(!has_callable_members<callback_type> || is_called<callback_type>,
                  "ctnn::fit: the callback would never be called: it is a function of const ctnn::epoch_report& or "
                  "const ctnn::step_report&, or has a member epoch or step that is one");
    static_assert(returns_bool_or_nothing<callback_type>,
                  "ctnn::fit: a callback returns bool, whether training goes on, or nothing");

    constexpr bool sense =
        loss_fits<Loss, typename layer_t<Net::layer_count - 1, Net>::activation, Net::output_shape::last>;
    if constexpr (!sense) {
        static_cast<void>(sizeof(Trainer));  // reports what is wrong
    } else if constexpr (inputs_fit && all_targets_fit && Batch > 0 && callback_fits) {
        const input_samples x = as_samples(inputs);
        const target_samples t = as_samples(targets);
        check_fit<Net>(x, t, options, at);
        if (__builtin_is_constant_evaluated())
            run_fit<true, Inputs, Trainer>(result, x, t, optimizer, options, callback, loss_function, more...);
        else
            run_fit<false, Inputs, Trainer>(result, x, t, optimizer, options, callback, loss_function, more...);
    }
}

template <class Trainer, std::size_t Batch, class Loss, std::size_t Capacity, class Net, class Inputs, class Targets,
          class Optimizer, class Options, class Callback, class... More>
constexpr fitted<Net, Capacity> fit_by(const Net& start, const Inputs& inputs, const Targets& targets,
                                       const Optimizer& optimizer, const Options& options, Callback& callback,
                                       const Loss& loss_function, call_site at, More&... more) {
    fitted<Net, Capacity> result{start, {}};
    fit_in_place<Trainer, Batch, Loss>(result, inputs, targets, optimizer, options, callback, loss_function, at,
                                       more...);
    return result;
}

}  // namespace detail

/// Trains a network on a data set and returns it with the history of its losses.
///
/// Template parameters: `Loss`; `Batch`, samples per step, by default 1 (the last batch of an epoch may be partial);
/// `HistoryCapacity`, losses kept, by default those of every epoch (see `training_history`).
/// *Shapes*: inputs shape<Count, input...>; targets shape<Count, output...>, or labels: integers of shape<Count>, which
/// become one-hot rows. Tensors or `samples`.
/// A NaN loss is worse than every other. If parameters are no longer finite, training ends with `history.diverged`, and
/// the best network of the previous epochs is returned.
/// *Memory*: in constants, objects are in place if the inputs are a tensor and allocated otherwise. At run time,
/// objects larger than 16 KB are allocated, so that a stack of 64 KB is enough for any network. The caller chooses
/// where a large result is stored: `static const auto trained = fit(...)`, or `new auto(fit(...))`.
/// *Cost*: epochs * Count / Batch steps of a `trainer`, and the loss of the validation data once per epoch.
/// *Errors*: those of `trainer` and of `fit_options`; "ctnn::fit: the inputs have another shape than the network
/// expects", "ctnn::fit: the targets have another shape than the network's outputs", "ctnn::fit: there are not as many
/// targets as inputs", "ctnn::fit: a batch has at least one sample"; for the callback, "ctnn::fit: the callback would
/// never be called", "ctnn::fit: a member of the callback cannot be called", "ctnn::fit: a callback returns bool or
/// nothing". At run time it throws `fit_error`: counts that differ, a label that is not a class, invalid options. A
/// loss with parameters is the last argument: `fit<huber>(net, x, t, sgd{}, {}, no_callback{}, huber{.delta = 2})`.
/// *Example*: `fit<cross_entropy, 32>(net, inputs, labels, adam{.learning_rate = 1e-3}, {.epochs = 20});`
template <class Loss, std::size_t Batch = 1, std::size_t HistoryCapacity = default_history, class Net, class Inputs,
          class Targets, class Optimizer, class Callback = no_callback>
constexpr fitted<Net, HistoryCapacity> fit(
    const Net& start, const Inputs& inputs, const Targets& targets, const Optimizer& optimizer,
    const std::type_identity_t<fit_options<samples_of<Inputs>, samples_of<Targets>>>& options = {},
    Callback&& callback = {}, const Loss& loss_function = {}, call_site at = call_site::here()) {
    return detail::fit_by<trainer<Net, Loss, Optimizer, Batch>, Batch, Loss, HistoryCapacity>(
        start, inputs, targets, optimizer, options, callback, loss_function, at);
}

}  // namespace CTNN_NAMESPACE
