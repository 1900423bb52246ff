// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Pooling of 8-bit integers. Maxima have the quantisation of the inputs; means may have another.

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

namespace detail {

/// Pools of means, which may change the quantisation.
template <class Layer, class Means>
struct pool_of_means {
    static constexpr bool is_integer = true;
    struct parameters {
        quantization output;

        template <class Self, class F>
        static constexpr void members(Self& self, F&& f) {
            f("output", self.output);
        }
    };

    Means mean;

    friend constexpr bool operator==(const pool_of_means&, const pool_of_means&) = default;

    static constexpr parameters choose(const Layer&, quantization before, const layer_ranges<Layer>&) {
        return {before};
    }
    static constexpr quantization output_of(const parameters& from, quantization) { return from.output; }
    constexpr void set(const parameters& from, quantization before) { mean.set(before, from.output); }
};

}  // namespace detail

/// Padding that counts is the integer of 0.
template <class T, class InputShape, class Pooling, bool CountsPadding, class Arithmetic>
struct quantized_layer<average_pool_layer<T, InputShape, Pooling, CountsPadding>, Arithmetic>
    : detail::pool_of_means<
          average_pool_layer<T, InputShape, Pooling, CountsPadding>,
          typename Arithmetic::rounding::template window_means<Pooling::down.window * Pooling::across.window>> {
    friend constexpr bool operator==(const quantized_layer&, const quantized_layer&) = default;

    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        Pooling::template for_each_window<1>([&](std::size_t output, std::size_t channel, auto rows, auto columns) {
            const auto inside = static_cast<std::int32_t>((rows.last - rows.first) * (columns.last - columns.first));
            const auto count =
                CountsPadding ? static_cast<std::int32_t>(rows.with_padding * columns.with_padding) : inside;
            auto sum = this->mean.empty(count - inside);
            detail::for_each_of_window<Pooling::across.input>(
                channel, rows, columns, [&](std::size_t input) { this->mean.add(sum, x[input]); });
            y[output] = this->mean(sum, count);
        });
    }
};

template <class T, class InputShape, class Arithmetic>
struct quantized_layer<global_pool_layer<T, InputShape, detail::mean_of_channel>, Arithmetic>
    : detail::pool_of_means<global_pool_layer<T, InputShape, detail::mean_of_channel>,
                            typename Arithmetic::rounding::template channel_means<InputShape::stride(0)>> {
    friend constexpr bool operator==(const quantized_layer&, const quantized_layer&) = default;

    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        constexpr std::size_t channels = InputShape::extent(0), count = InputShape::stride(0);
        for (std::size_t c = 0; c < channels; ++c) {
            auto sum = this->mean.empty(0);
            for (std::size_t i = 0; i < count; ++i) this->mean.add(sum, x[c * count + i]);
            y[c] = this->mean(sum, static_cast<std::int32_t>(count));
        }
    }
};

}  // namespace CTNN_NAMESPACE
