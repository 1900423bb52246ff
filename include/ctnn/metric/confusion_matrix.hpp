// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Which classes a classifier takes for which.

#include <ctnn/config.hpp>
#include <ctnn/metric/accuracy.hpp>
#include <ctnn/samples.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// How often a sample of class `row` is taken for class `column`: `matrix(row, column)`.
///
/// A network with one output tells two classes, one with more as many as it has outputs. Inputs and targets as for
/// `accuracy`; a label that is no class counts nowhere. *Cost*: Count * multiply_accumulates.
template <class Net, class Inputs, class Targets>
constexpr auto confusion_matrix(const Net& net, const Inputs& inputs, const Targets& targets) {
    constexpr std::size_t outputs = Net::output_shape::size;
    constexpr std::size_t classes = outputs == 1 ? 2 : outputs;
    tensor<std::size_t, shape<classes, classes>> counts{};
    if constexpr (detail::metric_data_fits<Net, Inputs, Targets>()) {
        const auto x = as_samples(inputs);
        const auto t = as_samples(targets);
        detail::require(x.count == t.count, "ctnn: there are not as many targets as inputs");
        for (std::size_t i = 0; i < x.count; ++i) {
            const std::size_t wanted = detail::target_class<outputs>(t, i);
            if (wanted < classes) ++counts(wanted, detail::sample_class(net, x, i));
        }
    }
    return counts;
}

}  // namespace CTNN_NAMESPACE
