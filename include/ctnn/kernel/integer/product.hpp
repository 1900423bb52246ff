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

/// Numbers of a register as those of another type.
template <class To, std::size_t Lanes, class From>
constexpr register_t<To, Lanes> converted(From from) {
    if constexpr (Lanes > 1)
        return __builtin_convertvector(from, register_t<To, Lanes>);
    else
        return static_cast<To>(from);
}

/// Integers of 8 bits as numbers, in as few registers as possible.
template <class Number, std::size_t Count, class Bytes>
constexpr auto widened(Bytes from) {
    constexpr std::size_t lanes = constant_lanes(Count, Count);
    const auto bytes = __builtin_bit_cast(registers<std::int8_t, Count, lanes>, from);
    registers<Number, Count, lanes> result{};
    for (std::size_t i = 0; i < Count / lanes; ++i) result.in[i] = converted<Number, lanes>(bytes.in[i]);
    return result;
}

/// Integers below 2^25 in size that share a number: low + 2^26 high. Sums of such numbers are exact, as they are below 2^53.
struct shared_numbers {
    /// The most products of two integers of 8 bits, each at most 2^14, in a sum.
    static constexpr std::size_t largest_depth = 1024;

    /// Column n of `Rows` rows, with n + Columns / 2 as `high`.
    template <std::size_t Rows, std::size_t Columns, class Numbers>
    static constexpr auto of(Numbers numbers) {
        constexpr std::size_t half = Columns / 2, lanes = constant_lanes(half, Rows * half), across = half / lanes;
        const auto from = __builtin_bit_cast(registers<double, Rows * Columns, lanes>, numbers);
        registers<double, Rows * half, lanes> result{};
        for (std::size_t row = 0; row < Rows; ++row)
            for (std::size_t i = 0; i < across; ++i)
                result.in[row * across + i] =
                    from.in[2 * row * across + i] + from.in[(2 * row + 1) * across + i] * 67108864.0;
        return result;
    }
    /// The integers again, with a bias for each column.
    template <std::size_t Rows, std::size_t Columns, std::size_t Lanes, class Numbers, class Bias>
    static constexpr auto separated(Numbers numbers, Bias bias) {
        constexpr std::size_t across = Columns / 2 / Lanes;
        registers<std::int32_t, Rows * Columns, Lanes> result{};
        for (std::size_t row = 0; row < Rows; ++row)
            for (std::size_t i = 0; i < across; ++i) {
                const auto both = converted<std::int64_t, Lanes>(numbers.in[row * across + i]);
                const auto low = both << 38 >> 38;
                const std::size_t at = 2 * row * across + i;
                result.in[at] = bias.in[i] + converted<std::int32_t, Lanes>(low);
                result.in[at + across] = bias.in[i + across] + converted<std::int32_t, Lanes>((both - low) >> 26);
            }
        return result;
    }
};
/// Integers that have a number each.
struct separate_numbers {
    template <std::size_t, std::size_t, class Numbers>
    static constexpr Numbers of(Numbers numbers) {
        return numbers;
    }
    template <std::size_t Rows, std::size_t Columns, std::size_t Lanes, class Numbers, class Bias>
    static constexpr auto separated(Numbers numbers, Bias bias) {
        registers<std::int32_t, Rows * Columns, Lanes> result{};
        for (std::size_t i = 0; i < Rows * Columns / Lanes; ++i)
            result.in[i] = bias.in[i % (Columns / Lanes)] + converted<std::int32_t, Lanes>(numbers.in[i]);
        return result;
    }
};

/// y = x W + b in constant evaluation, as a product of floating-point numbers that are exact: g++ keeps each integer that it has
/// ever computed in a table, and numbers not. Two columns share a number. Weights and bias are passed by value, because g++ reads
/// local variables fastest; the weights are widened once for all rows.
template <std::size_t Rows, std::size_t Depth, std::size_t Columns, class Weights, class Bias>
constexpr void constant_integer_product(const std::int8_t* x, Weights weights, Bias bias, std::int32_t* y) {
    constexpr bool are_shared = Columns % 2 == 0 && Depth <= shared_numbers::largest_depth;
    constexpr std::size_t columns = are_shared ? Columns / 2 : Columns;
    using form = std::conditional_t<are_shared, shared_numbers, separate_numbers>;
    const auto right = form::template of<Depth, Columns>(widened<double, Depth * Columns>(weights));
    double left[Rows * Depth]{};
    if constexpr (constant_lanes(columns, Rows * Depth * columns) < 8 && Rows % 8 == 0) {
        // Lanes are rows.
        for (std::size_t row = 0; row < Rows; ++row, x += Depth)
            for (std::size_t k = 0; k < Depth; ++k) left[k * Rows + row] = x[k];
        const auto numbers = __builtin_bit_cast(registers<double, Depth * columns, 1>, right);
        const auto sums = array_product<product_size<Rows, columns, Depth, 1, Rows>, from_zero,
                                        double>::template across_rows<from_zero>(static_cast<const double*>(left),
                                                                                 static_cast<const double*>(numbers.in),
                                                                                 registers<double, Rows, 1>{});
        using bias_type = registers<std::int32_t, Columns, 1>;
        write_array(form::template separated<Rows, Columns, 1>(sums, __builtin_bit_cast(bias_type, bias)), y);
    } else {
        using product = array_product<product_size<Rows, columns, Depth, Depth, 1>, from_zero, double>;
        for (std::size_t i = 0; i < Rows * Depth; ++i) left[i] = x[i];
        const auto sums =
            product::of(static_cast<const double*>(left), right, registers<double, columns, product::lanes>{});
        using bias_type = registers<std::int32_t, Columns, product::lanes>;
        write_array(form::template separated<Rows, Columns, product::lanes>(sums, __builtin_bit_cast(bias_type, bias)),
                    y);
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
    if (detail::has_constant_vectors && __builtin_is_constant_evaluated()) {
        detail::constant_integer_product<Rows, Depth, Columns>(x, weights, bias, y);
    } else {
        for (std::size_t row = 0; row < Rows; ++row)
            integer_row_product<Depth, Columns>(x + row * Depth, weights.values, bias.values, y + row * Columns);
    }
}

}  // namespace CTNN_NAMESPACE::kernel

#if !defined(__clang__)
#pragma GCC diagnostic pop
#endif
