// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The loss of a network over a data set.

#include <ctnn/config.hpp>
#include <ctnn/loss/mean_squared_error.hpp>
#include <ctnn/metric/accuracy.hpp>
#include <ctnn/network.hpp>
#include <ctnn/samples.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

namespace detail {

/// One target as a row of the network's numbers: a label becomes 1 at its place and 0 elsewhere, or, for a single
/// output, the label itself.
template <std::size_t Outputs, class T, class Targets>
constexpr void write_target(const Targets& targets, std::size_t index, T* row) {
    if constexpr (are_labels<Targets>) {
        const std::size_t label = label_at<Outputs>(targets, index);
        for (std::size_t i = 0; i < Outputs; ++i) row[i] = static_cast<T>(Outputs == 1 ? label : label == i);
    } else {
        const auto* from = targets[index];
        for (std::size_t i = 0; i < Outputs; ++i) row[i] = static_cast<T>(from[i]);
    }
}

}  // namespace detail

/// The mean of a loss over all samples: `evaluate<cross_entropy>(net, inputs, labels)`.
///
/// `evaluate<mean_squared_error>` is the metric of that name. Inputs and targets as for `accuracy`.
/// *Cost*: Count * multiply_accumulates.
template <class Loss, class Net, class Inputs, class Targets>
constexpr typename Net::value_type evaluate(const Net& net, const Inputs& inputs, const Targets& targets,
                                            const Loss& loss = {}) {
    using T = typename Net::value_type;
    if constexpr (detail::metric_data_fits<Net, Inputs, Targets>()) {
        constexpr std::size_t outputs = Net::output_shape::size, width = Net::output_shape::last;
        using activation = typename layer_t<Net::layer_count - 1, Net>::activation;
        const auto x = as_samples(inputs);
        const auto t = as_samples(targets);
        detail::require(x.count == t.count, "ctnn: there are not as many targets as inputs");
        T total{};
        for (std::size_t i = 0; i < x.count; ++i) {
            T y[outputs], target[outputs];
            detail::forward_sample<!Loss::template takes_logits<activation>>(net, x, i, y);
            detail::write_target<outputs>(t, i, target);
            for (std::size_t row = 0; row < outputs; row += width)
                total += loss.template sample<width, false>(y + row, target + row, T{1}, y + row);
        }
        return total / static_cast<T>(x.count * (outputs / width));
    } else {
        return T{};
    }
}

/// The coefficient of determination: 1 - (sum of squared errors) / (sum of squared deviations from the mean target),
/// each summed over all outputs and samples. 1 is perfect, 0 is as good as always predicting the mean.
template <class Net, class Inputs, class Targets>
constexpr typename Net::value_type r2(const Net& net, const Inputs& inputs, const Targets& targets) {
    using T = typename Net::value_type;
    if constexpr (detail::metric_data_fits<Net, Inputs, Targets>()) {
        constexpr std::size_t outputs = Net::output_shape::size;
        const auto x = as_samples(inputs);
        const auto t = as_samples(targets);
        detail::require(x.count == t.count, "ctnn: there are not as many targets as inputs");
        T mean[outputs]{}, row[outputs]{}, y[outputs]{};
        for (std::size_t i = 0; i < t.count; ++i) {
            detail::write_target<outputs>(t, i, row);
            for (std::size_t k = 0; k < outputs; ++k) mean[k] += row[k];
        }
        for (std::size_t k = 0; k < outputs; ++k) mean[k] /= static_cast<T>(t.count);
        T errors{}, deviations{};
        for (std::size_t i = 0; i < x.count; ++i) {
            detail::write_target<outputs>(t, i, row);
            detail::forward_sample<true>(net, x, i, y);
            for (std::size_t k = 0; k < outputs; ++k) {
                errors += (row[k] - y[k]) * (row[k] - y[k]);
                deviations += (row[k] - mean[k]) * (row[k] - mean[k]);
            }
        }
        return 1 - errors / deviations;
    } else {
        return T{};
    }
}

}  // namespace CTNN_NAMESPACE
