// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The micro-kernel of products at run time: tiles whose accumulators fill the registers of the machine.

#include <ctnn/kernel/product/product_size.hpp>
#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/kernel/vector/unroll.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE::kernel::detail {

/// Rows of a register tile, and of the tallest: its accumulators, a row of B and the elements of A in use fit the
/// machine's registers. With registers of 16 bytes each element of A costs a shuffle, and is multiplied with more of B.
inline constexpr std::size_t tile_rows =
    CTNN_VECTOR_BYTES == 64 ? 8 : (CTNN_VECTOR_BYTES == 32 ? 6 : (CTNN_VECTOR_BYTES == 16 ? 2 : 4));
inline constexpr std::size_t tallest_tile = CTNN_VECTOR_BYTES == 32 ? 6 : tile_rows * 3 / 2;

/// Calls `f(height, first row)` for each tile of `Rows` rows. The remainder is merged with the last full tile, or both
/// are split into two: a low tile has too few accumulators to hide the latency of additions.
template <std::size_t Rows, class F>
CTNN_INLINE constexpr void for_each_tile(F&& f) {
    constexpr std::size_t left = Rows % tile_rows, rest = left > 0 && Rows > tile_rows ? left + tile_rows : left,
                          whole = Rows - rest, second = rest > tallest_tile ? rest / 2 : 0, first = rest - second;
    for (std::size_t row = 0; row < whole; row += tile_rows) f(boost::hana::size_c<tile_rows>, row);
    if constexpr (first > 0) f(boost::hana::size_c<first>, whole);
    if constexpr (second > 0) f(boost::hana::size_c<second>, whole + first);
}

/// How many runs are in flight at once. More than one row, or a row of eight registers, is enough; a shorter row alone
/// has all its runs in flight. Short runs in sequence overlap too: registers of 16 bytes are too small for four at
/// once.
template <class Size, std::size_t Rows, class T>
inline constexpr std::size_t runs_at_once = [] {
    constexpr std::size_t enough = (CTNN_VECTOR_BYTES == 16 ? 4 : 8) * native_lanes<T>;
    const bool side_by_side =
        Rows == 1 && Size::columns < enough && Size::order.runs <= 8 && Size::order.kind != sum_kind::interleaved;
    return side_by_side ? Size::order.runs : 1;
}();

/// How many elements of A one load takes, to be broadcast by shuffles. In a tile of one row each multiplication needs
/// its own load of B, and a core issues no more loads per cycle than multiplications. With wider registers a load
/// broadcasts one element or, for a single multiplication, repeats two or four across the lanes. A load that spans
/// elements just stored one by one cannot be forwarded and waits for the cache, longer than small products take.
template <class Size, std::size_t Rows, class Span, class T>
inline constexpr std::size_t terms_in_step = []() -> std::size_t {
    if (Rows > 1 || Size::depth_stride != 1 || Size::order.kind == sum_kind::interleaved) return 1;
    constexpr bool takes_long = Size::depth >= 48 || Size::multiply_accumulates >= 1280;
    if (CTNN_VECTOR_BYTES == 16) return takes_long && Span::lanes == native_lanes<T> ? Span::lanes : 1;
    if (Span::vectors > 1 || Size::depth < 32 || sizeof(T) > 4 || Span::lanes < 4) return 1;
    return Span::lanes > 4 && Size::depth / Size::order.runs >= 16 ? 4 : 2;
}();

/// Whether a loop over terms stays rolled: one for several rows, because code that runs once per training step is bound
/// by instruction fetch; and one over a matrix B that exceeds the L1 cache, because prefetchers track loads by
/// instruction address, and have no room for those of an unrolled loop.
template <class Size, std::size_t Rows, class T>
inline constexpr bool stays_a_loop = Rows > 1 || Size::depth* Size::columns * sizeof(T) > 32768;

/// Calls `f(term)` for every term from `begin` up to `end`, `Step` apart.
template <bool StaysALoop, std::size_t Step, class F>
CTNN_INLINE inline void for_each_term(std::size_t begin, std::size_t end, F&& f) {
    if constexpr (StaysALoop) {
#pragma GCC unroll 1
        for (std::size_t term = begin; term < end; term += Step) f(term);
    } else {
        for (std::size_t term = begin; term < end; term += Step) f(term);
    }
}

/// `Vectors` registers of neighbouring columns, `Lanes` each; the last begins `Shift` columns early and overlaps the
/// one before it by as many.
template <std::size_t Vectors, std::size_t Lanes, std::size_t Shift>
struct span {
    static constexpr std::size_t vectors = Vectors, lanes = Lanes;
    static constexpr std::size_t column(std::size_t index) {
        return index * Lanes - (index + 1 == Vectors ? Shift : 0);
    }
};

/// A register that is loaded once and multiplied several times: g++ 12, which considers loads cheap, would reload it.
template <class V>
CTNN_INLINE inline V loaded_once(V value) {
#if defined(__SSE2__) && !defined(__clang__)
    if constexpr (math::is_register<V>) return math::detail::unknown(value);
#endif
    return value;
}

/// Where a tile stores the registers of C: in memory.
template <std::size_t Lanes, class T, class V>
CTNN_INLINE inline void store_tile(T* to, const V& sums) {
    store<Lanes>(to, sums);
}

/// A tile of `Rows` rows and the columns of a `span` of C, over the full depth.
template <class Size, std::size_t Rows, class Span, class Start, class T, class To>
CTNN_INLINE inline void tile(const T* a, const T* b, const T* start, To c) {
    using V = register_t<T, Span::lanes>;
    constexpr std::size_t runs = Size::order.runs, run = Size::depth / runs, left = Size::depth % runs;
    constexpr std::size_t at_once = runs_at_once<Size, Rows, T>;
    V total[Rows][Span::vectors];
    unroll<Rows>([&](auto tile_row) CTNN_INLINE {
        unroll<Span::vectors>([&](auto register_index) CTNN_INLINE {
            if constexpr (!Start::from_memory)
                total[tile_row()][register_index()] = V{};
            else if constexpr (Start::column_stride == 1)
                total[tile_row()][register_index()] =
                    load<V>(start + tile_row() * Start::row_stride + Span::column(register_index()));
            else
                total[tile_row()][register_index()] = math::broadcast<V>(start[tile_row() * Start::row_stride]);
        });
    });
    const auto add_products = [&](std::size_t term, auto factor_of, auto& sums_of_run) CTNN_INLINE {
        V right[Span::vectors];
        unroll<Span::vectors>([&](auto register_index) CTNN_INLINE {
            right[register_index()] = load<V>(Size::row_of_b(b, term) + Span::column(register_index()));
            if constexpr (Rows > 1) right[register_index()] = loaded_once(right[register_index()]);
        });
        unroll<Rows>([&](auto tile_row) CTNN_INLINE {
            const auto factor = factor_of(tile_row);
            unroll<Span::vectors>([&](auto register_index) CTNN_INLINE {
                sums_of_run[tile_row()][register_index()] += factor * right[register_index()];
            });
        });
    };
    const auto add_term = [&](std::size_t term, auto& sums_of_run) CTNN_INLINE {
        add_products(
            term, [&](auto tile_row) CTNN_INLINE { return Size::element_of_a(a, tile_row(), term); }, sums_of_run);
    };
    constexpr std::size_t step = terms_in_step<Size, Rows, Span, T>;
    const auto add_step = [&](std::size_t term, auto& sums_of_run) CTNN_INLINE {
        if constexpr (step == 1) {
            add_term(term, sums_of_run);
        } else {
            const V factors = load_repeated<step, V>(a + term);
            unroll<step>([&](auto index) CTNN_INLINE {
                add_products(
                    term + index(), [&](auto) CTNN_INLINE { return broadcast_lane<step, index()>(factors); },
                    sums_of_run);
            });
        }
    };
    const auto add_sums = [&](const auto& before, const auto& sums_of_run) CTNN_INLINE {
        unroll<Rows>([&](auto tile_row) CTNN_INLINE {
            unroll<Span::vectors>([&](auto register_index) CTNN_INLINE {
                total[tile_row()][register_index()] =
                    before[tile_row()][register_index()] + sums_of_run[tile_row()][register_index()];
            });
        });
    };
    constexpr std::size_t work = Rows * Span::vectors;
    constexpr bool loops = stays_a_loop<Size, Rows, T>;
    const auto add_terms = [&](std::size_t begin, std::size_t end, auto& sums_of_run) CTNN_INLINE {
        const std::size_t whole = end - (end - begin) % step;
        for_each_term<loops, step>(begin, whole, [&](std::size_t term) CTNN_INLINE { add_step(term, sums_of_run); });
        if constexpr (step > 1)
            for (std::size_t term = whole; term < end; ++term) add_term(term, sums_of_run);
    };
    if constexpr (runs == 1 && loops && Size::depth * work > 16) {
        add_terms(0, Size::depth, total);
    } else if constexpr (runs == 1) {
        repeat<Size::depth / step, step * work>([&](std::size_t index) CTNN_INLINE { add_step(index * step, total); });
        unroll<Size::depth % step>([&](auto index)
                                       CTNN_INLINE { add_term(Size::depth - Size::depth % step + index(), total); });
    } else if constexpr (at_once > 1) {
        V others[runs - 1][Rows][Span::vectors]{};
        const auto in_each_run = [&](auto add, std::size_t term_of_run) CTNN_INLINE {
            add(term_of_run, total);
            unroll<runs - 1>([&](auto other_run)
                                 CTNN_INLINE { add((other_run() + 1) * run + term_of_run, others[other_run()]); });
        };
        const auto step_in_each_run = [&](std::size_t term_of_run) CTNN_INLINE { in_each_run(add_step, term_of_run); };
        if constexpr (loops)
            for_each_term<loops, step>(0, run - run % step, step_in_each_run);
        else
            repeat<run / step, step * work * runs>([&](std::size_t index)
                                                       CTNN_INLINE { step_in_each_run(index * step); });
        unroll<run % step>([&](auto index) CTNN_INLINE { in_each_run(add_term, run - run % step + index()); });
        unroll<left>([&](auto left_term) CTNN_INLINE { add_term(runs * run + left_term(), others[runs - 2]); });
        unroll<runs - 1>([&](auto other_run) CTNN_INLINE { add_sums(total, others[other_run()]); });
    } else if constexpr (Size::order.kind == sum_kind::interleaved) {
        const auto each_register = [&](auto f) CTNN_INLINE {
            unroll<Rows>([&](auto tile_row) CTNN_INLINE {
                unroll<Span::vectors>([&](auto register_index) CTNN_INLINE { f(tile_row(), register_index()); });
            });
        };
        // The runs from `first` on, `apart` from each other: one half of them is added to the other.
        const auto add_runs = [&](auto self, auto first, auto apart, auto& sums) CTNN_INLINE -> void {
            if constexpr (apart() == runs) {
                for_each_term<loops, runs>(first(), Size::depth,
                                           [&](std::size_t term) CTNN_INLINE { add_term(term, sums); });
            } else {
                constexpr auto twice = boost::hana::size_c<2 * apart()>;
                self(self, first, twice, sums);
                V before[Rows][Span::vectors], others[Rows][Span::vectors]{};
                each_register([&](auto row, auto index) CTNN_INLINE { before[row][index] = sums[row][index]; });
                if constexpr (CTNN_VECTOR_BYTES < 64 && work > 4) asm("" : "+m"(before));
                self(self, boost::hana::size_c<first() + apart()>, twice, others);
                each_register([&](auto row, auto index)
                                  CTNN_INLINE { sums[row][index] = before[row][index] + others[row][index]; });
            }
        };
        add_runs(add_runs, boost::hana::size_c<0>, boost::hana::size_c<1>, total);
    } else {
        add_terms(0, run, total);
        for (std::size_t other = 1; other < runs; ++other) {
            // The sums of previous runs are spilled, where the registers are too few for both.
            V before[Rows][Span::vectors], sums[Rows][Span::vectors]{};
            unroll<Rows>([&](auto tile_row) CTNN_INLINE {
                unroll<Span::vectors>([&](auto register_index) CTNN_INLINE {
                    before[tile_row()][register_index()] = total[tile_row()][register_index()];
                });
            });
            if constexpr (CTNN_VECTOR_BYTES < 64 && work > 4) asm("" : "+m"(before));
            const std::size_t end = other + 1 < runs ? (other + 1) * run : Size::depth;
            add_terms(other * run, end, sums);
            add_sums(before, sums);
        }
    }
    unroll<Rows>([&](auto tile_row) CTNN_INLINE {
        unroll<Span::vectors>([&](auto register_index) CTNN_INLINE {
            store_tile<Span::lanes>(c + (tile_row() * Size::c_stride + Span::column(register_index())),
                                    total[tile_row()][register_index()]);
        });
    });
}

/// `Rows` rows of the columns of a `span`.
template <class Size, std::size_t Rows, class Span, class Start, class T, class To>
CTNN_INLINE inline void panel(const T* a, const T* b, const T* start, To c) {
    for_each_tile<Rows>([&](auto tile_height, std::size_t first_of_tile) CTNN_INLINE {
        tile<Size, tile_height(), Span, Start>(a + first_of_tile * Size::row_stride, b,
                                               start + first_of_tile * Start::row_stride,
                                               c + first_of_tile * Size::c_stride);
    });
}

/// Registers of a panel, balanced over the panels: one row alone needs more of them, or of runs, to hide the latency of
/// additions.
template <class Size, std::size_t Rows, class T>
constexpr std::size_t panel_vectors(std::size_t registers) {
    constexpr std::size_t runs = runs_at_once<Size, Rows, T>, one_row = runs == 1 ? 8 : 12 / runs;
    constexpr std::size_t most = Rows == 1 ? one_row : (Rows <= 3 || tile_rows == 2 ? 4 : 2);
    const std::size_t panels = (registers + most - 1) / most;
    return (registers + panels - 1) / panels;
}

/// A pointer that is opaque to the compiler: values that an iteration loads through it are not kept for the next one,
/// in more registers than there are.
template <class T>
CTNN_INLINE inline const T* opaque(const T* pointer, std::size_t iteration) {
    asm("" : "+r"(pointer) : "r"(iteration));
    return pointer;
}

/// All columns of `Rows` rows, from column `First` on.
template <class Size, std::size_t Rows, class Start, std::size_t First = 0, class T, class To>
CTNN_INLINE inline void sweep(const T* a, const T* b, const T* start, To c) {
    constexpr std::size_t columns = Size::columns - First;
    constexpr std::size_t lanes = full_lanes<T, columns>();
    constexpr std::size_t vectors = panel_vectors<Size, Rows, T>((columns + lanes - 1) / lanes), wide = vectors * lanes;
    constexpr std::size_t whole = columns - columns % wide, rest = columns - whole;
    for (std::size_t column = First; column < First + whole; column += wide)
        panel<Size, Rows, span<vectors, lanes, 0>, Start>(opaque(a, column), b + column,
                                                          start + column * Start::column_stride, c + column);
    constexpr std::size_t at = First + whole;
    if constexpr (rest >= lanes) {
        // The last columns do not fill a register: theirs overlaps its neighbours, which get the same values twice.
        constexpr std::size_t shift = (lanes - rest % lanes) % lanes;
        panel<Size, Rows, span<(rest + shift) / lanes, lanes, shift>, Start>(a, b + at,
                                                                             start + at * Start::column_stride, c + at);
    } else if constexpr (rest > 0 && Start::row_stride == Size::c_stride && Start::column_stride == 1) {
        // The sums start from values that the overlapping stores have changed: smaller registers.
        sweep<Size, Rows, Start, at>(a, b, start, c);
    } else if constexpr (rest > 0) {
        constexpr std::size_t last = Size::columns - lanes;
        panel<Size, Rows, span<1, lanes, 0>, Start>(a, b + last, start + last * Start::column_stride, c + last);
    }
}

/// A matrix B that fits the L1 cache is swept once per row of tiles; with a larger one, each panel is used for all rows
/// before the next is loaded.
template <class Size, class Start, class T, class To>
CTNN_INLINE inline void tiled(const T* a, const T* b, const T* start, To c) {
    if constexpr (Size::rows > tile_rows && Size::depth * Size::columns * sizeof(T) <= 16384) {
        for_each_tile<Size::rows>([&](auto tile_height, std::size_t first_of_tile) CTNN_INLINE {
            sweep<Size, tile_height(), Start>(a + first_of_tile * Size::row_stride, b,
                                              start + first_of_tile * Start::row_stride,
                                              c + first_of_tile * Size::c_stride);
        });
    } else {
        sweep<Size, Size::rows, Start>(a, b, start, c);
    }
}

}  // namespace CTNN_NAMESPACE::kernel::detail
