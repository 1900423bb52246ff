// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Products of weights of 4 bits, two in a byte.

#include <ctnn/config.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::kernel {

namespace detail {

/// Where the rows of a product lie: `blocks` of inputs in a run, `pitch` from run to run.
struct nibble_extents {
    std::uint16_t rows, runs, blocks, pitch;
};

#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__) && !defined(__ARM_BIG_ENDIAN)
inline constexpr std::size_t nibble_block = 8;
/// Where weight `i` of a block is: which byte, and whether in its upper half. `sxtb16` takes bytes 0 and 2, and bytes 1 and 3
/// after a rotation; their lanes are times two inputs beside each other.
constexpr std::size_t nibble_byte(std::size_t i) {
    return i % 2 * 2 + i / 2 % 2;
}
constexpr bool is_upper_nibble(std::size_t i) {
    return i >= 4;
}

CTNN_INLINE inline std::uint32_t word_at(const void* from) {
    std::uint32_t result;
    __builtin_memcpy(&result, from, sizeof result);
    return result;
}
/// The products of two inputs twice and the upper halves of four bytes, added: 16 times as much as those of the weights.
CTNN_INLINE inline std::int32_t nibbles_added(std::uint32_t bytes, std::uint32_t a, std::uint32_t b, std::int32_t sum) {
    std::uint32_t even, odd;
    bytes &= 0xf0f0f0f0u;
    __asm__("sxtb16 %0, %1" : "=r"(even) : "r"(bytes));
    __asm__("sxtb16 %0, %1, ror #8" : "=r"(odd) : "r"(bytes));
    __asm__("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(even));
    __asm__("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(b), "r"(odd));
    return sum;
}
[[gnu::noinline]] inline void nibble_sums(const std::int16_t* x, const std::uint8_t* bytes, const nibble_extents& e,
                                          std::int32_t* y) {
    const std::size_t of_row = std::size_t{4} * e.runs * e.blocks;
#if defined(__OPTIMIZE_SIZE__)
    constexpr std::size_t at_once = 1;
#else
    constexpr std::size_t at_once = 2;
#endif
    for (std::size_t rows = e.rows;; rows -= at_once) {
        // A row that is left is computed twice.
        const std::size_t next = rows >= at_once ? of_row : 0;
        std::int32_t one = 0, two = 0;
        const std::int16_t* run = x;
        for (std::size_t i = e.runs; i > 0; --i, run += e.pitch) {
            const std::int16_t* from = run;
            for (std::size_t block = e.blocks; block > 0; --block, from += 8, bytes += 4) {
                const std::uint32_t w = word_at(bytes);
                std::uint32_t a = word_at(from), b = word_at(from + 2);
                one = nibbles_added(w << 4, a, b, one);
                if constexpr (at_once == 2) {
                    const std::uint32_t v = word_at(bytes + next);
                    two = nibbles_added(v << 4, a, b, two);
                    a = word_at(from + 4), b = word_at(from + 6);
                    two = nibbles_added(v, a, b, two);
                } else {
                    a = word_at(from + 4), b = word_at(from + 6);
                }
                one = nibbles_added(w, a, b, one);
            }
        }
        *y++ = one >> 4;
        if (rows == 1) break;
        if constexpr (at_once == 2) {
            *y++ = two >> 4;
            if (rows == 2) break;
            bytes += of_row;
        }
    }
}
#else
inline constexpr std::size_t nibble_block = 2;
constexpr std::size_t nibble_byte(std::size_t) {
    return 0;
}
constexpr bool is_upper_nibble(std::size_t i) {
    return i == 1;
}

template <class Value>
[[gnu::noinline]] inline void nibble_sums(const Value* x, const std::uint8_t* bytes, const nibble_extents& e,
                                          std::int32_t* y) {
    for (std::size_t row = e.rows; row > 0; --row) {
        std::int32_t sum = 0;
        const Value* run = x;
        for (std::size_t i = e.runs; i > 0; --i, run += e.pitch) {
            const Value* from = run;
            for (std::size_t block = e.blocks; block > 0; --block, from += 2) {
                const auto both = static_cast<std::int8_t>(*bytes++);
                sum += from[0] * (static_cast<std::int8_t>(both << 4) >> 4);
                sum += from[1] * (both >> 4);
            }
        }
        *y++ = sum;
    }
}
#endif

}  // namespace detail

/// Weights from -8 to 7 of `Rows` rows of `Runs` runs of `Length` inputs, which are `Value`s from -255 to 255.
template <std::size_t Runs, std::size_t Length, std::size_t Rows, class Value>
struct nibble_rows {
    static_assert(Runs * Length < 65536 && Rows < 65536, "16 times a sum fits 32 bits");
    static constexpr std::size_t block = detail::nibble_block, blocks = (Length + block - 1) / block;
    /// The rows of `sums`; and how many values, of any content, are read behind a run.
    static constexpr std::size_t padded_rows = Rows, beyond = block * blocks - Length;

    alignas(block / 2) std::uint8_t bytes[Rows * Runs * blocks * block / 2];

    /// `weight(run, i, row)`.
    template <class Weight>
    static constexpr nibble_rows from(Weight&& weight) {
        nibble_rows result{};
        for (std::size_t row = 0; row < Rows; ++row)
            for (std::size_t run = 0; run < Runs; ++run)
                for (std::size_t i = 0; i < Length; ++i) {
                    const auto bits = static_cast<std::uint8_t>(weight(run, i, row) & 15);
                    const std::size_t first = ((row * Runs + run) * blocks + i / block) * block / 2;
                    std::uint8_t& byte = result.bytes[first + detail::nibble_byte(i % block)];
                    byte = static_cast<std::uint8_t>(byte | (detail::is_upper_nibble(i % block) ? bits << 4 : bits));
                }
        return result;
    }
    /// The sums of the products of the rows with the runs at `x`, `x + Pitch`, ...
    template <std::size_t Pitch>
    CTNN_INLINE void sums(const Value* x, std::int32_t* y) const {
        static_assert(Pitch < 65536);
        static constexpr detail::nibble_extents extents{Rows, Runs, blocks, Pitch};
        detail::nibble_sums(x, bytes, extents, y);
    }
};

}  // namespace CTNN_NAMESPACE::kernel
