// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What `fit` can be told.

#include <ctnn/config.hpp>
#include <ctnn/network.hpp>
#include <ctnn/samples.hpp>
#include <ctnn/train/schedule.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// Whether data to validate with is of the kind of the data to train with. It is false where it is named in an error.
template <class Given, class Expected>
inline constexpr bool validates_with = false;
template <class Samples>
inline constexpr bool validates_with<given<Samples>, expects<Samples>> = true;

/// Samples to validate with: a tensor, or a view, of the shape and the type of numbers that the samples to train with
/// have. *Errors*: "ctnn::fit: the validation data has another shape or another type of numbers than the data to train
/// with".
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
                          "ctnn::fit: the validation data has another shape or another type of numbers than the data "
                          "to train with");
            if constexpr (std::is_same_v<samples_of<Source>, Samples>) return as_samples(source);
        } else {
            static_assert(validates_with<given<Source>, expects<Samples>>,
                          "ctnn::fit: the validation data has another shape or another type of numbers than the data "
                          "to train with");
        }
        return {};
    }
};

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
    validation_samples<Inputs> validation_inputs{};
    validation_samples<Targets> validation_targets{};
    /// Early stopping: after this many epochs without a better loss (of the validation data, or of the training data
    /// where there is none) training ends with the best parameters seen. 0 is never.
    std::size_t patience = 0;
    /// How much lower than the last improvement a loss has to be for `patience` to begin again.
    double minimum_improvement = 0;
    /// Whether all labels are looked at, once, before training begins. Labels that are no classes change what is learnt.
    bool check_labels = true;
};

}  // namespace CTNN_NAMESPACE
