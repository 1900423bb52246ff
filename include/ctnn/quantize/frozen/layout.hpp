// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Where the values between two layers lie in memory.

#include <ctnn/config.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::detail {

/// Channels of images, with the channels of a place beside each other and a border of padding; or any values, as in a
/// tensor (`channels_last` is false).
struct value_layout {
    bool channels_last = false;
    std::size_t channels = 1, height = 1, width = 1;
    std::size_t top = 0, left = 0, bottom = 0, right = 0;

    friend constexpr bool operator==(const value_layout&, const value_layout&) = default;

    constexpr std::size_t places() const { return height * width; }
    constexpr std::size_t row_pitch() const { return (left + width + right) * channels; }
    constexpr std::size_t size() const { return (top + height + bottom) * row_pitch(); }
    constexpr bool has_border() const { return top + left + bottom + right > 0; }

    /// Of an element of a tensor, and of the first channel at a place.
    constexpr std::size_t of_element(std::size_t i) const {
        return channels_last ? of_place(i % places()) + i / places() * channel_stride() : i;
    }
    constexpr std::size_t of_place(std::size_t place) const {
        return channels_last ? (top + place / width) * row_pitch() + (left + place % width) * channels : place;
    }
    constexpr std::size_t channel_stride() const { return channels_last ? 1 : places(); }

    template <class Shape>
    static constexpr value_layout plain() {
        return {false, 1, 1, Shape::size};
    }
    /// shape<C, Length> or shape<C, H, W>.
    template <class Shape>
    static constexpr value_layout image(std::size_t top = 0, std::size_t left = 0, std::size_t bottom = 0,
                                        std::size_t right = 0) {
        constexpr std::size_t rank = Shape::rank;
        return {true, Shape::extent(0), rank == 3 ? Shape::extent(1) : 1, Shape::extent(rank - 1), top, left, bottom,
                right};
    }
};

}  // namespace CTNN_NAMESPACE::detail
