// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Frozen convolutions: products of the weights with runs of the image, where it lies.

#include <ctnn/config.hpp>
#include <ctnn/layer/convolution/convolution.hpp>
#include <ctnn/quantize/frozen/finish.hpp>
#include <ctnn/quantize/frozen/layer.hpp>
#include <ctnn/quantize/frozen/matrix.hpp>
#include <ctnn/quantize/frozen/values.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

/// A convolution as the source of a matrix. A place's inputs are one run for each row of the window, as channels lie beside
/// each other; or for each element, where the window is dilated; or, if that is not regular, they are gathered first.
template <const auto& Net, std::size_t Index, std::size_t Channels, kernel::slide Down, kernel::slide Across>
struct convolution_source {
    static constexpr const auto& weights = integer_layer_of<Net, Index>.weights.weights;
    static constexpr std::size_t rows = std::remove_cvref_t<decltype(weights)>::shape_type::last;
    static constexpr std::size_t depth = Down.window * Across.window * Channels;
    static constexpr std::size_t row_pitch = input_layout<Net, Index>.row_pitch();

    static constexpr bool has_rows = Across.dilation == 1 || Across.window == 1,
                          has_elements = Down.window == 1 && !has_rows,
                          gathers = !(has_rows && Across.window * Channels <= kernel::longest_run) &&
                                    !(has_elements && Channels <= kernel::longest_run);
    static constexpr std::size_t runs = gathers      ? (depth + kernel::longest_run - 1) / kernel::longest_run
                                        : has_rows ? Down.window
                                                   : Across.window;
    static constexpr std::size_t length = !gathers    ? depth / runs
                                          : runs == 1 ? depth
                                                      : (depth + 4 * runs - 1) / (4 * runs) * 4;
    static constexpr std::size_t pitch = gathers    ? length
                                         : has_rows ? Down.dilation * row_pitch
                                                    : Across.dilation * Channels;

    static constexpr std::int8_t weight(std::size_t run, std::size_t i, std::size_t row) {
        const std::size_t k = run * length + i;
        return k < depth ? weights[k * rows + row] : std::int8_t{0};
    }
    /// The inputs of the place at `x`, in the order of the weights.
    CTNN_INLINE static void gather(const frozen_value* x, frozen_value* column) {
        for (std::size_t i = 0; i < Down.window; ++i)
            for (std::size_t j = 0; j < Across.window; ++j)
                for (std::size_t c = 0; c < Channels; ++c)
                    *column++ = x[i * Down.dilation * row_pitch + j * Across.dilation * Channels + c];
    }
};

/// Calls `f(x, y)` for each place of a convolution, with its first input and its output.
template <value_layout From, value_layout To, kernel::slide Down, kernel::slide Across, class Out, class F>
CTNN_INLINE inline void for_each_place(const frozen_value* x, Out* y, F&& f) {
    for (std::size_t row = 0; row < Down.output; ++row) {
        const frozen_value* from = x + row * Down.stride * From.row_pitch();
        Out* to = y + To.of_place(row * Across.output);
        for (std::size_t column = 0; column < Across.output; ++column) {
            f(from, to);
            from += Across.stride * From.channels;
            to += To.channels_last ? To.channels : 1;
        }
    }
}

/// Whether a layer can write what the next one reads, place by place; otherwise it writes an image that is then moved.
template <class Shape>
constexpr bool takes_places(const value_layout& to) {
    constexpr value_layout own = value_layout::image<Shape>();
    return !to.channels_last || (to.channels == own.channels && to.height == own.height && to.width == own.width);
}

/// Runs `f(y)` with y in a layout that takes the places of an image of `Shape`.
template <const auto& Net, std::size_t Index, class Shape, class Out, class F>
CTNN_INLINE inline void write_places(Out* y, F&& f) {
    constexpr value_layout to = input_layout<Net, Index + 1>;
    fill_border<to>(y, padding_before<Net, Index + 1>());
    if constexpr (!to.channels_last) {
        f(y, std::false_type{});
    } else if constexpr (takes_places<Shape>(to)) {
        f(y, std::true_type{});
    } else {
        Out image[Shape::size];
        f(image, std::false_type{});
        for (std::size_t i = 0; i < Shape::size; ++i) y[to.of_element(i)] = image[i];
    }
}
/// The layout with which `f` above is called.
template <const auto& Net, std::size_t Index, class Shape, bool Last>
constexpr value_layout layout_of_places() {
    if constexpr (Last) {
        return input_layout<Net, Index + 1>;
    } else {
        constexpr value_layout own = value_layout::image<Shape>();
        return {false, own.channels, own.height, own.width};
    }
}

template <const auto& Net, std::size_t Index, class Preference, class T, class InputShape, class OutputShape,
          class WeightShape, class Activation, class Bias, std::size_t Channels, std::size_t Filters,
          std::size_t Groups, kernel::slide Down, kernel::slide Across>
requires(reads_of<Net, Index> == reads::image) struct frozen_layer<
    Net, Index, Preference,
    convolution_layer<T, InputShape, OutputShape, WeightShape, Activation, Bias,
                      convolution<T, Channels, Filters, Groups, Down, Across>>> {
    using source = convolution_source<Net, Index, Channels, Down, Across>;
    static constexpr std::size_t beyond = [] {
        if constexpr (Groups == 1) {
            if constexpr (!source::gathers) return frozen_matrix<source, Preference>::beyond;
        }
        return std::size_t{0};
    }();

    template <class Out>
    static void forward(const frozen_value* x, Out* y) {
        write_places<Net, Index, OutputShape>(y, [&](Out* to, auto last) CTNN_INLINE {
            constexpr value_layout from = input_layout<Net, Index>,
                                   layout = layout_of_places<Net, Index, OutputShape, decltype(last)::value>();
            constexpr std::size_t stride = layout.channel_stride();
            for_each_place<from, layout, Down, Across>(x, to, [](const frozen_value* inputs, Out* outputs) CTNN_INLINE {
                if constexpr (Groups == 1)
                    of_place<stride>(inputs, outputs);
                else
                    of_groups<stride>(inputs, outputs);
            });
        });
    }

  private:
    template <std::size_t Stride, class Out>
    CTNN_INLINE static void of_place(const frozen_value* x, Out* y) {
        using matrix = frozen_matrix<source, Preference>;
        std::int32_t sums[matrix::padded_rows];
        if constexpr (source::gathers) {
            alignas(4) frozen_value column[source::runs * source::length + matrix::beyond];
            source::gather(x, column);
            matrix::template sums<true>(column, sums);
        } else {
            matrix::template sums<Channels % 2 == 0>(x, sums);
        }
        frozen_finish<Net, Index>::template values<Stride>(sums, y);
    }

    /// Groups: each of its filters sums over the channels of the group, where they lie.
    template <std::size_t Stride, class Out>
    CTNN_INLINE static void of_groups(const frozen_value* x, Out* y) {
        constexpr std::size_t in_group = Channels / Groups, of_group = Filters / Groups, pitch = source::row_pitch;
        std::int32_t sums[Filters]{};
        for (std::size_t i = 0; i < Down.window; ++i)
            for (std::size_t j = 0; j < Across.window; ++j) {
                const frozen_value* const from = x + i * Down.dilation * pitch + j * Across.dilation * Channels;
                const std::int8_t* w = weights<0>.values + (i * Across.window + j) * in_group * Filters;
                for (std::size_t c = 0; c < in_group; ++c, w += Filters)
                    for (std::size_t g = 0; g < Groups; ++g)
                        for (std::size_t f = 0; f < of_group; ++f)
                            sums[g * of_group + f] += std::int32_t{from[g * in_group + c]} * w[g * of_group + f];
            }
        frozen_finish<Net, Index>::template values<Stride>(sums, y);
    }
    template <int>
    static constexpr auto weights = integer_layer_of<Net, Index>.weights.weights;
};

}  // namespace CTNN_NAMESPACE::detail
