// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Convolution at run time without im2col, for windows of stride 1: images padded with zeros.

#include <ctnn/config.hpp>
#include <ctnn/kernel/convolution/im2col.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/kernel/vector/registers.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE::kernel {

/// `Channels` images, each padded with zeros, for windows of stride 1.
///
/// The offset of a window position from the window's first input is the same everywhere in the padded image. So the
/// outputs, line by line as in the padded image, are one contiguous row, and what they see at a window position is
/// another. Between two lines the row has some elements that are not outputs.
template <std::size_t Channels, slide Down, slide Across>
struct padded_images {
    /// The zeros between two lines are the padding after the one and before the other.
    static constexpr std::size_t width = Across.input + (Across.before > Across.behind ? Across.before : Across.behind);
    static constexpr std::size_t height = Down.before + Down.input + Down.behind;
    static constexpr std::size_t image = (height - 1) * width + Across.before + Across.input + Across.behind;
    static constexpr bool is_the_image = height == Down.input && width == Across.input;
    /// The elements that the padded images take, if they are not the images themselves.
    static constexpr std::size_t size = is_the_image ? 0 : Channels * image;

    /// The length of a row of outputs, and whether it has gaps between its lines.
    static constexpr std::size_t outputs = (Down.output - 1) * width + Across.output;
    static constexpr bool has_gaps = outputs > Down.output* Across.output;
    static constexpr std::size_t lines = Down.output, line = Across.output;
    /// Whether each line of outputs is computed by itself.
    template <class T>
    static constexpr bool in_lines = native_lanes<T> == 1;

    /// Whether the stride is 1, no output is missing, and most of the row are outputs.
    static constexpr bool suits = Down.stride == 1 && Across.stride == 1 && Down.output + Down.span() == height + 1 &&
                                  Across.output + Across.span() == Across.before + Across.input + Across.behind + 1 &&
                                  2 * outputs <= 3 * Down.output * Across.output;

    /// The offset of a term's input from the first input of its window. Terms are ordered by line and column of the
    /// window, then by channel.
    static constexpr std::size_t offset(std::size_t term) {
        const std::size_t channel = term % Channels, place = term / Channels;
        return channel * image + place / Across.window * Down.dilation * width +
               place % Across.window * Across.dilation;
    }

    /// The padded images: copied to `memory` if necessary.
    template <class T>
    static const T* pad(const T* images, T* memory) {
        if constexpr (is_the_image) {
            return images;
        } else {
            for (std::size_t i = 0; i < size; ++i) memory[i] = T{};
            for (std::size_t channel = 0; channel < Channels; ++channel)
                for (std::size_t row = 0; row < Down.input; ++row)
                    copy<Across.input>(images + (channel * Down.input + row) * Across.input,
                                       memory + channel * image + (Down.before + row) * width + Across.before);
            return memory;
        }
    }

    /// Copies `Rows` rows of outputs without the gaps between their lines.
    template <std::size_t Rows, class T>
    static void without_gaps(const T* rows, T* y) {
        for (std::size_t row = 0; row < Rows; ++row)
            for (std::size_t line_of_row = 0; line_of_row < lines; ++line_of_row)
                copy_line(rows + row * outputs + line_of_row * width, y + (row * lines + line_of_row) * line);
    }

  private:
    /// A line of up to eight registers, the last of which may overlap the one before, is loaded before it is stored: the
    /// compiler need not know that source and destination do not overlap.
    template <class T>
    CTNN_INLINE static void copy_line(const T* from, T* to) {
        constexpr std::size_t lanes = native_lanes<T>, count = (line + lanes - 1) / lanes;
        if constexpr (line < lanes || count > 8) {
            copy<line>(from, to);
        } else {
            using V = register_t<T, lanes>;
            constexpr auto at = [](std::size_t index) { return index + 1 < count ? index * lanes : line - lanes; };
            [&]<std::size_t... Index>(std::index_sequence<Index...>) CTNN_INLINE {
                const V registers[]{load<V>(from + at(Index))...};
                (store<lanes>(to + at(Index), registers[Index]), ...);
            }
            (std::make_index_sequence<count>{});
        }
    }
};

}  // namespace CTNN_NAMESPACE::kernel
