// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Products of 8-bit weights for processors with vector registers, whose lanes are rows.

#include <ctnn/config.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::kernel {

/// Weights of `Rows` rows of `Runs` runs of `Length` inputs; the inputs are 16-bit integers from -255 to 255.
///
/// Inputs come in pairs, with the rows beside each other: a lane of 32 bits holds two products of 16 bits.
template <std::size_t Runs, std::size_t Length, std::size_t Rows>
struct lane_rows {
    using value = std::int16_t;
    static constexpr std::size_t padded_rows = Rows, beyond = 0;

    std::int8_t bytes[Runs * Length * Rows];

    /// `weight(run, i, row)`.
    template <class Weight>
    static constexpr lane_rows from(std::size_t, Weight&& weight) {
        lane_rows result{};
        for (std::size_t run = 0; run < Runs; ++run)
            for (std::size_t i = 0; i < Length; ++i)
                for (std::size_t row = 0; row < Rows; ++row)
                    result.bytes[(run * Length + i) * Rows + row] = weight(run, i, row);
        return result;
    }
    template <std::size_t Pitch, bool>
    CTNN_INLINE void sums(const value* x, std::int32_t* y) const {
        for (std::size_t row = 0; row < Rows; ++row) y[row] = 0;
        const std::int8_t* w = bytes;
        for (std::size_t run = 0; run < Runs; ++run)
            for (std::size_t i = 0; i < Length; ++i, w += Rows) {
                const std::int32_t factor = x[run * Pitch + i];
                for (std::size_t row = 0; row < Rows; ++row) y[row] += factor * w[row];
            }
    }
};

}  // namespace CTNN_NAMESPACE::kernel
