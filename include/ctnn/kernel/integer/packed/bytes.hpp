// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Products of 8-bit weights for processors that load and multiply one integer at a time: Cortex-M0, RISC-V.

#include <ctnn/config.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::kernel {

namespace detail {

struct byte_extents {
    std::uint16_t runs, length, pairs;
    std::int32_t pitch;
};

/// Two rows at a time, four inputs a turn. All rows share the sum of the inputs.
[[gnu::noinline]] inline void byte_sums(const std::uint8_t* x, const std::uint8_t* weights, byte_extents e,
                                        std::int32_t* y) {
    std::uint32_t inputs = 0;
    {
        const std::uint8_t* run = x;
        for (std::size_t i = e.runs; i > 0; --i, run += e.pitch) {
            const std::uint8_t *from = run, *const end = from + e.length;
            do inputs += *from++;
            while (from != end);
        }
    }
    inputs *= 128;
    for (std::size_t pair = e.pairs; pair > 0; --pair, y += 2) {
        std::uint32_t a = 0, b = 0;
        const std::uint8_t* run = x;
        for (std::size_t i = e.runs; i > 0; --i, run += e.pitch) {
            const std::uint8_t *from = run, *const end = from + e.length;
            const std::uint8_t* const blocks = from + (e.length & ~3u);
            while (from != blocks) {
                std::uint32_t factor = from[0];
                a += factor * weights[0], b += factor * weights[1];
                factor = from[1];
                a += factor * weights[2], b += factor * weights[3];
                factor = from[2];
                a += factor * weights[4], b += factor * weights[5];
                factor = from[3];
                a += factor * weights[6], b += factor * weights[7];
                from += 4, weights += 8;
            }
            while (from != end) {
                const std::uint32_t factor = *from++;
                a += factor * weights[0], b += factor * weights[1];
                weights += 2;
            }
        }
        y[0] = static_cast<std::int32_t>(a - inputs), y[1] = static_cast<std::int32_t>(b - inputs);
    }
}

}  // namespace detail

/// Weights of `Rows` rows of `Runs` runs of `Length` inputs. The inputs are bytes without sign, q + 128, and so are the
/// weights, w + 128, because Cortex-M0 has no load of a signed byte at a constant offset; 128 times the sum of the
/// inputs is subtracted from each row.
template <std::size_t Runs, std::size_t Length, std::size_t Rows>
struct byte_rows {
    static_assert(Length <= 65532 && Rows <= 131070);
    using value = std::uint8_t;
    static constexpr std::size_t pairs = (Rows + 1) / 2, padded_rows = 2 * pairs, beyond = 0;

    std::uint8_t bytes[2 * pairs * Runs * Length];

    /// `weight(run, i, row)`.
    template <class Weight>
    static constexpr byte_rows from(Weight&& weight) {
        byte_rows result{};
        std::size_t next = 0;
        for (std::size_t pair = 0; pair < pairs; ++pair)
            for (std::size_t run = 0; run < Runs; ++run)
                for (std::size_t i = 0; i < Length; ++i)
                    for (std::size_t row = 2 * pair; row < 2 * pair + 2; ++row)
                        result.bytes[next++] =
                            static_cast<std::uint8_t>(128 + (row < Rows ? weight(run, i, row) : 0));
        return result;
    }
    template <std::size_t Pitch, bool>
    CTNN_INLINE void sums(const value* x, std::int32_t* y) const {
        detail::byte_sums(x, bytes, {Runs, Length, pairs, Pitch}, y);
    }
};

}  // namespace CTNN_NAMESPACE::kernel
