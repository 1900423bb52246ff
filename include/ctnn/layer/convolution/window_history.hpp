// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a block stream keeps of a convolution's inputs.

#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

namespace detail {

/// Copies the windows of a block: `to` has a row of `Steps` time steps for each window element and channel. `from` is
/// the first channel of a history whose channels are `stride` apart and whose `ring` elements begin at 0; the newest
/// step of the first window is at `place`. Not inlined: layers that differ in their dilation alone share its code.
template <std::size_t Steps, std::size_t Window, std::size_t Channels, class T>
[[gnu::noinline]] constexpr void copy_windows(const T* from, std::size_t stride, std::size_t ring, std::size_t place,
                                              std::size_t dilation, T* to) {
    for (std::size_t element = 0; element < Window; ++element) {
        const std::size_t ago = (Window - 1 - element) * dilation, at = place >= ago ? place - ago : place + ring - ago;
        for (std::size_t channel = 0; channel < Channels; ++channel, to += Steps)
            kernel::copy<Steps>(from + channel * stride + at, to);
    }
}

}  // namespace detail

/// The newest inputs of a convolution, zeros at the start: a ring for each channel, long enough for the windows of a
/// block of `Steps` time steps that reach back `Reach` steps.
///
/// Steps are read and written `Steps` at a time, at any place: the last elements of a ring are repeated before its
/// first, and the first after its last.
template <class T, std::size_t Channels, std::size_t Reach, std::size_t Steps>
struct window_history {
    static constexpr std::size_t ring = Reach + Steps, stride = ring + 3 * Steps;

    T values[Channels * stride]{};
    std::size_t place = 0;

    friend constexpr bool operator==(const window_history&, const window_history&) = default;

    /// Writes the inputs of a block.
    constexpr void write(const T* x) {
        for (std::size_t channel = 0; channel < Channels; ++channel, x += Steps) {
            T* const first = values + channel * stride + Steps;
            kernel::copy<Steps>(x, first + place);
            if (place < Steps) kernel::copy<Steps>(x, first + place + ring);
            if (place > ring - Steps) kernel::copy<Steps>(x, first + place - ring);
        }
    }
    /// The windows of the block that was written, of the channels from `first` on.
    template <std::size_t Window, std::size_t Dilation, std::size_t Count>
    constexpr void copy_windows(std::size_t first, T* windows) const {
        detail::copy_windows<Steps, Window, Count>(values + first * stride + Steps, stride, ring, place, Dilation,
                                                   windows);
    }
    /// Keeps the first `count` steps of that block.
    constexpr void keep(std::size_t count) { place = place + count < ring ? place + count : place + count - ring; }
};

}  // namespace CTNN_NAMESPACE
