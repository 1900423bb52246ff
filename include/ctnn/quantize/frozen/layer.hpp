// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The layers of a frozen network.

#include <ctnn/config.hpp>
#include <ctnn/kernel/convolution/im2col.hpp>
#include <ctnn/quantize/frozen/finish.hpp>
#include <ctnn/quantize/frozen/matrix.hpp>
#include <ctnn/quantize/frozen/uniform.hpp>
#include <ctnn/quantize/frozen/values.hpp>
#include <ctnn/quantize/layer/pooling.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE::detail {

using frozen_value = kernel::packed_value;

/// Writes what the border of an image contains, and more: it is before the image itself.
template <value_layout Layout, class Out>
CTNN_INLINE inline void fill_border(Out* y, std::int32_t padding) {
    if constexpr (Layout.has_border())
        for (std::size_t i = 0; i < Layout.size(); ++i) {
            y[i] = static_cast<Out>(padding);
#if CTNN_BARE_METAL
            __asm__ volatile("");  // or it is a call of memset, which takes more memory than a small network's code
#endif
        }
}
/// The integer that pads the image before layer `Index`, as it lies in memory.
template <const auto& Net, std::size_t Index>
constexpr std::int32_t padding_before() {
    if constexpr (Index == quantized_of<Net>::layer_count) {
        return 0;
    } else if constexpr (requires { integer_layer_of<Net, Index>.weights.padding; }) {
        return integer_layer_of<Net, Index>.weights.padding + input_shift<Net, Index>;
    } else if constexpr (reads_of<Net, Index> == reads::view) {
        return padding_before<Net, Index + 1>();
    } else {
        return 0;
    }
}

/// Layers that are not below: they run as they do in the quantised network, of which they are a copy.
///
/// Each has `forward(x, y)`, and `beyond`: how many values it reads, and ignores, behind its input.
template <const auto& Net, std::size_t Index, class Preference, class Layer>
struct frozen_layer {
    static constexpr std::size_t beyond = 0;

    template <class Out>
    static void forward(const frozen_value* x, Out* y) {
        constexpr value_layout to = input_layout<Net, Index + 1>;
        constexpr std::int32_t shift = input_shift<Net, Index>, shift_after = input_shift<Net, Index + 1>;
        std::int8_t from[Layer::input_shape::size];
        for (std::size_t i = 0; i < Layer::input_shape::size; ++i) from[i] = static_cast<std::int8_t>(x[i] - shift);
        if constexpr (std::is_same_v<Out, std::int8_t>) {
            copy<0>.forward(from, y);
        } else {
            std::int8_t results[Layer::output_shape::size];
            copy<0>.forward(from, results);
            fill_border<to>(y, padding_before<Net, Index + 1>());
            for (std::size_t i = 0; i < Layer::output_shape::size; ++i)
                y[to.of_element(i)] = static_cast<Out>(results[i] + shift_after);
        }
    }

  private:
    template <int>
    static constexpr auto copy = integer_layer_of<Net, Index>;
};

/// A dense layer as the source of a matrix: its inputs as the layer before it writes them.
template <const auto& Net, std::size_t Index>
struct dense_source {
    static constexpr const auto& weights = integer_layer_of<Net, Index>.weights.weights;
    using shape_type = typename std::remove_cvref_t<decltype(weights)>::shape_type;
    static constexpr std::size_t inputs = shape_type::extent(0), rows = shape_type::extent(1);
    static constexpr std::size_t runs = (inputs + kernel::longest_run - 1) / kernel::longest_run;
    static constexpr std::size_t length =
        runs == 1 ? inputs : (inputs + 4 * runs - 1) / (4 * runs) * 4;  // of equal length, the last with zeros
    static constexpr std::size_t pitch = length;

    /// The input that lies at each position.
    static constexpr auto input_at = [] {
        tensor<std::uint32_t, shape<inputs>> result{};
        constexpr value_layout layout = input_layout<Net, Index>;
        for (std::size_t i = 0; i < inputs; ++i)
            result[layout.channels_last ? layout.of_element(i) : i] = static_cast<std::uint32_t>(i);
        return result;
    }();
    static constexpr std::int8_t weight(std::size_t run, std::size_t i, std::size_t row) {
        const std::size_t k = run * pitch + i;
        return k < inputs ? weights[input_at[k] * rows + row] : std::int8_t{0};
    }
};

template <const auto& Net, std::size_t Index, class Preference, class T, std::size_t Inputs, std::size_t Outputs,
          class Activation, class Bias, class InputShape>
requires(reads_of<Net, Index> ==
         reads::matrix) struct frozen_layer<Net, Index, Preference,
                                            dense_layer<T, Inputs, Outputs, Activation, Bias, InputShape>> {
    using source = dense_source<Net, Index>;
    using matrix = frozen_matrix<source, Preference>;
    static constexpr std::size_t places = InputShape::size / Inputs,
                                 beyond = source::runs * source::length - Inputs + matrix::beyond;

    template <class Out>
    static void forward(const frozen_value* x, Out* y) {
        constexpr value_layout to = input_layout<Net, Index + 1>;
        fill_border<to>(y, padding_before<Net, Index + 1>());
        for (std::size_t place = 0; place < places; ++place) {
            if constexpr (shares_function<Net, Preference> && !to.channels_last) {
                shared(x + place * Inputs, y + place * Outputs);
                continue;
            }
            std::int32_t sums[matrix::padded_rows];
            matrix::template sums<Inputs % 2 == 0>(x + place * Inputs, sums);
            if constexpr (requires { integer_layer_of<Net, Index>.activation.rule; }) {
                std::int8_t row[Outputs];
                frozen_finish<Net, Index, quantized_of<Net>::layer_count>::template values<1>(sums, row);
                activation<0>.template forward<1, Outputs>(row);
                for (std::size_t i = 0; i < Outputs; ++i)
                    y[to.of_element(place * Outputs + i)] = static_cast<Out>(row[i] + input_shift<Net, Index + 1>);
            } else if constexpr (to.channels_last) {
                Out row[Outputs];
                frozen_finish<Net, Index>::template values<1>(sums, row);
                for (std::size_t i = 0; i < Outputs; ++i) y[to.of_element(place * Outputs + i)] = row[i];
            } else {
                frozen_finish<Net, Index>::template values<1>(sums, y + place * Outputs);
            }
        }
    }

  private:
    template <int>
    static constexpr auto activation = integer_layer_of<Net, Index>.activation;

    /// One function for all layers, which writes values as they lie between layers.
    template <class Out>
    CTNN_INLINE static void shared(const frozen_value* x, Out* y) {
        constexpr const auto& layer = uniform_layer<Net, Index, source>;
        constexpr bool twice = frozen_finish<Net, Index>::is_twice(), aligned = Inputs % 2 == 0;
        if constexpr (sizeof(Out) == sizeof(frozen_value)) {
            layer.template forward<twice, aligned>(x, reinterpret_cast<frozen_value*>(y));
        } else {
            frozen_value row[Outputs];
            layer.template forward<twice, aligned>(x, row);
            for (std::size_t i = 0; i < Outputs; ++i) y[i] = static_cast<Out>(row[i]);
        }
    }
};

/// The input of a network as its first layer reads it.
template <const auto& Net>
CTNN_INLINE inline void freeze_input(const std::int8_t* x, frozen_value* y) {
    constexpr value_layout to = input_layout<Net, 0>;
    constexpr std::int32_t shift = input_shift<Net, 0>;
    fill_border<to>(y, padding_before<Net, 0>());
    if constexpr (!to.channels_last || (to.channels == 1 && !to.has_border())) {
        kernel::shift_values<to.size(), shift>(x, y);
    } else if constexpr (to.channels == 1) {
        for (std::size_t row = 0; row < to.height; ++row)
            kernel::shift_values<to.width, shift>(x + row * to.width, y + to.of_place(row * to.width));
    } else {
        for (std::size_t c = 0; c < to.channels; ++c)
            for (std::size_t place = 0; place < to.places(); ++place)
                y[to.of_place(place) + c] = static_cast<frozen_value>(*x++ + shift);
    }
}

}  // namespace CTNN_NAMESPACE::detail
