// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The accuracy of a classifier.

#include <ctnn/config.hpp>
#include <ctnn/metric/data_rule.hpp>
#include <ctnn/network.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/samples.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// The class that outputs predict: the index of the largest of several (the first of equal ones) or, for a single
/// output, 1 if it is at least 1/2 and 0 otherwise. Outputs with a NaN predict none: `class_count<Outputs>`.
template <std::size_t Outputs, class T>
constexpr std::size_t predicted_class(const T* y) {
    if constexpr (Outputs == 1) {
        if (!(y[0] == y[0])) return class_count<Outputs>;
        return y[0] >= T(0.5) ? 1 : 0;
    } else {
        std::size_t best = 0;
        T largest = y[0];
        for (std::size_t i = std::is_integral_v<T> ? 1 : 0; i < Outputs; ++i)
            if (!(y[i] <= largest)) {  // it is larger, or NaN
                if (!(y[i] == y[i])) return class_count<Outputs>;
                best = i;
                largest = y[i];
            }
        return best;
    }
}

/// The class that a network predicts for one sample: `predict(net, {0, 1})`. *Errors*: as for `accuracy`.
template <class Net>
constexpr std::size_t predict(const Net& net, const tensor<typename Net::value_type, typename Net::input_shape>& x) {
    if constexpr (detail::is_classifier_of<Net>())
        return predicted_class<Net::output_shape::size>(net(x).values);
    else
        return 0;
}

namespace detail {

/// The class of a target: a label itself, or the one that a row of outputs predicts.
template <std::size_t Outputs, class Targets>
constexpr std::size_t target_class(const Targets& targets, std::size_t index, call_site at) {
    if constexpr (are_labels<Targets>)
        return label_at<Outputs>(targets, index, at);
    else
        return predicted_class<Outputs>(targets[index]);
}

/// The outputs of a network for one of many samples, which is converted if its value type is another. Without
/// `Activated`, the logits.
template <bool Activated = true, class Net, class Inputs>
constexpr void forward_sample(const Net& net, const Inputs& inputs, std::size_t index, typename Net::value_type* y) {
    using T = typename Net::value_type;
    if constexpr (std::is_same_v<typename Inputs::value_type, T>) {
        net.template forward<1, Activated>(inputs[index], y);
    } else {
        T x[Net::input_shape::size];
        for (std::size_t i = 0; i < Net::input_shape::size; ++i) x[i] = static_cast<T>(inputs[index][i]);
        net.template forward<1, Activated>(x, y);
    }
}

/// How many samples a network computes at once in constant evaluation, if it states that this takes less time.
template <class Net>
inline constexpr std::size_t constant_batch = [] {
    if constexpr (requires { Net::constant_batch; })
        return Net::constant_batch;
    else
        return std::size_t{1};
}();

/// The classes that a network predicts for `Count` of many samples, from `first` on; behind the last they are of no meaning.
template <std::size_t Count, class Net, class Inputs>
constexpr void predict_classes(const Net& net, const Inputs& inputs, std::size_t first, std::size_t (&classes)[Count]) {
    using T = typename Net::value_type;
    constexpr std::size_t size = Net::input_shape::size, outputs = Net::output_shape::size;
    T x[Count * size]{}, y[Count * outputs]{};
    const auto* const from = inputs[first];
    const std::size_t used = inputs.count - first < Count ? inputs.count - first : Count;
    for (std::size_t i = 0; i < used * size; ++i) x[i] = static_cast<T>(from[i]);
    net.template forward<Count>(static_cast<const T*>(x), static_cast<T*>(y));
    for (std::size_t i = 0; i < Count; ++i) classes[i] = predicted_class<outputs>(y + i * outputs);
}

/// The class that a network predicts for one of many samples.
template <class Net, class Inputs>
constexpr std::size_t sample_class(const Net& net, const Inputs& inputs, std::size_t index) {
    typename Net::value_type y[Net::output_shape::size];
    forward_sample(net, inputs, index, y);
    return predicted_class<Net::output_shape::size>(y);
}

}  // namespace detail

/// The fraction of samples that a network classifies correctly, from 0 to 1.
///
/// *Shapes*: inputs shape<Count, input...>, targets either labels (integers, shape<Count>) or rows of outputs
/// (shape<Count, output...>), of which the largest counts. Tensors or `samples`. A sample with a NaN output is in no
/// class.
/// *Cost*: Count * multiply_accumulates.
/// *Errors*: "ctnn: the samples have another shape than the network expects", "ctnn: the targets have another shape
/// than the network's outputs", "ctnn: there are not as many targets as inputs", "ctnn: a label is not a class of the
/// network" (the last two, for views and for values, are preconditions at run time), "ctnn: these outputs determine no
/// class".
/// *Example*: `static_assert(accuracy(model, held_out_inputs, held_out_labels) >= 0.95);`
template <class Net, class Inputs, class Targets>
constexpr double accuracy(const Net& net, const Inputs& inputs, const Targets& targets,
                          call_site at = call_site::here()) {
    if constexpr (detail::class_data_fits<Net, Inputs, Targets>()) {
        constexpr std::size_t outputs = Net::output_shape::size;
        const auto x = as_samples(inputs);
        const auto t = as_samples(targets);
        detail::require(x.count == t.count, "ctnn: there are not as many targets as inputs", at);
        std::size_t right = 0, i = 0;
        const auto compare = [&](std::size_t given) {
            if (detail::target_class<outputs>(t, i++, at) == given && given < class_count<outputs>) ++right;
        };
        constexpr std::size_t at_once = detail::constant_batch<Net>;
        if constexpr (at_once > 1)
            if (__builtin_is_constant_evaluated())
                while (i + at_once / 2 <= x.count) {
                    std::size_t classes[at_once]{};
                    detail::predict_classes(net, x, i, classes);
                    for (std::size_t k = 0; k < at_once && i < x.count; ++k) compare(classes[k]);
                }
        while (i < x.count) compare(detail::sample_class(net, x, i));
        return static_cast<double>(right) / static_cast<double>(x.count);
    } else {
        return 0;
    }
}

}  // namespace CTNN_NAMESPACE
