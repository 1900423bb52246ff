// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Targets in the form of a network's outputs.

#include <ctnn/config.hpp>
#include <ctnn/metric/data_rule.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/samples.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

namespace detail {

/// One target as a row in the network's value type: a label is encoded one-hot or, for a single output, is itself the
/// value.
template <std::size_t Outputs, class T, class Targets>
constexpr void write_target(const Targets& targets, std::size_t index, T* row, call_site at = call_site::here()) {
    if constexpr (are_labels<Targets>) {
        const std::size_t label = label_at<Outputs>(targets, index, at);
        for (std::size_t i = 0; i < Outputs; ++i) row[i] = static_cast<T>(Outputs == 1 ? label : label == i);
    } else {
        const auto* from = targets[index];
        for (std::size_t i = 0; i < Outputs; ++i) row[i] = static_cast<T>(from[i]);
    }
}

}  // namespace detail

}  // namespace CTNN_NAMESPACE
