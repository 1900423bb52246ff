// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The confusion matrix of a classifier.

#include <ctnn/config.hpp>
#include <ctnn/metric/accuracy.hpp>
#include <ctnn/metric/data_rule.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/samples.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// How often a sample of class `row` is classified as `column`: `matrix(row, column)`.
///
/// A network with one output distinguishes two classes, one with more as many as it has outputs. Inputs and targets as
/// for `accuracy`; labels that are no class and samples with a NaN output are not counted.
/// *Cost*: Count * multiply_accumulates.
template <class Net, class Inputs, class Targets>
constexpr auto confusion_matrix(const Net& net, const Inputs& inputs, const Targets& targets,
                                call_site at = call_site::here()) {
    constexpr std::size_t outputs = Net::output_shape::size, classes = class_count<outputs>;
    tensor<std::size_t, shape<classes, classes>> counts{};
    if constexpr (detail::class_data_fits<Net, Inputs, Targets>()) {
        const auto x = as_samples(inputs);
        const auto t = as_samples(targets);
        detail::require(x.count == t.count, "ctnn: there are not as many targets as inputs", at);
        for (std::size_t i = 0; i < x.count; ++i) {
            const std::size_t wanted = detail::target_class<outputs>(t, i, at), given = detail::sample_class(net, x, i);
            if (wanted < classes && given < classes) ++counts(wanted, given);
        }
    }
    return counts;
}

}  // namespace CTNN_NAMESPACE
