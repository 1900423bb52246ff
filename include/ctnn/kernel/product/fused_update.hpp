// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A product whose elements are passed to an optimiser's update rule and not stored: the weight gradient of `dense`.

#include <ctnn/config.hpp>
#include <ctnn/kernel/constant_evaluation/arrays.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/kernel/product/matrix_product.hpp>
#include <ctnn/kernel/product/micro_kernel.hpp>
#include <ctnn/kernel/product/product_size.hpp>
#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/kernel/vector/unroll.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE::kernel {

namespace detail {

/// Stands in for C: a rule that consumes its elements, and the matrices of the same size that the rule changes. Each
/// scalar of the rule is broadcast to a register.
template <class Rule, class T, std::size_t Count>
struct changed_matrices {
    const Rule* rule;
    T* first[Count];

    friend CTNN_INLINE inline changed_matrices operator+(changed_matrices matrices, std::size_t offset) {
        unroll<Count>([&](auto index) CTNN_INLINE { matrices.first[index()] += offset; });
        return matrices;
    }
};

/// The rule is reloaded from memory each time, which leaves the registers of the machine to the accumulators.
template <std::size_t Lanes, class Rule, class T, std::size_t Count, class V>
CTNN_INLINE inline void store_tile(const changed_matrices<Rule, T, Count>& matrices, const V& sums) {
    const Rule* rule = matrices.rule;
    asm volatile("" : "+r"(rule));
    [&]<std::size_t... Index>(std::index_sequence<Index...>) CTNN_INLINE {
        V numbers[Count]{load<V>(matrices.first[Index])...};
        (*rule)(sums, numbers[Index]...);
        (store<Lanes>(matrices.first[Index], numbers[Index]), ...);
    }
    (std::make_index_sequence<Count>{});
}

/// Whether tiles are passed to the rule in registers. These must not overlap then, so that each element is used once.
/// Matrices too large for the L2 cache are better processed in memory order.
template <std::size_t Rows, std::size_t Columns, std::size_t Matrices, class T>
inline constexpr bool updates_by_tiles =
    Rows* Columns > straight_line_limit&& full_lanes<T, Columns>() > 1 && Columns % full_lanes<T, Columns>() == 0 &&
    Matrices* Rows* Columns * sizeof(T) <= 524288;

/// Rows that go through memory at a time: about a thousand elements. Without vector registers, which small processors
/// with little memory have not, about a hundred, in tiles of four rows.
template <std::size_t Columns>
inline constexpr std::size_t rows_through_memory = CTNN_VECTOR_BYTES > 0 ? (Columns < 128 ? 1024 / Columns / 8 * 8 : 8)
                                                                         : (Columns < 32 ? 128 / Columns / 4 * 4 : 4);

/// `Rows` rows of the product, through memory.
template <std::size_t Rows, std::size_t Columns, std::size_t Depth, std::size_t AStride, class Rule, class T,
          class... State>
CTNN_INLINE constexpr void update_rows(const Rule& rule, const T* a, const T* b, State*... state) {
    alignas(64) T numbers[Rows * Columns];
    matrix_product<product_size<Rows, Columns, Depth, 1, AStride>, from_zero>(a, b, b, numbers);
    update<Rows * Columns>(rule, numbers, state...);
}

/// The same in constant evaluation. A product with few columns has fewer lanes than the rule could use.
template <class Size, class Rule, class T, class... State>
constexpr void update_by_array_product(const Rule& rule, const T* a, const T* b, State&... state) {
    using product = array_product<Size, from_zero, T>;
    using few_lanes = registers<T, Size::rows * Size::columns>;
    if constexpr (product::lanes < 8)
        update_arrays(rule, __builtin_bit_cast(few_lanes, product::of(a, b)), state...);
    else
        update_arrays(rule, product::of(a, b), state...);
}

}  // namespace detail

/// rule(c, state...) for each element c of C = A^T B, where A is `Depth` x `Rows` and B `Depth` x `Columns`; `state`
/// are elements of matrices of the size of C, which the rule changes. C is not stored, or only some rows at a time.
template <std::size_t Rows, std::size_t Columns, std::size_t Depth, class Rule, class T, class... State>
CTNN_INLINE constexpr void update_by_product(const Rule& rule, const T* a, const T* b, State&... state) {
    constexpr std::size_t some = detail::rows_through_memory<Columns>, at_once = Rows < some ? Rows : some;
    using size = product_size<Rows, Columns, Depth, 1, Rows>;
    if (__builtin_is_constant_evaluated()) {
        detail::update_by_array_product<size>(rule, a, b, state...);
    } else if constexpr (detail::updates_by_tiles<Rows, Columns, sizeof...(State), T>) {
        const auto of_lanes = detail::in_each_lane<register_t<T, full_lanes<T, Columns>()>>(rule);
        using matrices = detail::changed_matrices<decltype(of_lanes), T, sizeof...(State)>;
        detail::tiled<size, from_zero>(a, b, b, matrices{&of_lanes, {state.values...}});
    } else {
        constexpr std::size_t whole = Rows - Rows % at_once;
        for (std::size_t row = 0; row < whole; row += at_once)
            detail::update_rows<at_once, Columns, Depth, Rows>(rule, a + row, b, (state.values + row * Columns)...);
        if constexpr (whole < Rows)
            detail::update_rows<Rows - whole, Columns, Depth, Rows>(rule, a + whole, b,
                                                                    (state.values + whole * Columns)...);
    }
}

}  // namespace CTNN_NAMESPACE::kernel
