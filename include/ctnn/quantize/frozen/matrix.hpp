// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The weights of a layer in the smallest of four forms: packed for the processor, of 4 bits, a list, or in the code.

#include <ctnn/config.hpp>
#include <ctnn/kernel/integer/packed/list.hpp>
#include <ctnn/kernel/integer/packed/nibbles.hpp>
#include <ctnn/kernel/integer/packed/rows.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// What `frozen` chooses by: the size of a layer, or its speed: then weights are in the code if at most a third of
/// them are not 0.
struct prefer_size {};
struct prefer_speed {};

namespace detail {

enum class weight_form { packed, nibbles, list, code };

/// Bytes of code for a weight: a load, a constant and a multiply-accumulate.
inline constexpr std::size_t code_bytes_of_weight = kernel::values_are_bytes ? 8 : 9;
/// Of the function that layers with weights of 4 bits share.
inline constexpr std::size_t code_bytes_of_nibbles = 128;
/// More would take the compiler long.
inline constexpr std::size_t most_weights_in_code = 4096;

/// `Source` has `rows`, `runs`, `length`, `pitch` (from run to run), and `weight(run, i, row)`.
template <class Source, class Preference>
struct frozen_matrix {
    static constexpr std::size_t rows = Source::rows, runs = Source::runs, length = Source::length;
    using value = kernel::packed_value;

    /// The greatest weight or 0, times `sign`.
    static constexpr std::int32_t extreme(std::int32_t sign) {
        std::int32_t result = 0;
        for (std::size_t run = 0; run < runs; ++run)
            for (std::size_t i = 0; i < length; ++i)
                for (std::size_t row = 0; row < rows; ++row) {
                    const std::int32_t w = sign * Source::weight(run, i, row);
                    result = w > result ? w : result;
                }
        return sign * result;
    }
    static constexpr std::size_t nonzero = [] {
        std::size_t count = 0;
        for (std::size_t run = 0; run < runs; ++run)
            for (std::size_t i = 0; i < length; ++i)
                for (std::size_t row = 0; row < rows; ++row)
                    if (Source::weight(run, i, row) != 0) ++count;
        return count;
    }();
    using packed_type = kernel::packed_rows<runs, length, rows>;
    using nibble_type = kernel::nibble_rows<runs, length, rows, value>;
    static constexpr std::size_t reach = (runs - 1) * Source::pitch + length;
    using offset_type =
        std::conditional_t<(reach > 65536), std::uint32_t,
                           std::conditional_t<(reach > 256 || length * runs > 255), std::uint16_t, std::uint8_t>>;
    using list_type = kernel::weight_list<rows, nonzero, offset_type>;

    static constexpr std::int32_t least_weight = extreme(-1), greatest_weight = extreme(1);
    /// Weights are -127 to 127; those of files may be -128, which does not fit a lane that two rows share.
    static constexpr bool rows_share_lanes = requires { packed_type::lanes; };
    static constexpr bool is_packable = !rows_share_lanes || least_weight >= -127;
    static constexpr bool are_nibbles = least_weight >= -8 && greatest_weight <= 7 &&
                                        std::is_same_v<Preference, prefer_size> && runs * length < 65536 &&
                                        rows < 65536 && Source::pitch < 65536;

    static constexpr weight_form form = [] {
        const std::size_t in_code = nonzero * code_bytes_of_weight;
        std::size_t least = sizeof(packed_type);
        weight_form result = weight_form::packed;
        if constexpr (are_nibbles)
            if (sizeof(nibble_type) + code_bytes_of_nibbles < least)
                result = weight_form::nibbles, least = sizeof(nibble_type);
        if (sizeof(list_type) < least) result = weight_form::list, least = sizeof(list_type);
        constexpr bool is_worth_it =
            std::is_same_v<Preference, prefer_speed> ? 3 * nonzero <= rows * runs * length : false;
        if (result == weight_form::packed && !is_packable) result = weight_form::list;
        if (nonzero <= most_weights_in_code && (is_worth_it || in_code <= least)) result = weight_form::code;
        return result;
    }();
    static constexpr std::size_t padded_rows = form == weight_form::packed ? packed_type::padded_rows : rows,
                                 beyond = [] {
                                     if constexpr (form == weight_form::packed)
                                         return packed_type::beyond;
                                     else if constexpr (form == weight_form::nibbles)
                                         return nibble_type::beyond;
                                     else
                                         return std::size_t{0};
                                 }();

    /// The sums of the products of the rows with what is at `x`.
    template <bool Aligned>
    CTNN_INLINE static void sums(const value* x, std::int32_t* y) {
        if constexpr (form == weight_form::packed) {
            packed.template sums<Source::pitch, Aligned>(x, y);
        } else if constexpr (form == weight_form::nibbles) {
            packed.template sums<Source::pitch>(x, y);
        } else if constexpr (form == weight_form::list) {
            list.sums(x, y);
        } else {
            [&]<std::size_t... Group>(std::index_sequence<Group...>) CTNN_INLINE {
                (sums_in_code<Group * rows_together>(x, y), ...);
            }
            (std::make_index_sequence<(rows + rows_together - 1) / rows_together>{});
        }
    }

  private:
    static constexpr auto packed = [] {
        if constexpr (form == weight_form::packed)
            return packed_type::from(Source::pitch, Source::weight);
        else if constexpr (form == weight_form::nibbles)
            return nibble_type::from(Source::weight);
        else
            return 0;
    }();
    static constexpr auto entries = [] {
        if constexpr (form == weight_form::packed || form == weight_form::nibbles)
            return 0;
        else
            return list_type::from(runs, length, Source::pitch, Source::weight);
    }();
    // The list is a constant of its own, so that weights in the code leave nothing in memory.
    template <class Entries>
    static constexpr Entries kept = entries;
    static constexpr const auto& list = kept<std::remove_const_t<decltype(entries)>>;

    /// Rows whose sums are in registers at the same time, so that an input is loaded once for them: more need more than
    /// there are.
    static constexpr std::size_t rows_together = kernel::values_are_bytes ? 2 : 3;

    struct entry {
        std::size_t row, offset;
        std::int32_t weight;
    };
    template <std::size_t Count>
    struct entry_list {
        static constexpr std::size_t size = Count;
        entry of[Count + (Count == 0)];
    };
    /// The weights of the rows from `First` on, by their inputs.
    template <std::size_t First>
    static constexpr auto in_order = [] {
        constexpr std::size_t end = First + rows_together < rows ? First + rows_together : rows;
        constexpr std::size_t count = entries.first(end) - entries.first(First);
        entry_list<count> result{};
        // In each row they are in that order.
        std::size_t next[rows_together]{}, last[rows_together]{};
        for (std::size_t row = First; row < end; ++row) {
            next[row - First] = entries.first(row);
            last[row - First] = entries.first(row + 1);
        }
        for (std::size_t i = 0; i < count; ++i) {
            std::size_t least = rows_together;
            for (std::size_t row = 0; row < end - First; ++row)
                if (next[row] < last[row] &&
                    (least == rows_together || entries.offset(next[row]) < entries.offset(next[least])))
                    least = row;
            result.of[i] = {least, entries.offset(next[least]), entries.weight(next[least])};
            ++next[least];
        }
        return result;
    }();

    template <std::size_t First>
    CTNN_INLINE static void sums_in_code(const value* x, std::int32_t* y) {
        // Inputs are loaded again for other rows, and not kept in memory of their own.
        __asm__ volatile("" : "+r"(x));
        [&]<std::size_t... Entry>(std::index_sequence<Entry...>) CTNN_INLINE {
            std::int32_t sums[rows_together]{};
            ((sums[in_order<First>.of[Entry].row] +=
              std::int32_t{x[std::integral_constant<std::size_t, in_order<First>.of[Entry].offset>::value]} *
              std::integral_constant<std::int32_t, in_order<First>.of[Entry].weight>::value),
             ...);
            for (std::size_t row = First; row < First + rows_together && row < rows; ++row) y[row] = sums[row - First];
        }
        (std::make_index_sequence<decltype(in_order<First>)::size>{});
    }
};

}  // namespace detail

}  // namespace CTNN_NAMESPACE
