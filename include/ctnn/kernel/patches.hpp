// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The windows of an image as the columns of a matrix, so that convolution is a product.

#include <ctnn/config.hpp>

#include <cstddef>

namespace ctnn::kernel {

/// How a window slides along one dimension, with zeros before and behind the input.
struct slide {
    std::size_t input, window, stride, dilation, before, behind, output;

    /// How many inputs lie between the first of a window and the one after its last.
    constexpr std::size_t span() const { return dilation * (window - 1) + 1; }
    constexpr bool fits() const { return input + before + behind >= span(); }
};

/// The patches of `Channels` images: a matrix with a row for each place in the window and channel, and a column for each
/// place of the window.
template <std::size_t Channels, slide Down, slide Across>
struct patches {
    static constexpr std::size_t rows = Channels * Down.window * Across.window;
    static constexpr std::size_t columns = Down.output * Across.output;
    static constexpr std::size_t size = rows * columns;

    /// Calls `f(index, input, inside)` for each element of the matrix in the order of memory, where `input` is the
    /// index of its number in the images, if it is inside them.
    template <class F>
    CTNN_INLINE static constexpr void for_each(F&& f) {
        std::size_t index = 0;
        for (std::size_t i = 0; i < Down.window; ++i)
            for (std::size_t j = 0; j < Across.window; ++j)
                for (std::size_t channel = 0; channel < Channels; ++channel)
                    for (std::size_t row = 0; row < Down.output; ++row) {
                        // Unsigned: what lies before the image is larger than what lies in it.
                        const std::size_t y = row * Down.stride + i * Down.dilation - Down.before;
                        for (std::size_t column = 0; column < Across.output; ++column, ++index) {
                            const std::size_t x = column * Across.stride + j * Across.dilation - Across.before;
                            f(index, (channel * Down.input + y) * Across.input + x, y < Down.input && x < Across.input);
                        }
                    }
    }

    /// matrix[index] = image[input], or 0 outside.
    template <class T>
    static constexpr void gather(const T* image, T* matrix) {
        for_each([&](std::size_t index, std::size_t input, bool inside)
                     CTNN_INLINE { matrix[index] = inside ? image[input] : T{}; });
    }

    /// image[input] += matrix[index], for what is inside.
    template <class T>
    static constexpr void scatter(const T* matrix, T* image) {
        for_each([&](std::size_t index, std::size_t input, bool inside) CTNN_INLINE {
            if (inside) image[input] += matrix[index];
        });
    }
};

}  // namespace ctnn::kernel
