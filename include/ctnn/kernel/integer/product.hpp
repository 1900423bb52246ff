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
template <std::size_t Count, class Bytes>
constexpr auto widened(Bytes from) {
    constexpr std::size_t lanes = constant_lanes(Count, Count);
    const auto bytes = __builtin_bit_cast(registers<std::int8_t, Count, lanes>, from);
    registers<double, Count, lanes> result{};
    for (std::size_t i = 0; i < Count / lanes; ++i) {
        if constexpr (lanes > 1)
            result.in[i] = __builtin_convertvector(bytes.in[i], register_t<double, lanes>);
        else
            result.in[i] = bytes.in[i];
    }
    return result;
}

/// y = x W + b in constant evaluation, vectorised over the columns. Sums are those of `double`, which are exact, because g++ keeps
/// each integer that it has ever computed in a table, and numbers not. Weights and bias are passed by value, because g++ reads
/// local variables fastest; the weights are widened once for all rows.
template <std::size_t Rows, std::size_t Depth, std::size_t Columns, std::size_t Lanes, class Weights, class Bias>
constexpr void constant_integer_product(const std::int8_t* x, Weights weights, Bias bias, std::int32_t* y) {
    constexpr std::size_t across = Columns / Lanes;
    const auto wide = __builtin_bit_cast(registers<double, Depth * Columns, Lanes>, widened<Depth * Columns>(weights));
    registers<double, Columns, 1> start{};
    for (std::size_t n = 0; n < Columns; ++n) start.in[n] = bias.values[n];
    const auto starts = __builtin_bit_cast(registers<double, Columns, Lanes>, start);
    for (std::size_t row = 0; row < Rows; ++row) {
        double factors[Depth]{};
        for (std::size_t k = 0; k < Depth; ++k) factors[k] = x[row * Depth + k];
        registers<std::int32_t, Columns, Lanes> sums{};
        for (std::size_t n = 0; n < across; ++n) {
            const auto sum = add_run<Depth, 1, across>(static_cast<const double*>(factors), wide.in + n, starts.in[n]);
            if constexpr (Lanes > 1)
                sums.in[n] = __builtin_convertvector(sum, register_t<std::int32_t, Lanes>);
            else
                sums.in[n] = static_cast<std::int32_t>(sum);
        }
        write_array(sums, y + row * Columns);
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
    constexpr std::size_t lanes = detail::constant_lanes(Columns, Depth * Columns);
    if (detail::has_constant_vectors && __builtin_is_constant_evaluated()) {
        detail::constant_integer_product<Rows, Depth, Columns, lanes>(x, weights, bias, y);
    } else {
        for (std::size_t row = 0; row < Rows; ++row)
            integer_row_product<Depth, Columns>(x + row * Depth, weights.values, bias.values, y + row * Columns);
    }
}

}  // namespace CTNN_NAMESPACE::kernel

#if !defined(__clang__)
#pragma GCC diagnostic pop
#endif
