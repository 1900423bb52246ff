// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Sums and maxima whose order of operations is fixed.

#include <ctnn/kernel/map.hpp>

#include <cstddef>
#include <type_traits>

namespace ctnn::kernel {

/// How many partial sums a sum has. Part of the library's definition: it decides the bits of the result.
inline constexpr std::size_t partial_sums = 8;

/// What a sum may be taken of: the elements themselves, their squares, the products of two arrays.
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
/// Below eight elements the sum is taken from left to right. The order is the same in both phases and at every width.
template <std::size_t Count, class F, class T, class... In>
CTNN_INLINE constexpr T sum(F f, const T* first, const In*... in) {
    if constexpr (Count < partial_sums) {
        T total = f(first[0], in[0]...);
        for (std::size_t i = 1; i < Count; ++i) total += f(first[i], in[i]...);
        return total;
    } else {
        T partial[partial_sums]{};
        if (std::is_constant_evaluated()) {
            for (std::size_t i = 0; i < Count; ++i) partial[i % partial_sums] += f(first[i], in[i]...);
        } else {
            constexpr std::size_t whole = Count - Count % partial_sums;
            constexpr std::size_t lanes = native_lanes<T> < partial_sums ? native_lanes<T> : partial_sums;
            using V = register_t<T, lanes>;
            for (std::size_t lane = 0; lane < partial_sums; lane += lanes) {
                V total{};
                for (std::size_t i = lane; i < whole; i += partial_sums)
                    total += f(load<V>(first + i), load<V>(in + i)...);
                store<lanes>(partial + lane, total);
            }
            for (std::size_t i = whole; i < Count; ++i) partial[i - whole] += f(first[i], in[i]...);
        }
        return ((partial[0] + partial[4]) + (partial[2] + partial[6])) +
               ((partial[1] + partial[5]) + (partial[3] + partial[7]));
    }
}

/// The largest of `Count` elements; nan where an element is nan.
template <std::size_t Count, class T>
CTNN_INLINE constexpr T maximum(const T* in) {
    T largest = in[0];
    for (std::size_t i = 1; i < Count; ++i) largest = largest >= in[i] || largest != largest ? largest : in[i];
    return largest;
}

/// out[n] = sum over the rows m of in[m][n], from the first row to the last.
template <std::size_t Rows, std::size_t Columns, class T>
CTNN_INLINE constexpr void column_sums(const T* in, T* out) {
    map<Columns>([](auto element) CTNN_INLINE { return element; }, out, in);
    for (std::size_t row = 1; row < Rows; ++row)
        map<Columns>([](auto sum_so_far, auto element) CTNN_INLINE { return sum_so_far + element; }, out, static_cast<const T*>(out),
                     in + row * Columns);
}

}  // namespace ctnn::kernel
