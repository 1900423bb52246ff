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

namespace detail {

/// Means of `Least` to `Most` integers. If they have the quantisation of the integers, halves go away from 0; if they have
/// another, the sum of n, less their zero points, is rescaled by s_x / (n s_y).
template <class Rounding, std::size_t Most, std::size_t Least = 1>
struct integer_means {
    typename Rounding::template factors<Most - Least + 1> factors;
    std::int32_t input_zero_point, output_zero_point;
    bool is_rescaled;

    friend constexpr bool operator==(const integer_means&, const integer_means&) = default;

    constexpr void set(quantization before, quantization after) {
        is_rescaled = before != after;
        input_zero_point = before.zero_point;
        output_zero_point = after.zero_point;
        for (std::size_t n = Least; n <= Most; ++n)
            factors.set(n - Least, static_cast<double>(before.scale) /
                                       (static_cast<double>(n) * static_cast<double>(after.scale)));
    }
    constexpr std::int8_t operator()(std::int32_t sum, std::int32_t count) const {
        if (!is_rescaled) return integer_mean(sum, count);
        return saturated(factors(sum - count * input_zero_point, static_cast<std::size_t>(count) - Least) +
                         output_zero_point);
    }
};

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
          detail::integer_means<typename Arithmetic::rounding, Pooling::down.window * Pooling::across.window>> {
    friend constexpr bool operator==(const quantized_layer&, const quantized_layer&) = default;

    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        Pooling::template for_each_window<1>([&](std::size_t output, std::size_t channel, auto rows, auto columns) {
            const auto inside = static_cast<std::int32_t>((rows.last - rows.first) * (columns.last - columns.first));
            const auto count =
                CountsPadding ? static_cast<std::int32_t>(rows.with_padding * columns.with_padding) : inside;
            std::int32_t sum = (count - inside) * this->mean.input_zero_point;
            detail::for_each_of_window<Pooling::across.input>(channel, rows, columns,
                                                              [&](std::size_t input) { sum += x[input]; });
            y[output] = this->mean(sum, count);
        });
    }
};

template <class T, class InputShape, class Arithmetic>
struct quantized_layer<global_pool_layer<T, InputShape, detail::mean_of_channel>, Arithmetic>
    : detail::pool_of_means<
          global_pool_layer<T, InputShape, detail::mean_of_channel>,
          detail::integer_means<typename Arithmetic::rounding, InputShape::stride(0), InputShape::stride(0)>> {
    friend constexpr bool operator==(const quantized_layer&, const quantized_layer&) = default;

    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        constexpr std::size_t channels = InputShape::extent(0), count = InputShape::stride(0);
        for (std::size_t c = 0; c < channels; ++c) {
            std::int32_t sum = 0;
            for (std::size_t i = 0; i < count; ++i) sum += x[c * count + i];
            y[c] = this->mean(sum, static_cast<std::int32_t>(count));
        }
    }
};

}  // namespace CTNN_NAMESPACE
