// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The order in which the terms of a long sum are added. For products and reductions.

#include <ctnn/config.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::kernel {

/// The number of partial sums along a row. Part of the library's definition: it determines the bits of the result.
inline constexpr std::size_t partial_sums = 8;

/// How the terms of a sum are associated.
enum class sum_kind {
    /// The terms are cut into runs of equal length; the last takes the remainder. The first run begins with the start,
    /// the others with zero, and the sums of the runs are added from left to right.
    blocks,
    /// Term k goes to run k mod `runs`. If there are several runs, one half of them is added to the other until one is
    /// left, as in `kernel::sum`: few additions then depend on the last terms.
    interleaved,
    /// Term k goes to partial sum k mod 8, as if to a lane of a register; these are added as in `kernel::sum`, and the
    /// total to the start.
    lanes
};

/// The order in which the terms of a sum are added. Part of the library's definition: it determines the bits of the
/// result.
///
/// A sum from left to right is a loop-carried dependency and takes the latency of all its additions. Partial sums are
/// independent.
struct sum_order {
    std::size_t runs = 1;  ///< of `blocks` and `interleaved`
    sum_kind kind = sum_kind::blocks;
};

inline constexpr sum_order left_to_right{};

/// The order in which a product has about eight registers of 64 bytes in flight, which keeps the arithmetic units of a
/// core busy: a row of `columns` elements of `bytes` fills some, and runs fill the rest.
constexpr sum_order runs_for(std::size_t columns, std::size_t depth, std::size_t bytes, std::size_t most = 4) {
    const std::size_t registers = (columns * bytes + 63) / 64;
    std::size_t runs = 1;
    while (runs < most && 2 * runs * registers <= 8 && depth >= 8 && depth >= 6 * runs) runs *= 2;
    return {runs};
}

/// The order for windows over time: the newest inputs, on which a step depends, are their last terms.
constexpr sum_order window_order(std::size_t columns, std::size_t depth, std::size_t bytes) {
    return {runs_for(columns, depth, bytes, 8).runs, sum_kind::interleaved};
}

/// The order of y = x W, where a row of W has `columns` elements of `bytes`. Rows that do not fill a register share
/// one.
constexpr sum_order forward_order(std::size_t columns, std::size_t depth, std::size_t bytes) {
    return columns < partial_sums && depth >= partial_sums ? sum_order{1, sum_kind::lanes}
                                                           : runs_for(columns, depth, bytes);
}

}  // namespace CTNN_NAMESPACE::kernel
