// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What `fit` can be told, and what it tells back.

#include <ctnn/config.hpp>
#include <ctnn/samples.hpp>
#include <ctnn/train/schedule.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE {

/// How `fit` trains. All of it has a default: `{.epochs = 200}` is enough.
///
/// Template parameters: `Inputs` and `Targets`, the `samples` of the validation data.
template <class Inputs, class Targets>
struct fit_options {
    /// How often every sample is seen.
    std::size_t epochs = 1;
    /// Of the shuffles: the same seed gives the same training.
    std::uint64_t seed = 0;
    /// Whether the samples come in a new random order each epoch.
    bool shuffle = true;
    /// How the learning rate changes over the epochs.
    ctnn::schedule schedule{};
    /// Bounds on each element of the gradient and on its norm, in this order; 0 is no bound.
    double clip_value = 0;
    double clip_norm = 0;
    /// Data that is not trained on; its loss is taken after each epoch.
    Inputs validation_inputs{};
    Targets validation_targets{};
    /// Early stopping: after this many epochs without a better loss (of the validation data, or of the training data
    /// where there is none) training ends with the best parameters seen. 0 is never.
    std::size_t patience = 0;
    /// How much lower a loss has to be to count as better.
    double minimum_improvement = 0;
};

/// What `fit` tells a callback after each step.
struct step_report {
    std::size_t epoch;   ///< counted from 0
    std::size_t step;    ///< within the epoch, counted from 0
    std::size_t steps;   ///< in an epoch
    double loss;         ///< of this batch, before the update
};

/// What `fit` tells a callback after each epoch.
struct epoch_report {
    std::size_t epoch;        ///< counted from 0
    std::size_t epochs;       ///< asked for
    std::size_t samples;      ///< in an epoch
    double loss;              ///< mean over the epoch, each batch before its update
    bool has_validation;      ///< whether there is validation data
    double validation_loss;   ///< after the epoch; 0 where there is no validation data
};

/// A callback that does nothing. A callback of your own has `epoch(const epoch_report&)`, `step(const step_report&)` or
/// both; where one returns bool, false ends the training.
struct no_callback {};

/// The losses of a training, at most `Capacity` of them: entry i is that of epoch i * stride.
template <class T, std::size_t Capacity>
struct training_history {
    std::size_t epochs = 0;       ///< epochs that were trained
    std::size_t best_epoch = 0;   ///< the epoch with the lowest loss, validation loss where there is one
    bool stopped_early = false;   ///< whether training ended for want of improvement, or by a callback
    std::size_t stride = 1;       ///< epochs from one entry to the next
    std::size_t count = 0;        ///< entries
    T loss[Capacity]{};
    T validation_loss[Capacity]{};
};

/// A trained network with the history of its training. It is a network: call it, `get` its layers, copy it to one.
template <class Net, std::size_t Capacity>
struct fitted : Net {
    training_history<typename Net::value_type, Capacity> history;
};

}  // namespace CTNN_NAMESPACE
