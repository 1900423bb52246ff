// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What inputs and targets have to be, to go with a network and with each other.

#include <ctnn/config.hpp>
#include <ctnn/network.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/samples.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// Whether data has the shape that a network needs. It is false where it is named in an error.
template <class Given, class Expected>
inline constexpr bool data_has_shape = false;
template <class Shape>
inline constexpr bool data_has_shape<given<Shape>, expects<Shape>> = true;

/// Whether targets are labels of a network that has one row of outputs.
template <class Net, class Targets>
inline constexpr bool labels_fit = are_labels<samples_of<Targets>>&& Net::output_shape::rank == 1;

/// Whether targets are what a network can be compared with: labels of a network with one row of outputs, or its
/// outputs.
template <class Net, class Targets>
inline constexpr bool targets_fit =
    labels_fit<Net, Targets> ||
    data_has_shape<given<typename samples_of<Targets>::shape_type>, expects<typename Net::output_shape>>;

namespace detail {

/// Whether the inputs and the targets of a metric fit; where they do not, one sentence says so.
template <class Net, class Inputs, class Targets>
constexpr bool metric_data_fits() {
    using input_shape = typename samples_of<Inputs>::shape_type;
    using target_shape = typename samples_of<Targets>::shape_type;
    constexpr bool inputs_fit = data_has_shape<given<input_shape>, expects<typename Net::input_shape>>;
    constexpr bool counts_fit = counts_agree<constant_count<Inputs>, constant_count<Targets>>;
    static_assert(data_has_shape<given<input_shape>, expects<typename Net::input_shape>>,
                  "ctnn: the samples have another shape than the network expects");
    static_assert(labels_fit<Net, Targets> || data_has_shape<given<target_shape>, expects<typename Net::output_shape>>,
                  "ctnn: the targets have another shape than the network's outputs");
    static_assert(counts_fit, "ctnn: there are not as many targets as inputs");
    return inputs_fit && targets_fit<Net, Targets> && counts_fit;
}

/// A label, which is less than the number of classes: as many as outputs, or two for a single output.
template <std::size_t Outputs, class Targets>
constexpr std::size_t label_at(const Targets& targets, std::size_t index) {
    const auto label = static_cast<std::size_t>(*targets[index]);
    require(label < (Outputs == 1 ? 2 : Outputs), "ctnn: a label is no class of the network");
    return label;
}

}  // namespace detail

}  // namespace CTNN_NAMESPACE
