// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// One time step of a causal convolution, for `stream`: the product of a window with its filters, where the newest
/// inputs are still in the caller's memory.

#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/kernel/product/matrix_product.hpp>
#include <ctnn/kernel/product/micro_kernel.hpp>
#include <ctnn/kernel/product/product_size.hpp>
#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/kernel/vector/unroll.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::kernel {

namespace detail {

/// How a row of interleaved sums is split: into panels of neighbouring registers, with as many runs at a time as the
/// machine has registers for. With registers of 16 bytes each element of the window costs a shuffle, and is multiplied
/// with up to eight registers.
template <class Size, class T>
struct causal_panels {
    static constexpr std::size_t lanes = full_lanes<T, Size::columns>(), runs = Size::order.runs;
    static constexpr std::size_t registers = (Size::columns + lanes - 1) / lanes;
    static constexpr std::size_t sums = CTNN_VECTOR_BYTES == 64 ? 16 : (CTNN_VECTOR_BYTES == 32 ? 12 : 8);
    static constexpr std::size_t most = CTNN_VECTOR_BYTES == 16 ? 8 : (sums > 2 * runs ? sums / runs : 2);
    static constexpr std::size_t panels = (registers + most - 1) / most;
    static constexpr std::size_t vectors = (registers + panels - 1) / panels;
    static constexpr std::size_t at_once = [] {
        std::size_t count = 1;
        while (2 * count <= runs && 2 * count * vectors <= sums) count *= 2;
        return count;
    }();
};

/// How many elements of a window one load takes, to be broadcast by shuffles: 16 bytes, where the loop is long enough.
/// With wider registers this pays off for panels of up to 64 bytes.
template <class Panels, std::size_t Vectors, std::size_t Count, class T>
inline constexpr std::size_t terms_in_load = []() -> std::size_t {
    constexpr std::size_t most = 16 / sizeof(T);
    const bool is_worth_it = CTNN_VECTOR_BYTES == 16 || (Vectors * CTNN_VECTOR_BYTES <= 64 && sizeof(T) == 4);
    if (!is_worth_it || Panels::lanes < most || Count < 32) return 1;
    return Panels::at_once == Panels::runs || most <= Panels::at_once ? most : 1;
}();

/// Adds to the runs of a group their share of `Count` terms; the first of these is term `First` of the sums.
template <class Size, class Panels, class Span, std::size_t Group, std::size_t Step, std::size_t First,
          std::size_t Count, class T, class V>
CTNN_INLINE inline void add_interleaved(const T* a, const T* b, V (&sums)[Span::vectors][Panels::at_once]) {
    constexpr std::size_t runs = Panels::runs, at_once = Panels::at_once;
    constexpr std::size_t until_first = (runs - First % runs) % runs, head = until_first < Count ? until_first : Count;
    constexpr std::size_t terms = runs > Step ? runs : Step, iterations = (Count - head) / terms;
    constexpr std::size_t terms_of_group = terms / runs * at_once;
    const auto add = [&](std::size_t term, const auto& factor, std::size_t run) CTNN_INLINE {
        unroll<Span::vectors>([&](auto index) CTNN_INLINE {
            sums[index()][run] += factor * load<V>(Size::row_of_b(b, term) + Span::column(index()));
        });
    };
    const auto add_if_in_group = [&](auto term) CTNN_INLINE {
        constexpr std::size_t run = (First + term()) % runs;
        if constexpr (run / at_once == Group) add(term(), a[term()], run % at_once);
    };
    unroll<head>(add_if_in_group);
    repeat<iterations, terms_of_group * Span::vectors>([&](std::size_t iteration) CTNN_INLINE {
        const std::size_t first = head + iteration * terms + Group * at_once;
        unroll<terms_of_group / Step>([&](auto step) CTNN_INLINE {
            constexpr std::size_t at = step() * Step;
            if constexpr (Step == 1) {
                add(first + at, a[first + at], at % at_once);
            } else {
                const V factors = load_repeated<Step, V>(a + first + at);
                unroll<Step>([&](auto index) CTNN_INLINE {
                    add(first + at + index(), broadcast_lane<Step, index()>(factors), (at + index()) % at_once);
                });
            }
        });
    });
    constexpr std::size_t taken = head + iterations * terms;
    unroll<Count - taken>([&](auto index) CTNN_INLINE { add_if_in_group(boost::hana::size_c<taken + index()>); });
}

/// The columns of a `span`.
template <class Size, class Start, std::size_t Older, class Panels, class Span, class T>
CTNN_INLINE inline void causal_panel(const T* older, const T* newest, const T* b, const T* start, T* c) {
    using V = register_t<T, Span::lanes>;
    constexpr std::size_t at_once = Panels::at_once, groups = Panels::runs / at_once;
    V sums[Span::vectors][Panels::runs];
    unroll<groups>([&](auto group) CTNN_INLINE {
        V some[Span::vectors][at_once]{};
        if constexpr (Start::from_memory && group() == 0)
            unroll<Span::vectors>([&](auto index)
                                      CTNN_INLINE { some[index()][0] = load<V>(start + Span::column(index())); });
        add_interleaved<Size, Panels, Span, group(), terms_in_load<Panels, Span::vectors, Older, T>, 0, Older>(older, b,
                                                                                                               some);
        add_interleaved<Size, Panels, Span, group(), 1, Older, Size::depth - Older>(newest, Size::row_of_b(b, Older),
                                                                                    some);
        unroll<Span::vectors>([&](auto index) CTNN_INLINE {
            unroll<at_once>([&](auto run)
                                CTNN_INLINE { sums[index()][group() * at_once + run()] = some[index()][run()]; });
        });
    });
    // Spills the sums of the groups, where the registers are too few for all of them.
    if constexpr (groups > 1) asm("" : "+m"(sums));
    unroll<Span::vectors>([&](auto index) CTNN_INLINE {
        store<Span::lanes>(c + Span::column(index()), fold_registers<Span::lanes>(sums[index()], plus{}));
    });
}

}  // namespace detail

/// c = start + (older, newest) B for one row in two parts, the first of `Older` elements, with interleaved sums.
///
/// The newest are read one by one from the caller's memory: the latency of their stores is then paid once, and not
/// again on their way through the window. C must not overlap the others.
///
/// *Cost*: `Size::multiply_accumulates`.
template <class Size, class Start, std::size_t Older, class T>
CTNN_INLINE constexpr void causal_step(const T* older, const T* newest, const T* b, const T* start, T* c) {
    if (__builtin_is_constant_evaluated()) {
        T window[Size::depth]{};
        copy<Older>(older, window);
        copy<Size::depth - Older>(newest, window + Older);
        matrix_product<Size, Start>(static_cast<const T*>(window), b, start, c);
        return;
    }
    using panels = detail::causal_panels<Size, T>;
    constexpr std::size_t lanes = panels::lanes, wide = panels::vectors * lanes, columns = Size::columns;
    constexpr std::size_t whole = columns - columns % wide, rest = (columns - whole + lanes - 1) / lanes;
    for (std::size_t column = 0; column < whole; column += wide)
        detail::causal_panel<Size, Start, Older, panels, detail::span<panels::vectors, lanes, 0>>(
            detail::opaque(older, column), newest, b + column, start + column * Start::column_stride, c + column);
    if constexpr (rest > 0) {
        // The last registers overlap the previous panel or, if there is none, each other.
        constexpr std::size_t at = whole > 0 ? columns - rest * lanes : 0;
        constexpr std::size_t shift = whole > 0 ? 0 : rest * lanes - columns;
        detail::causal_panel<Size, Start, Older, panels, detail::span<rest, lanes, shift>>(
            older, newest, b + at, start + at * Start::column_stride, c + at);
    }
}

}  // namespace CTNN_NAMESPACE::kernel
