// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Counts that saturate and do not wrap around.

#include <ctnn/config.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>

namespace CTNN_NAMESPACE::detail {

/// How many bytes a tensor may have: four of this size are still an object, also for clang, which counts its bits.
inline constexpr std::uint64_t tensor_bytes_limit =
    sizeof(std::size_t) < 8 ? std::uint64_t{(std::numeric_limits<std::ptrdiff_t>::max)() / 4} : std::uint64_t{1} << 58;
/// The same for an object made of many tensors.
inline constexpr std::uint64_t object_bytes_limit = 4 * tensor_bytes_limit;

/// The product of some counts, saturated at the largest value of the type.
template <class Count>
constexpr Count capped_product(std::initializer_list<Count> counts) {
    Count result = 1;
    for (const Count count : counts)
        result = count > 0 && result > (std::numeric_limits<Count>::max)() / count ? (std::numeric_limits<Count>::max)()
                                                                                 : result * count;
    return result;
}

/// The sum of some counts, saturated at the largest value of the type.
template <class Count>
constexpr Count capped_sum(std::initializer_list<Count> counts) {
    Count result = 0;
    for (const Count count : counts)
        result =
            result > (std::numeric_limits<Count>::max)() - count ? (std::numeric_limits<Count>::max)() : result + count;
    return result;
}

/// A count of operations, for which 32 bits are not enough.
constexpr std::uint64_t operation_count(std::initializer_list<std::uint64_t> factors) {
    return capped_product(factors);
}

/// An extent that is the product of others: if it is too large for any tensor, the rule of `shape` reports it.
constexpr std::size_t extent_product(std::initializer_list<std::size_t> factors) {
    return capped_product(factors);
}

}  // namespace CTNN_NAMESPACE::detail
