// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The memory of inference: where a chain keeps the values between its layers, and their scratch memory.

#include <ctnn/capped.hpp>
#include <ctnn/chain/allocate.hpp>
#include <ctnn/config.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::detail {

/// What inference needs to know of a layer: the elements of its output and of its scratch memory; whether it is a view,
/// has an activation, and may write over its input.
struct inference_needs {
    std::size_t output, scratch;
    bool is_view, activates, in_place;
};

/// How a chain of `Layers` layers uses its workspace. What the caller gives, the input and the output of the chain, is
/// not in it.
template <std::size_t Layers>
struct inference_plan {
    bool reads_input[Layers];    ///< the input of a layer is that of the chain
    bool writes_output[Layers];  ///< the output of a layer is that of the chain
    bool writes[Layers];         ///< its output is elsewhere than its input
    std::size_t output[Layers];  ///< otherwise, the offset of its output
    std::size_t scratch[Layers];
    std::size_t between;  ///< the elements of a layer's input and output together, at most
    std::size_t size;
};

/// Outputs lie alternately at the beginning and at the end of the workspace, scratch memory in between. So the workspace
/// has the size of what is alive at once in the layer that needs most: its input, its scratch memory and its output.
/// Views compute in place, or not at all, and so do other layers that may.
template <class T, std::size_t Layers>
constexpr inference_plan<Layers> plan_inference(const inference_needs (&layers)[Layers]) {
    inference_plan<Layers> result{};
    std::size_t last = 0, input = 0;
    for (std::size_t i = 0; i < Layers; ++i)
        if (!layers[i].is_view) last = i;
    bool has_written = false, is_low = true;  // where the next output goes
    bool moves[Layers]{};                     // there, and not in the place of the input
    for (std::size_t i = 0; i < Layers; ++i) {
        result.reads_input[i] = !has_written;
        result.writes_output[i] = i >= last;
        result.writes[i] = !layers[i].is_view || (!has_written && (layers[i].activates || i + 1 == Layers));
        if (!result.writes[i]) continue;
        const std::size_t output = i >= last ? 0 : layers[i].output;
        if (layers[i].in_place && layers[i].scratch == 0 && has_written && i < last && output <= input) {
            input = is_low ? input : output;  // the next output may use what is free, if that is beside it
            continue;
        }
        moves[i] = true;
        const std::size_t low = is_low ? output : input, high = is_low ? input : output;
        result.scratch[i] = aligned_offset<T>(low, layers[i].scratch);
        const std::size_t below = capped_sum<std::size_t>({result.scratch[i], layers[i].scratch});
        const std::size_t size = capped_sum<std::size_t>({aligned_offset<T>(below, high), high});
        const std::size_t between = capped_sum<std::size_t>({low, high});
        result.size = size > result.size ? size : result.size;
        result.between = between > result.between ? between : result.between;
        input = output, has_written = true, is_low = !is_low;
    }
    is_low = true;
    for (std::size_t i = 0; i < last; ++i) {
        const std::size_t from_end = result.size - (moves[i] ? layers[i].output : 0);
        if (!moves[i])
            result.output[i] = i > 0 ? result.output[i - 1] : 0;
        else if (is_low)
            result.output[i] = 0;
        else
            result.output[i] = from_end - from_end % alignment_of<T>(layers[i].output);
        if (moves[i]) is_low = !is_low;
    }
    return result;
}

}  // namespace CTNN_NAMESPACE::detail
