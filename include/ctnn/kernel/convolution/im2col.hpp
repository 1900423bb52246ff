// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// im2col and col2im, in both phases: the windows of an image as the columns of a matrix, and the inverse. For
/// convolutions and pooling.

#include <ctnn/capped.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE::kernel {

/// How a window slides along one dimension, with zero padding before and after the input.
struct slide {
    std::size_t input, window, stride, dilation, before, behind, output;

    /// The extent of a dilated window in inputs.
    constexpr std::size_t span() const {
        using ctnn::detail::capped_product, ctnn::detail::capped_sum;
        return capped_sum<std::size_t>({capped_product<std::size_t>({dilation, window - 1}), 1});
    }
    constexpr bool fits() const {
        const std::size_t all = ctnn::detail::capped_sum<std::size_t>({input, before, behind});
        return span() <= all && all <= ctnn::detail::element_limit;
    }

    /// The first output that sees an input, and not padding, at position `place` of its window, and one past the last.
    constexpr std::size_t first_inside(std::size_t place) const {
        const std::size_t offset = place * dilation;
        return offset < before ? outputs_up_to(before - offset) : 0;
    }
    constexpr std::size_t end_inside(std::size_t place) const {
        const std::size_t offset = place * dilation;
        return offset < before + input ? outputs_up_to(before + input - offset) : 0;
    }
    constexpr bool stays_inside() const { return before == 0 && (output - 1) * stride + span() <= input; }
    constexpr bool covers_itself() const { return window == 1 && stride == 1 && before == 0 && output == input; }

    constexpr std::size_t outputs_up_to(std::size_t inputs) const {
        const std::size_t outputs = (inputs - 1) / stride + 1;
        return outputs < output ? outputs : output;
    }
};

/// The inputs of a window, from `first` up to but not `last`, and their number with padding.
struct window_range {
    std::size_t first, last, with_padding;
};
constexpr window_range inputs_of_window(const slide& s, std::size_t place) {
    const std::size_t begin = place * s.stride, end = begin + s.window, all = s.before + s.input + s.behind;
    const std::size_t last = end < s.before + s.input ? end : s.before + s.input;
    return {begin > s.before ? begin - s.before : 0, last - s.before, (end < all ? end : all) - begin};
}

/// The im2col matrix of `Channels` images: a row for each window position and channel, and a column for each output
/// position.
template <std::size_t Channels, slide Down, slide Across>
struct im2col {
    static constexpr std::size_t rows = Channels * Down.window * Across.window;
    static constexpr std::size_t columns = Down.output * Across.output;
    static constexpr std::size_t size = rows * columns;

    /// Whether the matrix is the image, element by element.
    static constexpr bool is_the_image = Down.covers_itself() && Across.covers_itself();
    /// The elements that the matrix takes, if it is not the image.
    static constexpr std::size_t memory_size = is_the_image ? 0 : size;

    /// The runs of a line of `Across.output` elements in memory order: `inside(index, input, count)` for elements that
    /// are `Across.stride` apart in the images, from `input` on, and `outside(index, count)` for padding.
    template <class Inside, class Outside>
    CTNN_INLINE static constexpr void for_each_run(Inside&& inside, Outside&& outside) {
        std::size_t index = 0;
        for (std::size_t i = 0; i < Down.window; ++i)
            for (std::size_t j = 0; j < Across.window; ++j) {
                const std::size_t first = Across.first_inside(j), end = Across.end_inside(j);
                const std::size_t from = first * Across.stride + j * Across.dilation - Across.before;
                for (std::size_t channel = 0; channel < Channels; ++channel)
                    for (std::size_t row = 0; row < Down.output; ++row, index += Across.output) {
                        // Unsigned: rows above the image wrap around to large values.
                        const std::size_t y = row * Down.stride + i * Down.dilation - Down.before;
                        if (y >= Down.input) {
                            outside(index, Across.output);
                        } else if constexpr (Across.stays_inside()) {
                            inside(index, (channel * Down.input + y) * Across.input + from, Across.output);
                        } else {
                            outside(index, first);
                            if (shortest > 0 || first < end)
                                inside(index + first, (channel * Down.input + y) * Across.input + from, end - first);
                            outside(index + end, Across.output - end);
                        }
                    }
            }
    }

    /// to[n] = from[n], or to[n] += from[n] if `Adds`, for every n below `count`, which is at least `shortest`.
    template <bool Adds, class T>
    CTNN_INLINE static constexpr void move(const T* from, T* to, std::size_t count) {
        constexpr std::size_t lanes = full_lanes<T, shortest>();
        if (Adds && !__builtin_is_constant_evaluated()) to = opaque_destination(to);
        if (lanes == 1 || __builtin_is_constant_evaluated()) {
            for (std::size_t n = 0; n < count; ++n)
                if constexpr (Adds)
                    to[n] += from[n];
                else
                    to[n] = from[n];
        } else {
            using V = register_t<T, lanes>;
            const auto moved = [&](std::size_t n) CTNN_INLINE {
                V result = load<V>(from + n);
                if constexpr (Adds) result = load<V>(to + n) + result;
                return result;
            };
            // The last register overlaps the one before, whose store may change what it reads: it is computed first.
            const V last = moved(count - lanes);
            for (std::size_t n = 0; n < count - lanes; n += lanes) store<lanes>(to + n, moved(n));
            store<lanes>(to + count - lanes, last);
        }
    }

    /// matrix[index] = image[input], or 0 outside.
    template <class T>
    static constexpr void gather(const T* image, T* matrix) {
        for_each_run(
            [&](std::size_t index, std::size_t input, std::size_t count) CTNN_INLINE {
                if constexpr (Across.stride > 1)
                    for (std::size_t n = 0; n < count; ++n) matrix[index + n] = image[input + n * Across.stride];
                else
                    move<false>(image + input, matrix + index, count);
            },
            [&](std::size_t index, std::size_t count) CTNN_INLINE {
                for (std::size_t n = 0; n < count; ++n) matrix[index + n] = T{};
            });
    }

    /// The im2col matrix of an image: gathered in `memory`, if it is not the image.
    template <class T>
    static constexpr const T* gathered(const T* image, T* memory) {
        if constexpr (is_the_image) {
            return image;
        } else {
            gather(image, memory);
            return memory;
        }
    }

    /// image[input] += matrix[index] for all elements inside the image.
    template <class T>
    static constexpr void scatter(const T* matrix, T* image) {
        for_each_run(
            [&](std::size_t index, std::size_t input, std::size_t count) CTNN_INLINE {
                if constexpr (Across.stride > 1)
                    for (std::size_t n = 0; n < count; ++n) image[input + n * Across.stride] += matrix[index + n];
                else
                    move<true>(matrix + index, image + input, count);
            },
            [](std::size_t, std::size_t) CTNN_INLINE {});
    }

  private:
    /// The length of the shortest run inside.
    static constexpr std::size_t shortest = [] {
        std::size_t result = Across.output;
        for (std::size_t j = 0; j < Across.window; ++j) {
            const std::size_t count = Across.end_inside(j) - Across.first_inside(j);
            if (count < result) result = count;
        }
        return result;
    }();
};

}  // namespace CTNN_NAMESPACE::kernel
