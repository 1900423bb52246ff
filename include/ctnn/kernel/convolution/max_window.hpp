// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The maximum of each window that slides over an image, in both phases. For `max_pool`.

#include <ctnn/config.hpp>
#include <ctnn/kernel/convolution/im2col.hpp>
#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/kernel/vector/unroll.hpp>

#include <boost/hana/integral_constant.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE::kernel {

/// The maximum of each window of one image, and its index: the first of several in line order, or the last NaN, if
/// there is one.
///
/// At run time no branch depends on an element: which is larger cannot be predicted, and a misprediction costs as much
/// as several windows.
template <slide Down, slide Across>
struct largest_of_windows {
    static constexpr std::size_t inputs = Down.input * Across.input, outputs = Down.output * Across.output;

    /// y[output] = the maximum of its window.
    template <class T>
    static constexpr void forward(const T* x, T* y) {
        for (std::size_t row = 0; row < Down.output; ++row, y += Across.output) {
            const window_range rows = inputs_of_window(Down, row);
            const T* const lines = x + rows.first * Across.input;
            if (__builtin_is_constant_evaluated())
                for (std::size_t column = 0; column < Across.output; ++column)
                    y[column] = lines[index_of_largest(lines, rows, inputs_of_window(Across, column))];
            else
                for_each_winner<value_only>(lines, rows, [&](auto count, std::size_t column, auto winner) CTNN_INLINE {
                    store<count()>(y + column, winner.value);
                });
        }
    }

    /// dx[input] = the sum of dy[output] over the windows whose maximum it is.
    template <class T>
    static constexpr void backward(const T* x, const T* dy, T* dx) {
        for (std::size_t i = 0; i < inputs; ++i) dx[i] = T{};
        for (std::size_t row = 0; row < Down.output; ++row, dy += Across.output) {
            const window_range rows = inputs_of_window(Down, row);
            const T* const lines = x + rows.first * Across.input;
            T* const line_gradient = dx + rows.first * Across.input;
            if (__builtin_is_constant_evaluated()) {
                for (std::size_t column = 0; column < Across.output; ++column)
                    line_gradient[index_of_largest(lines, rows, inputs_of_window(Across, column))] += dy[column];
            } else {
                T indices[Across.output];
                for_each_winner<value_and_index>(
                    lines, rows, [&](auto count, std::size_t column, auto winner) CTNN_INLINE {
                        store<count()>(indices + column, math::from_bits<decltype(winner.value)>(winner.index));
                    });
                for (std::size_t column = 0; column < Across.output; ++column)
                    line_gradient[math::to_bits(indices[column])] += dy[column];
            }
        }
    }

  private:
    template <class T>
    CTNN_INLINE static constexpr std::size_t index_of_largest(const T* lines, window_range rows, window_range columns) {
        std::size_t best = columns.first;
        for (std::size_t line = 0; line < rows.last - rows.first; ++line)
            for (std::size_t column = columns.first; column < columns.last; ++column) {
                const std::size_t here = line * Across.input + column;
                if (lines[here] > lines[best] || lines[here] != lines[here]) best = here;
            }
        return best;
    }

    // Candidates for the maxima of some windows: their values, and their indices in the lines where these are needed.
    template <class V>
    struct value_only {
        V value;

        CTNN_INLINE static value_only at(V value, std::size_t) { return {value}; }
        CTNN_INLINE void improve(const value_only& others) {
            value = math::select(others.value != others.value, others.value, math::greatest(value, others.value));
        }
        CTNN_INLINE void move(std::size_t) {}
    };
    template <class V>
    struct value_and_index {
        V value;
        math::bits_t<V> index;

        CTNN_INLINE static value_and_index at(V value, std::size_t index) { return {value, same_index<V>(index)}; }
        CTNN_INLINE void improve(const value_and_index& others) {
            const auto is_better = (others.value > value) | (others.value != others.value);
            value = math::select(is_better, others.value, value);
            index = is_better ? others.index : index;
        }
        /// Adds `elements` to the indices, and for each lane the offset of its window.
        CTNN_INLINE void move(std::size_t elements) { index += neighbours<V>(elements); }
    };

    CTNN_INLINE static constexpr std::size_t lines_of(window_range rows) {
        return Down.stays_inside() ? Down.window : rows.last - rows.first;
    }

    /// Windows are vectorised where all that is read for them is inside the line.
    static constexpr std::size_t read = (Across.window + Across.stride - 1) / Across.stride * Across.stride;
    static constexpr std::size_t first_whole = (Across.before + Across.stride - 1) / Across.stride;
    static constexpr std::size_t end_whole =
        read <= Across.before + Across.input ? Across.outputs_up_to(Across.before + Across.input - read + 1) : 0;
    static constexpr std::size_t whole = Across.stride <= 2 && first_whole < end_whole ? end_whole - first_whole : 0;

    template <class T>
    static constexpr std::size_t lanes_of_register = full_lanes<T, whole>();
    template <class T>
    static constexpr bool in_registers(std::size_t column) {
        return lanes_of_register<T> > 1 && column >= first_whole && column < end_whole;
    }

    /// Calls `f(hana::size_c<Count>, column, winners)` for the windows of a line of outputs, `Count` at a time, some
    /// of them twice.
    template <template <class> class Candidates, class T, class F>
    CTNN_INLINE static void for_each_winner(const T* lines, window_range rows, F&& f) {
        constexpr std::size_t lanes = lanes_of_register<T>;
        if constexpr (lanes > 1)
            for (std::size_t column = first_whole; column < end_whole; column += lanes) {
                const std::size_t begin = column + lanes < end_whole ? column : end_whole - lanes;
                using winners = Candidates<register_t<T, lanes>>;
                f(boost::hana::size_c<lanes>, begin, of_register<winners>(lines, lines_of(rows), begin));
            }
        using winner = Candidates<register_t<T, full_lanes<T, 16 / sizeof(T)>()>>;
        for (std::size_t column = 0; column < Across.output; ++column)
            if (!in_registers<T>(column))
                f(boost::hana::size_c<1>, column,
                  of_one<winner>(lines, lines_of(rows), inputs_of_window(Across, column)));
    }

    template <class Candidates, class T>
    CTNN_INLINE static Candidates of_register(const T* lines, std::size_t count, std::size_t column) {
        using V = decltype(Candidates::value);
        const std::size_t begin = column * Across.stride - Across.before;
        const auto at = [&](std::size_t line, auto place) CTNN_INLINE {
            return Candidates::at(load_strided<V, place()>(lines + line * Across.input + begin),
                                  line * Across.input + place());
        };
        Candidates best = at(0, boost::hana::size_c<0>);
        unroll<Across.window - 1>([&](auto place)
                                      CTNN_INLINE { best.improve(at(0, boost::hana::size_c<place() + 1>)); });
        // Windows have few lines, and fewer at the edges of an image.
#pragma GCC unroll 1
        for (std::size_t line = 1; line < count; ++line)
            unroll<Across.window>([&](auto place) CTNN_INLINE { best.improve(at(line, place)); });
        best.move(begin);
        return best;
    }
    template <class Candidates, class T>
    CTNN_INLINE static Candidates of_one(const T* lines, std::size_t count, window_range columns) {
        using V = decltype(Candidates::value);
        const auto at = [&](std::size_t place) CTNN_INLINE { return Candidates::at(load<V, 1>(lines + place), place); };
        Candidates best = at(columns.first);
#pragma GCC unroll 1
        for (std::size_t line = 0; line < count; ++line)
#pragma GCC unroll 1
            for (std::size_t column = columns.first; column < columns.last; ++column)
                best.improve(at(line * Across.input + column));
        return best;
    }

    template <class V>
    CTNN_INLINE static math::bits_t<V> same_index(std::size_t place) {
        return static_cast<math::bits_t<math::scalar_t<V>>>(place) - math::bits_t<V>{};
    }
    /// The index of the same window position in neighbouring windows.
    template <class V>
    CTNN_INLINE static math::bits_t<V> neighbours(std::size_t of_first) {
        return same_index<V>(of_first) +
               ascending<V>(std::make_index_sequence<sizeof(V) / sizeof(math::scalar_t<V>)>{});
    }
    template <class V, std::size_t... Lane>
    CTNN_INLINE static math::bits_t<V> ascending(std::index_sequence<Lane...>) {
        return math::bits_t<V>{math::bits_t<math::scalar_t<V>>{Lane * Across.stride}...};
    }

    /// The elements at one window position of neighbouring windows, which are 1 or 2 apart.
    template <class V, std::size_t Place, class T>
    CTNN_INLINE static V load_strided(const T* from) {
        if constexpr (Across.stride == 1) {
            return load<V>(from + Place);
        } else {
            constexpr std::size_t lanes = sizeof(V) / sizeof(T), phase = Place % 2;
            const T* const begin = from + (Place - phase);
            return every_second<phase>(load<V>(begin), load<V>(begin + lanes), std::make_index_sequence<lanes>{});
        }
    }
    template <std::size_t Phase, class V, std::size_t... Lane>
    CTNN_INLINE static V every_second(V low, V high, std::index_sequence<Lane...>) {
        return __builtin_shufflevector(low, high, int{2 * Lane + Phase}...);
    }
};

}  // namespace CTNN_NAMESPACE::kernel
