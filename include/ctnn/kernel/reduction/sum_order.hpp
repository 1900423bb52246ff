// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The order in which the terms of a long sum are added. For products and reductions.

#include <ctnn/config.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::kernel {

/// How many partial sums a sum along a row has. Part of the library's definition: it decides the bits of the result.
inline constexpr std::size_t partial_sums = 8;

/// Which terms of a sum are added to each other first.
enum class sum_kind {
    /// The terms are cut into runs of equal length, what is left over goes to the last. The first run begins with the
    /// start, the others with zero, and the sums of the runs are added from left to right.
    blocks,
    /// Term k goes to run k mod `runs`. Where there are several runs, one half of them is added to the other until one is
    /// left, as `kernel::sum` does: the terms that come last are then waited for by few additions.
    interleaved,
    /// Term k goes to partial sum k mod 8, as if to a lane of a register; these are added as `kernel::sum` adds them, and
    /// the total to the start.
    lanes
};

/// In which order the terms of a sum are added. Part of the library's definition: it decides the bits of the result.
///
/// Additions wait for each other, and a sum from left to right is as slow as the sum of their waiting times. Partial
/// sums do not wait for each other.
struct sum_order {
    std::size_t runs = 1;  ///< of `blocks` and `interleaved`
    sum_kind kind = sum_kind::blocks;
};

inline constexpr sum_order left_to_right{};

/// The order with which a product has about eight registers of 64 bytes under way, which is what it takes to keep the
/// arithmetic units of a core busy: a row of `columns` numbers of `bytes` fills some, and runs fill the rest.
constexpr sum_order runs_for(std::size_t columns, std::size_t depth, std::size_t bytes, std::size_t most = 4) {
    const std::size_t registers = (columns * bytes + 63) / 64;
    std::size_t runs = 1;
    while (runs < most && 2 * runs * registers <= 8 && depth >= 8 && depth >= 6 * runs) runs *= 2;
    return {runs};
}

/// The order for windows through which time goes: the newest inputs are their last terms, and a step waits for them.
constexpr sum_order window_order(std::size_t columns, std::size_t depth, std::size_t bytes) {
    return {runs_for(columns, depth, bytes, 8).runs, sum_kind::interleaved};
}

/// The order of y = x W, where a row of W has `columns` numbers of `bytes`. Rows that do not fill a register are taken
/// together.
constexpr sum_order forward_order(std::size_t columns, std::size_t depth, std::size_t bytes) {
    return columns < partial_sums && depth >= partial_sums ? sum_order{1, sum_kind::lanes}
                                                           : runs_for(columns, depth, bytes);
}

}  // namespace CTNN_NAMESPACE::kernel
