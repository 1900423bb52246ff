// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The outputs of a network for a number of samples known only at run time, by several threads too, and the memory that a
/// call takes.

#include <ctnn/capped.hpp>
#include <ctnn/config.hpp>
#include <ctnn/network.hpp>
#include <ctnn/samples.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// Bytes that a call with `Batch` samples needs on the stack for what is between the layers, and for the scratch memory
/// of layers: what is alive at once in the layer that needs most. The input and the output of the call are the caller's.
template <class Net, std::size_t Batch = 1>
inline constexpr std::size_t inference_bytes = detail::capped_product<std::size_t>(
    {Net::chain_type::template workspace_size<Batch>, sizeof(typename Net::value_type)});

namespace detail {

/// How many samples are processed at once: weights are read once for all of them, and the buffers between layers stay
/// small.
template <class Net>
inline constexpr std::size_t samples_at_once =
    16 * Net::chain_type::template inference<1>.between * sizeof(typename Net::value_type) <= 16384 ? 16 : 1;

}  // namespace detail

/// The outputs of a network for `x.count` samples, one after another from `y` on: `x.count` times
/// `Net::output_shape::size` elements, the same as from a call of the network for each sample.
///
/// *Cost*: x.count * multiply_accumulates; nothing is allocated. `y` must not overlap the samples.
/// *Errors*: "ctnn::forward: the samples have another shape or another value type than the network's input".
/// *Example*: `std::vector<float> y(count * 10); forward(model, samples<float, shape<64>>{x.data(), count}, y.data());`
template <class Net, class T, class Shape>
constexpr void forward(const Net& net, const samples<T, Shape>& x, typename Net::value_type* y) {
    constexpr bool fits =
        std::is_same_v<samples<T, Shape>, samples<typename Net::value_type, typename Net::input_shape>>;
    static_assert(input_has_shape<given<samples<T, Shape>>,
                                  expects<samples<typename Net::value_type, typename Net::input_shape>>>,
                  "ctnn::forward: the samples have another shape or another value type than the network's input");
    if constexpr (fits) {
        constexpr std::size_t some = detail::samples_at_once<Net>, outputs = Net::output_shape::size;
        std::size_t done = 0;
        if constexpr (some > 1)
            for (; done + some <= x.count; done += some) net.template forward<some>(x[done], y + done * outputs);
        for (; done < x.count; ++done) net.template forward<1>(x[done], y + done * outputs);
    }
}

/// The same by workers, such as a `team` (`ctnn/train/threads.hpp`): a job is 64 samples. The bits are the same.
///
/// *Errors*: those of `forward`.
/// *Example*: `team cores; forward(cores, model, samples<float, shape<64>>{x.data(), count}, y.data());`
template <class Workers, class Net, class T, class Shape>
constexpr void forward(Workers&& workers, const Net& net, const samples<T, Shape>& x, typename Net::value_type* y) {
    constexpr std::size_t piece = 64;
    workers((x.count + piece - 1) / piece, [&](std::size_t job) {
        const std::size_t first = job * piece, left = x.count - first;
        forward(net, samples<T, Shape>{x[first], left < piece ? left : piece}, y + first * Net::output_shape::size);
    });
}

}  // namespace CTNN_NAMESPACE
