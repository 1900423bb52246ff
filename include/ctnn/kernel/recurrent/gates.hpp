// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// One time step of `gru` and `lstm`; at run time the gates stay in registers.

#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/kernel/product/matrix_product.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE::kernel {

/// The operands of start + a B, where a is one row.
template <class Size, class Start, class T>
struct row_product {
    const T *a, *b, *start;
};

namespace detail {

/// A row of `Columns` sums in consecutive registers; the last overlaps the one before it, if the columns do not fill
/// it.
template <class T, std::size_t Columns>
struct row_sums {
    static constexpr std::size_t lanes = full_lanes<T, Columns>();
    static constexpr std::size_t count = (Columns + lanes - 1) / lanes;
    using columns = span<count, lanes, count * lanes - Columns>;
    register_t<T, lanes> registers[count];

    /// The register that holds a column.
    static constexpr std::size_t register_of(std::size_t column) {
        return column >= columns::column(count - 1) ? count - 1 : column / lanes;
    }

    /// `Lanes` columns from `First` on.
    template <std::size_t First, std::size_t Lanes>
    CTNN_INLINE auto take() const {
        constexpr std::size_t low = register_of(First), high = register_of(First + Lanes - 1);
        return [this]<std::size_t... Lane>(std::index_sequence<Lane...>) CTNN_INLINE {
            return __builtin_shufflevector(
                registers[low], registers[high],
                int{First + Lane < columns::column(low) + lanes ? First + Lane - columns::column(low)
                                                                : lanes + First + Lane - columns::column(high)}...);
        }
        (std::make_index_sequence<Lanes>{});
    }
};

/// A row of sums in flight: each run of terms has its own accumulators.
template <class Size, class Start, class T>
struct running_row {
    using row = row_sums<T, Size::columns>;
    using V = register_t<T, row::lanes>;
    static constexpr std::size_t runs = Size::order.runs, run = Size::depth / runs;
    const T *a, *b;
    V sums[runs][row::count]{};

    CTNN_INLINE explicit running_row(const row_product<Size, Start, T>& operands) : a{operands.a}, b{operands.b} {
        if constexpr (Start::from_memory)
            unroll<row::count>([&](auto index) CTNN_INLINE {
                sums[0][index()] = load<V>(operands.start + row::columns::column(index()));
            });
    }

    CTNN_INLINE void add(std::size_t term, V (&sums_of_run)[row::count]) {
        const T factor = a[term];
        unroll<row::count>([&](auto index) CTNN_INLINE {
            sums_of_run[index()] += factor * load<V>(b + term * Size::b_stride + row::columns::column(index()));
        });
    }
    /// The next term of each run.
    CTNN_INLINE void add_to_runs(std::size_t term_of_run) {
        unroll<runs>([&](auto of) CTNN_INLINE { add(of() * run + term_of_run, sums[of()]); });
    }
    CTNN_INLINE row total() {
        unroll<Size::depth % runs>([&](auto left) CTNN_INLINE { add(runs * run + left(), sums[runs - 1]); });
        row result;
        unroll<row::count>([&](auto index) CTNN_INLINE {
            result.registers[index()] = sums[0][index()];
            unroll<runs - 1>([&](auto other) CTNN_INLINE { result.registers[index()] += sums[other() + 1][index()]; });
        });
        return result;
    }
};

/// Two rows of sums with their terms interleaved: neither alone has enough accumulators to keep a core busy.
template <class First, class Second>
CTNN_INLINE inline void add_interleaved(First& first, Second& second) {
    constexpr std::size_t both = First::run < Second::run ? First::run : Second::run;
    for (std::size_t term = 0; term < both; ++term) first.add_to_runs(term), second.add_to_runs(term);
    for (std::size_t term = both; term < First::run; ++term) first.add_to_runs(term);
    for (std::size_t term = both; term < Second::run; ++term) second.add_to_runs(term);
}

/// Calls `f(first, lanes)` for the registers that `Count` elements fill, the widest first.
template <class T, std::size_t Count, std::size_t First = 0, class F>
CTNN_INLINE inline void for_each_register(F&& f) {
    if constexpr (First < Count) {
        constexpr std::size_t lanes = full_lanes<T, Count - First>();
        f(boost::hana::size_c<First>, boost::hana::size_c<lanes>);
        for_each_register<T, Count, First + lanes>(f);
    }
}

/// Whether the sums of two rows fit the registers of a machine, 32 or 16, and the units fill registers of 16 bytes.
template <std::size_t Units, class First, class Second, class T>
inline constexpr bool gates_fit = [] {
    constexpr std::size_t registers = row_sums<T, First::columns>::count, runs = First::order.runs + Second::order.runs;
    return native_lanes<T> > 1 && Units * sizeof(T) % 16 == 0 && First::order.kind != sum_kind::lanes &&
           Second::order.kind != sum_kind::lanes && registers * runs <= (CTNN_VECTOR_BYTES == 64 ? 16 : 12);
}();

}  // namespace detail

/// One time step of `Units` units, each with several gates: `f(gate..., state..., of_state...)` for each unit, with
/// references to its gates and its `state`.
///
/// The gates are the columns of `input`, `Units` columns for each gate in turn; `of_state` are the same columns of
/// `recurrent`.
template <std::size_t Units, class F, class InputSize, class InputStart, class StateSize, class StateStart, class T,
          class... State>
CTNN_INLINE constexpr void update_gates(F f, const row_product<InputSize, InputStart, T>& input,
                                        const row_product<StateSize, StateStart, T>& recurrent, State*... state) {
    using gates = std::make_index_sequence<InputSize::columns / Units>;
    const auto in_memory = [&]<std::size_t... Gate>(std::index_sequence<Gate...>) CTNN_INLINE {
        T sums[sizeof...(Gate) * Units], of_state[sizeof...(Gate) * Units];
        matrix_product<InputSize, InputStart>(input.a, input.b, input.start, sums);
        matrix_product<StateSize, StateStart>(recurrent.a, recurrent.b, recurrent.start, of_state);
        update<Units>(f, (sums + Gate * Units)..., state..., static_cast<const T*>(of_state + Gate * Units)...);
    };
    const auto in_registers = [&]<std::size_t... Gate>(std::index_sequence<Gate...>) CTNN_INLINE {
        detail::running_row from_state{recurrent};
        detail::running_row from_input{input};
        detail::add_interleaved(from_state, from_input);
        const auto sums = from_input.total(), of_state = from_state.total();
        detail::for_each_register<T, Units>([&](auto first, auto lanes) CTNN_INLINE {
            constexpr std::size_t at = first(), width = lanes();
            [&](auto... gate) CTNN_INLINE {
                [&](auto... number) CTNN_INLINE {
                    f(gate..., number..., of_state.template take<Gate * Units + at, width>()...);
                    (detail::store_unless_const<width>(state + at, number), ...);
                }(load<register_t<T, width>>(state + at)...);
            }(sums.template take<Gate * Units + at, width>()...);
        });
    };
    if constexpr (!detail::gates_fit<Units, InputSize, StateSize, T>)
        in_memory(gates{});
    else if (__builtin_is_constant_evaluated())
        in_memory(gates{});
    else
        in_registers(gates{});
}

}  // namespace CTNN_NAMESPACE::kernel
