// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Products of 8-bit integers, with sums of 32 bits. Sums of integers have no order: every way to add gives the same bits.

#include <ctnn/config.hpp>
#include <ctnn/kernel/constant_evaluation/arrays.hpp>
#include <ctnn/kernel/constant_evaluation/product.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <cstdint>

#if !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

namespace CTNN_NAMESPACE::kernel {

namespace detail {

/// Integers of 8 bits as numbers, in as few registers as possible.
template <class Number, std::size_t Count, class Bytes>
constexpr auto widened(Bytes from) {
    constexpr std::size_t lanes = constant_lanes(Count, Count);
    const auto bytes = __builtin_bit_cast(registers<std::int8_t, Count, lanes>, from);
    registers<Number, Count, lanes> result{};
    for (std::size_t i = 0; i < Count / lanes; ++i) {
        if constexpr (lanes > 1)
            result.in[i] = __builtin_convertvector(bytes.in[i], register_t<Number, lanes>);
        else
            result.in[i] = bytes.in[i];
    }
    return result;
}

/// y = x W + b in constant evaluation, as a product of floating-point numbers that are exact: g++ keeps each integer that it has
/// ever computed in a table, and numbers not. Weights and bias are passed by value, because g++ reads local variables fastest; the
/// weights are widened once for all rows.
template <std::size_t Rows, std::size_t Depth, std::size_t Columns, std::size_t Lanes, class Weights, class Bias>
constexpr void constant_integer_product(const std::int8_t* x, Weights weights, Bias bias, std::int32_t* y) {
    // At most 1024 products of less than 2^14 in size are below 2^24.
    using number = std::conditional_t<Depth <= 1024, float, double>;
    const auto right = widened<number, Depth * Columns>(weights);
    number left[Rows * Depth]{};
    if constexpr (Lanes < 8 && Rows % 8 == 0) {
        // Lanes are rows.
        for (std::size_t row = 0; row < Rows; ++row, x += Depth)
            for (std::size_t k = 0; k < Depth; ++k) left[k * Rows + row] = x[k];
        const auto numbers = __builtin_bit_cast(registers<number, Depth * Columns, 1>, right);
        const auto sums = array_product<product_size<Rows, Columns, Depth, 1, Rows>, from_zero,
                                        number>::template across_rows<from_zero>(static_cast<const number*>(left),
                                                                                 static_cast<const number*>(numbers.in),
                                                                                 registers<number, Rows, 1>{});
        const auto biases = __builtin_bit_cast(registers<std::int32_t, Columns, 1>, bias);
        for (std::size_t row = 0; row < Rows; ++row)
            for (std::size_t n = 0; n < Columns; ++n)
                y[row * Columns + n] = biases.in[n] + static_cast<std::int32_t>(sums.in[row * Columns + n]);
    } else {
        for (std::size_t i = 0; i < Rows * Depth; ++i) left[i] = x[i];
        const auto sums = array_product<product_size<Rows, Columns, Depth, Depth, 1>, from_zero, number>::of(
            static_cast<const number*>(left), right, registers<number, Columns, Lanes>{});
        registers<std::int32_t, Rows * Columns, Lanes> result{};
        for (std::size_t i = 0; i < Rows * Columns / Lanes; ++i) {
            if constexpr (Lanes > 1)
                result.in[i] = bias.in[i % (Columns / Lanes)] +
                               __builtin_convertvector(sums.in[i], register_t<std::int32_t, Lanes>);
            else
                result.in[i] = bias.in[i % Columns] + static_cast<std::int32_t>(sums.in[i]);
        }
        write_array(result, y);
    }
}

}  // namespace detail

/// y = x W + b for one row x of `Depth` integers: W has `Columns` columns of a matrix with rows of `Stride` elements.
template <std::size_t Depth, std::size_t Columns, std::size_t Stride = Columns>
CTNN_INLINE constexpr void integer_row_product(const std::int8_t* x, const std::int8_t* weights,
                                               const std::int32_t* bias, std::int32_t* y) {
    for (std::size_t n = 0; n < Columns; ++n) y[n] = bias[n];
    for (std::size_t k = 0; k < Depth; ++k) {
        const std::int32_t factor = x[k];
        for (std::size_t n = 0; n < Columns; ++n) y[n] += factor * weights[k * Stride + n];
    }
}

/// y = x W + b for `Rows` rows of `Depth` integers.
template <std::size_t Rows, std::size_t Depth, std::size_t Columns, class WeightShape>
constexpr void integer_product(const std::int8_t* x, const tensor<std::int8_t, WeightShape>& weights,
                               const tensor<std::int32_t, shape<Columns>>& bias, std::int32_t* y) {
    static_assert(WeightShape::size == Depth * Columns);
    constexpr std::size_t lanes = detail::constant_lanes(Columns, Rows * Depth * Columns);
    if (detail::has_constant_vectors && __builtin_is_constant_evaluated()) {
        using bias_type = detail::registers<std::int32_t, Columns, lanes>;
        detail::constant_integer_product<Rows, Depth, Columns, lanes>(x, weights, __builtin_bit_cast(bias_type, bias),
                                                                      y);
    } else {
        for (std::size_t row = 0; row < Rows; ++row)
            integer_row_product<Depth, Columns>(x + row * Depth, weights.values, bias.values, y + row * Columns);
    }
}

}  // namespace CTNN_NAMESPACE::kernel

#if !defined(__clang__)
#pragma GCC diagnostic pop
#endif
