// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Where buffers begin in a memory that they share.

#include <ctnn/capped.hpp>
#include <ctnn/config.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::detail {

/// A buffer of `count` elements begins at a multiple of this many: those of a cache line for a large one, of 16 bytes for
/// others but the smallest, which would be mostly padding.
template <class T>
constexpr std::size_t alignment_of(std::size_t count) {
    return (count >= 1024 / sizeof(T) ? 64 : count >= 64 / sizeof(T) ? 16 : sizeof(T)) / sizeof(T);
}

/// The first place for a buffer of `count` elements from `offset` on.
template <class T>
constexpr std::size_t aligned_offset(std::size_t offset, std::size_t count) {
    return capped_sum<std::size_t>({offset, alignment_of<T>(count) - 1}) / alignment_of<T>(count) *
           alignment_of<T>(count);
}

/// The offset of a buffer of `count` elements after `size` others, to which it is added.
template <class T>
constexpr std::size_t allocate(std::size_t& size, std::size_t count) {
    const std::size_t start = aligned_offset<T>(size, count);
    size = capped_sum<std::size_t>({start, count});
    return start;
}

}  // namespace CTNN_NAMESPACE::detail
