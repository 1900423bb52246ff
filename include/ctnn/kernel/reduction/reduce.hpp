// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Sums and maxima whose order of operations is fixed, in both phases. For losses, normalisations and gradients.

#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/kernel/reduction/sum_order.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE::kernel {

/// The terms of a sum: the elements themselves, their squares, or the products of two arrays.
struct itself {
    template <class V>
    CTNN_INLINE constexpr V operator()(V element) const {
        return element;
    }
};
struct square {
    template <class V>
    CTNN_INLINE constexpr V operator()(V element) const {
        return element * element;
    }
};
struct product {
    template <class V>
    CTNN_INLINE constexpr V operator()(V left, V right) const {
        return left * right;
    }
};

/// f(in[0]...) + f(in[1]...) + ... over `Count` elements.
///
/// Element i is added to partial sum i mod 8; the partial sums 0..7 are then added as ((0+4)+(2+6))+((1+5)+(3+7)).
/// Below eight elements the sum is from left to right. The order is the same in both phases and at every width, and
/// also for elements that are registers, whose lanes are summed independently.
template <std::size_t Count, class F, class T, class... In>
CTNN_INLINE constexpr T sum(F f, const T* first, const In*... in) {
    if constexpr (Count < partial_sums) {
        T total = f(first[0], in[0]...);
        for (std::size_t i = 1; i < Count; ++i) total += f(first[i], in[i]...);
        return total;
    } else if constexpr (math::is_register<T>) {
        T partial[partial_sums]{};
        unroll<Count>([&](auto i) CTNN_INLINE { partial[i() % partial_sums] += f(first[i()], in[i()]...); });
        return fold_registers<sizeof(T) / sizeof(first[0][0])>(partial, plus{});
    } else if (__builtin_is_constant_evaluated()) {
        T partial[partial_sums]{};
        for (std::size_t i = 0; i < Count; ++i) partial[i % partial_sums] += f(first[i], in[i]...);
        return ((partial[0] + partial[4]) + (partial[2] + partial[6])) +
               ((partial[1] + partial[5]) + (partial[3] + partial[7]));
    } else {
        constexpr std::size_t lanes = partial_sum_lanes<T>;
        constexpr std::size_t whole = Count - Count % partial_sums;
        using V = register_t<T, lanes>;
        using W = register_t<T, native_lanes<T>>;
        V partial[partial_sums / lanes]{};
        unroll<partial_sums / lanes>([&](auto of_piece) CTNN_INLINE {
            constexpr std::size_t at = of_piece() * lanes;
            // Elements that fill full registers are loaded in full ones, as they were stored.
            constexpr std::size_t wide = native_lanes<T> == 2 * lanes ? whole / (2 * lanes) : 0;
            if constexpr (wide > 0)
                repeat<wide, 1>([&](std::size_t iteration) CTNN_INLINE {
                    const std::size_t i = iteration * 2 * lanes;
                    const W both = f(load<W>(first + i), load<W>(in + i)...);
                    partial[0] += first_half(both);
                    partial[0] += second_half(both);
                });
            repeat<whole / partial_sums - 2 * wide, 1>([&](std::size_t iteration) CTNN_INLINE {
                const std::size_t i = (2 * wide + iteration) * partial_sums + at;
                partial[of_piece()] += f(load<V>(first + i), load<V>(in + i)...);
            });
            if constexpr (whole + at < Count) {
                constexpr std::size_t left = Count - whole - at, count = left < lanes ? left : lanes;
                constexpr std::size_t from = whole + at + count - lanes;
                partial[of_piece()] += last_lanes_first<count>(V(f(load<V>(first + from), load<V>(in + from)...)));
            }
        });
        return fold_registers<1>(partial, plus{});
    }
}

/// The larger of two, or NaN if one is NaN.
struct larger {
    template <class V>
    CTNN_INLINE constexpr V operator()(V left, V right) const {
        return math::select((left >= right) | (left != left), left, right);
    }
};

/// The larger of two; one of them if one is NaN. For sums of exponentials, which are NaN if an element is.
struct larger_number {
    template <class V>
    CTNN_INLINE constexpr V operator()(V left, V right) const {
        return math::greatest(left, right);
    }
};

namespace detail {
/// The larger of the maxima of both halves.
template <class Larger, std::size_t Count, class V>
CTNN_INLINE inline V largest(const V* in) {
    if constexpr (Count == 1)
        return in[0];
    else
        return Larger{}(largest<Larger, Count / 2>(in), largest<Larger, Count - Count / 2>(in + Count / 2));
}
}  // namespace detail

/// The largest of `Count` elements; with `larger`, NaN if an element is NaN. The sign of a zero is unspecified.
template <std::size_t Count, class Larger, class T>
CTNN_INLINE constexpr T maximum(const T* in) {
    if constexpr (math::is_register<T>) {
        return detail::largest<Larger, Count>(in);
    } else if (constexpr std::size_t lanes = detail::registers_of<T, Count>::lanes;
               __builtin_is_constant_evaluated() || Count < lanes) {
        T largest = in[0];
        for (std::size_t i = 1; i < Count; ++i) largest = Larger{}(largest, in[i]);
        return largest;
    } else {
        using V = register_t<T, lanes>;
        V largest = load<V>(in + Count - lanes);
        for (std::size_t i = 0; i + lanes < Count; i += lanes) largest = Larger{}(largest, load<V>(in + i));
        return fold_lanes<1>(largest, Larger{});
    }
}

/// out[n] = sum over the rows m of in[m][n], from the first row to the last.
template <std::size_t Rows, std::size_t Columns, class T>
CTNN_INLINE constexpr void column_sums(const T* in, T* out) {
    if (__builtin_is_constant_evaluated()) {
        for (std::size_t column = 0; column < Columns; ++column) {
            T total = in[column];
            for (std::size_t row = 1; row < Rows; ++row) total += in[row * Columns + column];
            out[column] = total;
        }
        return;
    }
    constexpr std::size_t lanes = full_lanes<T, Columns>(), at_once = 4, count = (Columns + lanes - 1) / lanes;
    using V = register_t<T, lanes>;
    const auto registers_from = [&](auto first_register, auto number) CTNN_INLINE {
        constexpr std::size_t registers = number();
        // The last register overlaps the one before.
        const auto column = [&](std::size_t index) CTNN_INLINE {
            const std::size_t at = (first_register + index) * lanes;
            return at + lanes < Columns ? at : Columns - lanes;
        };
        V totals[registers];
        unroll<registers>([&](auto index) CTNN_INLINE { totals[index()] = load<V>(in + column(index())); });
        for (std::size_t row = 1; row < Rows; ++row)
            unroll<registers>([&](auto index)
                                  CTNN_INLINE { totals[index()] += load<V>(in + row * Columns + column(index())); });
        unroll<registers>([&](auto index) CTNN_INLINE { store<lanes>(out + column(index()), totals[index()]); });
    };
    for (std::size_t first = 0; first + at_once <= count; first += at_once)
        registers_from(first, boost::hana::size_c<at_once>);
    if constexpr (count % at_once > 0) registers_from(count - count % at_once, boost::hana::size_c<count % at_once>);
}

}  // namespace CTNN_NAMESPACE::kernel
