// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The options of `fit`.

#include <ctnn/config.hpp>
#include <ctnn/network.hpp>
#include <ctnn/samples.hpp>
#include <ctnn/train/schedule.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// Whether validation data is of the type of the training data; false where an error message shows it.
template <class Given, class Expected>
inline constexpr bool validates_with = false;
template <class Samples>
inline constexpr bool validates_with<given<Samples>, expects<Samples>> = true;

/// Validation samples: a tensor or a view with the shape and the value type of the training samples. *Errors*:
/// "ctnn::fit: the validation data has another shape or another value type than the training data".
template <class Samples>
struct validation_samples : Samples {
    constexpr validation_samples() = default;
    constexpr validation_samples(const Samples& view) : Samples{view} {}
    template <class Source>
    constexpr validation_samples(const Source& source) : Samples{view_of(source)} {}

  private:
    template <class Source>
    static constexpr Samples view_of(const Source& source) {
        if constexpr (requires { as_samples(source); }) {
            static_assert(validates_with<given<samples_of<Source>>, expects<Samples>>,
                          "ctnn::fit: the validation data has another shape or another value type than the training "
                          "data");
            if constexpr (std::is_same_v<samples_of<Source>, Samples>) return as_samples(source);
        } else {
            static_assert(validates_with<given<Source>, expects<Samples>>,
                          "ctnn::fit: the validation data has another shape or another value type than the training "
                          "data");
        }
        return {};
    }
};

/// How `fit` trains. Every option has a default: `{.epochs = 200}` is enough.
///
/// Template parameters: `Inputs` and `Targets`, the `samples` of the validation data.
template <class Inputs, class Targets>
struct fit_options {
    /// The number of passes over the samples.
    std::size_t epochs = 1;
    /// The seed of the shuffles and of layers such as dropout: the same seed gives the same training.
    std::uint64_t seed = 0;
    /// Whether the samples are shuffled anew in each epoch.
    bool shuffle = true;
    /// How the learning rate changes over the epochs.
    ctnn::schedule schedule{};
    /// Gradient clipping: bounds on each element and on the norm, applied in this order; 0 is no bound.
    double clip_value = 0;
    double clip_norm = 0;
    /// Data that is not trained on; its loss is computed after each epoch.
    validation_samples<Inputs> validation_inputs{};
    validation_samples<Targets> validation_targets{};
    /// Early stopping: after this many epochs without a better loss (validation loss, or training loss without
    /// validation data) training ends with the best parameters seen. 0 disables it.
    std::size_t patience = 0;
    /// How far below that of the last improvement a loss has to be to reset `patience`.
    double minimum_improvement = 0;
    /// Whether all labels are checked once before training begins. Labels that are not classes change what is learnt.
    bool check_labels = true;
};

}  // namespace CTNN_NAMESPACE
