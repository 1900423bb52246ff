// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A product whose numbers are used as they come, and not kept: the gradient of weights, for an optimiser.

#include <ctnn/kernel/map.hpp>
#include <ctnn/kernel/matrix_product.hpp>
#include <ctnn/kernel/product_size.hpp>
#include <ctnn/kernel/tile.hpp>
#include <ctnn/kernel/vector.hpp>

#include <cstddef>
#include <utility>

namespace ctnn::kernel {

namespace detail {

/// Takes the place of C: a rule that is given its numbers, and the matrices of the same size that the rule changes.
template <class Rule, class T, std::size_t Count>
struct changed_matrices {
    const Rule* rule;
    T* first[Count];

    friend CTNN_INLINE inline changed_matrices operator+(changed_matrices matrices, std::size_t offset) {
        for (T*& number : matrices.first) number += offset;
        return matrices;
    }
};

/// The rule is read again for each register, and leaves the registers of the machine to the sums of the tile until then.
template <std::size_t Lanes, class Rule, class T, std::size_t Count, class V>
CTNN_INLINE inline void put(const changed_matrices<Rule, T, Count>& matrices, const V& sums) {
    const Rule* rule = matrices.rule;
    asm volatile("" : "+r"(rule));
    [&]<std::size_t... Index>(std::index_sequence<Index...>) CTNN_INLINE {
        V numbers[Count]{load<V>(matrices.first[Index])...};
        (*rule)(sums, numbers[Index]...);
        (store<Lanes>(matrices.first[Index], numbers[Index]), ...);
    }
    (std::make_index_sequence<Count>{});
}

/// Whether the registers of a tile are handed to the rule. They have no columns in common then, so that each number is
/// used once. Matrices that are too large for the second-level cache are better taken in the order of memory.
template <std::size_t Rows, std::size_t Columns, std::size_t Matrices, class T>
inline constexpr bool updates_by_tiles =
    Rows * Columns > straight_line_limit && full_lanes<T, Columns>() > 1 && Columns % full_lanes<T, Columns>() == 0 &&
    Matrices * Rows * Columns * sizeof(T) <= 524288;

/// `Rows` rows of the product, through memory.
template <std::size_t Rows, std::size_t Columns, std::size_t Depth, std::size_t AStride, class Rule, class T,
          class... State>
CTNN_INLINE constexpr void update_rows(const Rule& rule, const T* a, const T* b, State*... state) {
    alignas(64) T numbers[Rows * Columns];
    matrix_product<product_size<Rows, Columns, Depth, 1, AStride>, from_zero>(a, b, b, numbers);
    update<Rows * Columns>(rule, numbers, state...);
}

}  // namespace detail

/// rule(c, state...) for each number c of C = A^T B, where A is `Depth` x `Rows` and B `Depth` x `Columns`; `state` are
/// numbers of matrices as large as C, which the rule changes. C is not written to memory, or some rows at a time.
template <std::size_t Rows, std::size_t Columns, std::size_t Depth, class Rule, class T, class... State>
CTNN_INLINE constexpr void update_by_product(const Rule& rule, const T* a, const T* b, State*... state) {
    constexpr std::size_t some = Columns < 128 ? 1024 / Columns / 8 * 8 : 8, at_once = Rows < some ? Rows : some;
    if constexpr (detail::updates_by_tiles<Rows, Columns, sizeof...(State), T>) {
        if (!__builtin_is_constant_evaluated()) {
            detail::tiled<product_size<Rows, Columns, Depth, 1, Rows>, from_zero>(
                a, b, b, detail::changed_matrices<Rule, T, sizeof...(State)>{&rule, {state...}});
            return;
        }
    }
    constexpr std::size_t whole = Rows - Rows % at_once;
    for (std::size_t row = 0; row < whole; row += at_once)
        detail::update_rows<at_once, Columns, Depth, Rows>(rule, a + row, b, (state + row * Columns)...);
    if constexpr (whole < Rows)
        detail::update_rows<Rows - whole, Columns, Depth, Rows>(rule, a + whole, b, (state + whole * Columns)...);
}

}  // namespace ctnn::kernel
