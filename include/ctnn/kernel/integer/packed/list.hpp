// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Weights of 8 bits as a list without those that are 0.

#include <ctnn/config.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::kernel {

namespace detail {

/// Row by row, the number of weights, and then each weight with the offset of its input.
template <class Offset, class Value>
[[gnu::noinline]] inline void list_sums(const Value* x, const Offset* counts, const Offset* offsets,
                                        const std::int8_t* weights, std::int32_t* y, std::size_t rows) {
    for (std::int32_t* const end = y + rows; y != end; ++y) {
        std::int32_t sum = 0;
        for (std::size_t n = *counts++; n > 0; --n) sum += std::int32_t{x[*offsets++]} * *weights++;
        *y = sum;
    }
}

}  // namespace detail

/// `Count` weights of `Rows` rows; `Offset` has the offsets of inputs, and the numbers of weights.
template <std::size_t Rows, std::size_t Count, class Offset>
struct weight_list {
    using offset_type = Offset;
    offset_type counts[Rows], offsets[Count + (Count == 0)];
    std::int8_t weights[Count + (Count == 0)];

    /// `weight(run, i, row)`, for an input at run * pitch + i.
    template <class Weight>
    static constexpr weight_list from(std::size_t runs, std::size_t length, std::size_t pitch, Weight&& weight) {
        weight_list result{};
        std::size_t next = 0;
        for (std::size_t row = 0; row < Rows; ++row)
            for (std::size_t run = 0; run < runs; ++run)
                for (std::size_t i = 0; i < length; ++i)
                    if (const std::int8_t w = weight(run, i, row); w != 0) {
                        ++result.counts[row];
                        result.offsets[next] = static_cast<offset_type>(run * pitch + i);
                        result.weights[next++] = w;
                    }
        return result;
    }
    constexpr std::size_t first(std::size_t row) const {
        std::size_t result = 0;
        for (std::size_t i = 0; i < row; ++i) result += counts[i];
        return result;
    }
    constexpr std::size_t offset(std::size_t i) const { return offsets[i]; }
    constexpr std::int8_t weight(std::size_t i) const { return weights[i]; }

    template <class Value>
    CTNN_INLINE void sums(const Value* x, std::int32_t* y) const {
        detail::list_sums(x, counts, offsets, weights, y, Rows);
    }
};

}  // namespace CTNN_NAMESPACE::kernel
