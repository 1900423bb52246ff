// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Entire arrays in constant evaluation.
///
/// There an element access through a pointer costs more than the arithmetic on the element, the more so the deeper its
/// array is nested in other objects. So kernels that take a tensor copy it in one bit_cast into local registers, with
/// as many lanes as its size allows, and copy the result back in one.

#include <ctnn/config.hpp>
#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <concepts>
#include <cstddef>
#include <utility>

// Registers may be wider than those of the machine; g++ warns about their ABI.
#if !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

namespace CTNN_NAMESPACE::kernel::detail {

/// Whether the compiler supports vector types in constant evaluation: arithmetic on them, and access to their elements.
#if defined(CTNN_NO_VECTOR_TYPES) || (defined(__clang__) && __clang_major__ < 19)
inline constexpr bool has_constant_vectors = false;
#else
inline constexpr bool has_constant_vectors = true;
#endif

/// Whether the compiler evaluates a scalar factor of a register once per lane, with a memory access each time. It gets
/// a register with the scalar in every lane instead.
#if defined(__clang__)
inline constexpr bool has_slow_broadcast = false;
#else
inline constexpr bool has_slow_broadcast = true;
#endif

/// Lanes for rows of `columns` elements in constant evaluation, `count` in all: the largest power of two up to 64 that
/// divides a row. For few elements, registers would cost more than scalars.
constexpr std::size_t constant_lanes(std::size_t columns, std::size_t count) {
    std::size_t lanes = has_constant_vectors && count >= 16 ? 64 : 1;
    while (columns % lanes > 0) lanes /= 2;
    return lanes;
}

/// `Count` elements in registers of `Lanes` lanes: as many bytes as a tensor of them.
template <class T, std::size_t Count, std::size_t Lanes = constant_lanes(Count, Count)>
struct registers {
    register_t<T, Lanes> in[Count / Lanes];
};

/// A scalar, broadcast to a register.
template <class R, std::floating_point T>
constexpr R in_each_lane(T number) {
    return number - R{};
}

/// An object with scalar members only, each broadcast to a register.
template <class R, template <class> class Object, class T>
constexpr auto in_each_lane(const Object<T>& object) {
    constexpr std::size_t count = sizeof(object) / sizeof(T), lanes = sizeof(R) / sizeof(T);
    using elements_type = registers<T, count, 1>;
    const auto numbers = __builtin_bit_cast(elements_type, object);
    registers<T, count * lanes, lanes> result{};
    for (std::size_t i = 0; i < count; ++i) result.in[i] = in_each_lane<R>(numbers.in[i]);
    return __builtin_bit_cast(Object<R>, result);
}

/// `Count` elements from memory.
template <std::size_t Count, class T>
constexpr auto read_array(const T* from) {
    if constexpr (Count <= 64) {
        return [from]<std::size_t... Index>(std::index_sequence<Index...>) {
            return registers<T, Count, 1>{{from[Index]...}};
        }
        (std::make_index_sequence<Count>{});
    } else {
        registers<T, Count, 1> result{};
        for (std::size_t i = 0; i < Count; ++i) result.in[i] = from[i];
        return result;
    }
}

/// Registers to memory.
template <class T, std::size_t Count, std::size_t Lanes>
constexpr void write_array(const registers<T, Count, Lanes>& from, T* to) {
    using elements_type = registers<T, Count, 1>;
    const auto numbers = __builtin_bit_cast(elements_type, from);
    if constexpr (Count <= 64) [&numbers, to ]<std::size_t... Index>(std::index_sequence<Index...>) {
            ((to[Index] = numbers.in[Index]), ...);
        }
    (std::make_index_sequence<Count>{});
    else for (std::size_t i = 0; i < Count; ++i) to[i] = numbers.in[i];
}

/// The transpose of a `Rows` x `Columns` matrix. It is passed by value, because g++ reads local variables fastest.
template <std::size_t Rows, std::size_t Columns, class Numbers>
constexpr Numbers transposed(Numbers from) {
    if constexpr (Rows * Columns <= 1024) {
        return []<std::size_t... Index>(Numbers numbers, std::index_sequence<Index...>) {
            return Numbers{{numbers.in[Index % Rows * Columns + Index / Rows]...}};
        }
        (from, std::make_index_sequence<Rows * Columns>{});
    } else {
        Numbers result{};
        for (std::size_t column = 0; column < Columns; ++column)
            for (std::size_t row = 0; row < Rows; ++row)
                result.in[column * Rows + row] = from.in[row * Columns + column];
        return result;
    }
}

/// Registers to a tensor with as many elements.
template <class Tensor, class Registers>
constexpr void assign(Tensor& to, const Registers& from) {
    to = __builtin_bit_cast(Tensor, from);
}

}  // namespace CTNN_NAMESPACE::kernel::detail

#if !defined(__clang__)
#pragma GCC diagnostic pop
#endif
