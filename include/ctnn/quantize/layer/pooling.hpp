// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Pooling of 8-bit integers. Outputs have the quantisation of the inputs.

#include <ctnn/config.hpp>
#include <ctnn/kernel/convolution/im2col.hpp>
#include <ctnn/layer/pooling/average_pool.hpp>
#include <ctnn/layer/pooling/global_pool.hpp>
#include <ctnn/layer/pooling/max_pool.hpp>
#include <ctnn/quantize/layer/quantized_layer.hpp>
#include <ctnn/quantize/quantization.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE {

namespace detail {

/// The sum of `count` integers, divided by their number: the nearest integer, halves away from 0.
constexpr std::int8_t integer_mean(std::int32_t sum, std::int32_t count) {
    return static_cast<std::int8_t>((sum > 0 ? sum + count / 2 : sum - count / 2) / count);
}

/// Calls `f(input)` for the inputs of a window.
template <std::size_t Width, class F>
CTNN_INLINE constexpr void for_each_of_window(std::size_t channel, kernel::window_range rows,
                                              kernel::window_range columns, F&& f) {
    for (std::size_t row = rows.first; row < rows.last; ++row)
        for (std::size_t column = columns.first; column < columns.last; ++column) f(channel + row * Width + column);
}

}  // namespace detail

template <class T, class InputShape, class Pooling, class Arithmetic>
struct quantized_layer<max_pool_layer<T, InputShape, Pooling>, Arithmetic>
    : keeps_quantization<max_pool_layer<T, InputShape, Pooling>> {
    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        Pooling::template for_each_window<1>([&](std::size_t output, std::size_t channel, auto rows, auto columns) {
            std::int8_t largest = quantization::least;
            detail::for_each_of_window<Pooling::across.input>(channel, rows, columns, [&](std::size_t input) {
                if (x[input] > largest) largest = x[input];
            });
            y[output] = largest;
        });
    }
};

/// Padding that counts is the integer of 0.
template <class T, class InputShape, class Pooling, bool CountsPadding, class Arithmetic>
struct quantized_layer<average_pool_layer<T, InputShape, Pooling, CountsPadding>, Arithmetic>
    : keeps_quantization<average_pool_layer<T, InputShape, Pooling, CountsPadding>> {
    using layer_type = average_pool_layer<T, InputShape, Pooling, CountsPadding>;
    /// The integer of 0.
    std::int8_t padding;

    friend constexpr bool operator==(const quantized_layer&, const quantized_layer&) = default;

    constexpr quantization set(const typename quantized_layer::parameters&, quantization before) {
        padding = static_cast<std::int8_t>(before.zero_point);
        return before;
    }
    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        Pooling::template for_each_window<1>([&](std::size_t output, std::size_t channel, auto rows, auto columns) {
            const auto inside = static_cast<std::int32_t>((rows.last - rows.first) * (columns.last - columns.first));
            const auto count =
                CountsPadding ? static_cast<std::int32_t>(rows.with_padding * columns.with_padding) : inside;
            std::int32_t sum = (count - inside) * padding;
            detail::for_each_of_window<Pooling::across.input>(channel, rows, columns,
                                                              [&](std::size_t input) { sum += x[input]; });
            y[output] = detail::integer_mean(sum, count);
        });
    }
};

template <class T, class InputShape, class Arithmetic>
struct quantized_layer<global_pool_layer<T, InputShape, detail::mean_of_channel>, Arithmetic>
    : keeps_quantization<global_pool_layer<T, InputShape, detail::mean_of_channel>> {
    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        constexpr std::size_t channels = InputShape::extent(0), count = InputShape::size / channels;
        for (std::size_t c = 0; c < channels; ++c) {
            std::int32_t sum = 0;
            for (std::size_t i = 0; i < count; ++i) sum += x[c * count + i];
            y[c] = detail::integer_mean(sum, static_cast<std::int32_t>(count));
        }
    }
};

}  // namespace CTNN_NAMESPACE
