// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Where a chain keeps in training what is between its layers, and their gradients.

#include <ctnn/chain/allocate.hpp>
#include <ctnn/config.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::detail {

/// What a layer takes in a training step, in elements: its output, what else it keeps for its backward pass, and scratch memory
/// there. Whether it only has another shape, has an activation, and one whose derivative needs its input as well.
struct training_needs {
    std::size_t output, kept, scratch;
    bool is_view, is_activated, needs_both;
};

/// The memory layout of a training step. Two arrays: what the forward pass keeps for the backward pass, and the scratch memory
/// of the backward pass.
template <std::size_t Layers>
struct training_plan {
    std::size_t before[Layers];  ///< in `kept`: the pre-activations of a layer
    std::size_t after[Layers];   ///< and its activations: the same, unless the backward pass needs both
    std::size_t kept[Layers];    ///< what else a layer keeps
    std::size_t kept_size;
    std::size_t dy[Layers];  ///< in `scratch`: dL/dy of a layer
    std::size_t scratch;     ///< for the kernels of a layer
    std::size_t scratch_size;
};

template <class T, std::size_t Layers>
constexpr training_plan<Layers> plan_training(const training_needs (&layers)[Layers]) {
    training_plan<Layers> result{};
    std::size_t widest = 0, largest_scratch = 0;
    for (std::size_t i = 0; i < Layers; ++i) {
        const training_needs& here = layers[i];
        const bool is_before = here.is_view && i > 0;  // the input is already there
        result.before[i] = is_before ? result.after[i - 1] : allocate<T>(result.kept_size, here.output);
        result.after[i] = here.needs_both || (is_before && here.is_activated)
                              ? allocate<T>(result.kept_size, here.output)
                              : result.before[i];
        result.kept[i] = allocate<T>(result.kept_size, here.kept);
        widest = here.output > widest ? here.output : widest;
        largest_scratch = here.scratch > largest_scratch ? here.scratch : largest_scratch;
    }
    const std::size_t buffers[]{allocate<T>(result.scratch_size, widest), allocate<T>(result.scratch_size, widest)};
    std::size_t which = 0;
    for (std::size_t i = Layers; i-- > 0;) {
        result.dy[i] = buffers[which];
        if (!layers[i].is_view) which = 1 - which;
    }
    result.scratch = allocate<T>(result.scratch_size, largest_scratch);
    return result;
}

}  // namespace CTNN_NAMESPACE::detail
