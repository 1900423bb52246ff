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

/// Runs of a few inputs take longer than to gather them.
constexpr bool is_good_run(std::size_t length, std::size_t count) {
    return length <= kernel::longest_run && (count == 1 || length >= kernel::shortest_run);
}

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
                          gathers = !(has_rows && is_good_run(Across.window * Channels, Down.window)) &&
                                    !(has_elements && is_good_run(Channels, Across.window));
    static constexpr std::size_t runs = gathers    ? (depth + kernel::longest_run - 1) / kernel::longest_run
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

/// A max_pool whose windows lie apart from each other, inside the image.
template <class Layer>
struct pool_of {
    static constexpr bool is_apart = false;
};
template <class T, class InputShape, class Pooling>
struct pool_of<max_pool_layer<T, InputShape, Pooling>> {
    static constexpr bool lies_apart(const kernel::slide& s) {
        return s.stride == s.window && s.before == 0 && s.output * s.window <= s.input;
    }
    static constexpr bool is_apart = lies_apart(Pooling::down) && lies_apart(Pooling::across);
    static constexpr std::size_t down = Pooling::down.window, across = Pooling::across.window;
};

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
requires(reads_of<Net, Index> ==
         reads::image) struct frozen_layer<Net, Index, Preference,
                                           convolution_layer<T, InputShape, OutputShape, WeightShape, Activation, Bias,
                                                             convolution<T, Channels, Filters, Groups, Down, Across>>> {
    using source = convolution_source<Net, Index, Channels, Down, Across>;
    static constexpr std::size_t beyond = [] {
        if constexpr (Groups == 1) {
            if constexpr (!source::gathers) return frozen_matrix<source, Preference>::beyond;
        }
        return std::size_t{0};
    }();

    /// Whether a max_pool follows whose windows neither overlap nor leave the image, and can be taken over sums, because
    /// rescaling and activation keep their order: then it is a part of this layer.
    static constexpr bool has_pool = [] {
        if constexpr (Index + 1 < quantized_of<Net>::layer_count) {
            if constexpr (integer_layer_type<Net, Index>::activation_type::is_clamping)
                return pool_of<real_layer_of<Net, Index + 1>>::is_apart;
        }
        return false;
    }();

    template <class Out>
    static void forward(const frozen_value* x, Out* y) {
        constexpr std::size_t last = Index + (has_pool ? 1 : 0);
        using shape_type = typename real_layer_of<Net, last>::output_shape;
        write_places<Net, last, shape_type>(y, [&](Out* to, auto is_last) CTNN_INLINE {
            constexpr value_layout layout = layout_of_places<Net, last, shape_type, decltype(is_last)::value>();
            constexpr std::size_t stride = layout.channel_stride();
            constexpr value_layout places = value_layout::image<shape_type>();
            for (std::size_t row = 0; row < places.height; ++row) {
                Out* outputs = to + layout.of_place(row * places.width);
                for (std::size_t column = 0; column < places.width; ++column) {
                    std::int32_t sums[sum_count];
                    if constexpr (has_pool)
                        sums_of_window(x, row, column, sums);
                    else
                        sums_of_place(x + row * down_pitch + column * across_pitch, sums);
                    frozen_finish<Net, Index, last + 1>::template values<stride>(sums, outputs);
                    outputs += layout.channels_last ? layout.channels : 1;
                }
            }
        });
    }

  private:
    static constexpr std::size_t down_pitch = Down.stride * source::row_pitch, across_pitch = Across.stride * Channels;
    static constexpr std::size_t sum_count = [] {
        if constexpr (Groups == 1)
            return frozen_matrix<source, Preference>::padded_rows;
        else
            return Filters;
    }();

    CTNN_INLINE static void sums_of_place(const frozen_value* x, std::int32_t* sums) {
        if constexpr (Groups != 1) {
            sums_of_groups(x, sums);
        } else {
            using matrix = frozen_matrix<source, Preference>;
            if constexpr (source::gathers) {
                alignas(4) frozen_value column[source::runs * source::length + matrix::beyond];
                source::gather(x, column);
                matrix::template sums<true>(column, sums);
            } else {
                matrix::template sums<Channels % 2 == 0>(x, sums);
            }
        }
    }
    /// The largest sums of the window of a pool.
    CTNN_INLINE static void sums_of_window(const frozen_value* x, std::size_t row, std::size_t column,
                                           std::int32_t* sums) {
        using pool = pool_of<real_layer_of<Net, Index + 1>>;
        x += row * pool::down * down_pitch + column * pool::across * across_pitch;
        for (std::size_t c = 0; c < Filters; ++c) sums[c] = -2147483647;
        for (std::size_t i = 0; i < pool::down; ++i)
            for (std::size_t j = 0; j < pool::across; ++j) {
                std::int32_t others[sum_count];
                sums_of_place(x + i * down_pitch + j * across_pitch, others);
                for (std::size_t c = 0; c < Filters; ++c) sums[c] = others[c] > sums[c] ? others[c] : sums[c];
            }
    }
    /// Groups: each of its filters sums over the channels of the group, where they lie.
    CTNN_INLINE static void sums_of_groups(const frozen_value* x, std::int32_t* sums) {
        constexpr std::size_t in_group = Channels / Groups, of_group = Filters / Groups, pitch = source::row_pitch;
        for (std::size_t f = 0; f < Filters; ++f) sums[f] = 0;
        for (std::size_t i = 0; i < Down.window; ++i)
            for (std::size_t j = 0; j < Across.window; ++j) {
                const frozen_value* const from = x + i * Down.dilation * pitch + j * Across.dilation * Channels;
                const std::int8_t* w = weights<0>.values + (i * Across.window + j) * in_group * Filters;
                for (std::size_t c = 0; c < in_group; ++c, w += Filters)
                    for (std::size_t g = 0; g < Groups; ++g)
                        for (std::size_t f = 0; f < of_group; ++f)
                            sums[g * of_group + f] += std::int32_t{from[g * in_group + c]} * w[g * of_group + f];
            }
    }
    template <int>
    static constexpr auto weights = integer_layer_of<Net, Index>.weights.weights;
};

}  // namespace CTNN_NAMESPACE::detail
