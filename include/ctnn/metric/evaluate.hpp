// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The loss of a network over a data set.

#include <ctnn/config.hpp>
#include <ctnn/loss/mean_squared_error.hpp>
#include <ctnn/loss/rule.hpp>
#include <ctnn/metric/accuracy.hpp>
#include <ctnn/metric/data_rule.hpp>
#include <ctnn/metric/target.hpp>
#include <ctnn/network.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/samples.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// The mean of a loss over all samples: `evaluate<cross_entropy>(net, inputs, labels)`.
///
/// `evaluate<mean_squared_error>` is the metric of that name. Inputs and targets as for `accuracy`.
/// *Cost*: Count * multiply_accumulates.
/// *Errors*: as for `accuracy` of the data; "ctnn: this loss does not go with the activation of the last layer", "ctnn:
/// this loss compares classes, and a single output always has probability 1".
template <class Loss, class Net, class Inputs, class Targets>
constexpr typename Net::value_type evaluate(const Net& net, const Inputs& inputs, const Targets& targets,
                                            const Loss& loss = {}, call_site at = call_site::here()) {
    using T = typename Net::value_type;
    using activation = typename layer_t<Net::layer_count - 1, Net>::activation;
    constexpr bool accepted = loss_accepts<loss_is<Loss>, last_activation_is<activation>>;
    static_assert(loss_accepts<loss_is<Loss>, last_activation_is<activation>>,
                  "ctnn: this loss does not go with the activation of the last layer");
    static_assert(
        !accepted ||
            has_outputs_to_compare<outputs_are<Net::output_shape::last>, needs_outputs<least_outputs_of<Loss>>>,
        "ctnn: this loss compares classes, and a single output always has probability 1");
    if constexpr (detail::metric_data_fits<Net, Inputs, Targets>() && accepted) {
        constexpr std::size_t outputs = Net::output_shape::size, width = Net::output_shape::last;
        const auto x = as_samples(inputs);
        const auto t = as_samples(targets);
        detail::require(x.count == t.count, "ctnn: there are not as many targets as inputs", at);
        T total{};
        for (std::size_t i = 0; i < x.count; ++i) {
            T y[outputs], target[outputs];
            detail::forward_sample<!Loss::template takes_logits<activation>>(net, x, i, y);
            detail::write_target<outputs>(t, i, target, at);
            for (std::size_t row = 0; row < outputs; row += width)
                total +=
                    loss_of_row<activation>(loss).template sample<width, false>(y + row, target + row, T{1}, y + row);
        }
        return total / static_cast<T>(x.count * (outputs / width));
    } else {
        return T{};
    }
}

/// The coefficient of determination: 1 - (sum of squared errors) / (sum of squared deviations from the mean target),
/// each summed over all outputs and samples. 1 is perfect, 0 is as good as always predicting the mean. For targets that
/// are all equal it is NaN. *Errors*: as for `accuracy` of the data; "ctnn::r2: the variance of a single target is 0,
/// and r2 divides by it".
template <class Net, class Inputs, class Targets>
constexpr typename Net::value_type r2(const Net& net, const Inputs& inputs, const Targets& targets,
                                      call_site at = call_site::here()) {
    using T = typename Net::value_type;
    static_assert(constant_count<Inputs> != 1 && constant_count<Targets> != 1,
                  "ctnn::r2: the variance of a single target is 0, and r2 divides by it");
    if constexpr (detail::metric_data_fits<Net, Inputs, Targets>()) {
        constexpr std::size_t outputs = Net::output_shape::size;
        const auto x = as_samples(inputs);
        const auto t = as_samples(targets);
        detail::require(x.count == t.count, "ctnn: there are not as many targets as inputs", at);
        T mean[outputs]{}, row[outputs]{}, y[outputs]{};
        for (std::size_t i = 0; i < t.count; ++i) {
            detail::write_target<outputs>(t, i, row, at);
            for (std::size_t k = 0; k < outputs; ++k) mean[k] += row[k];
        }
        for (std::size_t k = 0; k < outputs; ++k) mean[k] /= static_cast<T>(t.count);
        T errors{}, deviations{};
        for (std::size_t i = 0; i < x.count; ++i) {
            detail::write_target<outputs>(t, i, row, at);
            detail::forward_sample<true>(net, x, i, y);
            for (std::size_t k = 0; k < outputs; ++k) {
                errors += (row[k] - y[k]) * (row[k] - y[k]);
                deviations += (row[k] - mean[k]) * (row[k] - mean[k]);
            }
        }
        return deviations > 0 ? 1 - errors / deviations : static_cast<T>(__builtin_nan(""));
    } else {
        return T{};
    }
}

}  // namespace CTNN_NAMESPACE
