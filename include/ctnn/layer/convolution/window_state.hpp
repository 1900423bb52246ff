// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a stream keeps of a convolution's inputs.

#include <ctnn/config.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// The inputs that a time step of a convolution still needs, zeros at the start: one line for each step of the dilation,
/// used round-robin. A line has, group by group, the inputs of a window but the newest.
template <class T, std::size_t Lines, std::size_t LineSize>
struct window_state {
    T values[Lines * LineSize]{};
    std::size_t line = 0;

    friend constexpr bool operator==(const window_state&, const window_state&) = default;

    constexpr T* next_line() {
        T* const result = values + line * LineSize;
        line = line + 1 < Lines ? line + 1 : 0;
        return result;
    }
};
template <class T, std::size_t LineSize>
struct window_state<T, 1, LineSize> {
    T values[LineSize]{};

    friend constexpr bool operator==(const window_state&, const window_state&) = default;

    constexpr T* next_line() { return values; }
};
/// A window of one element needs no older inputs.
template <class T>
struct window_state<T, 1, 0> {
    friend constexpr bool operator==(const window_state&, const window_state&) = default;

    constexpr T* next_line() { return nullptr; }
};

}  // namespace CTNN_NAMESPACE
