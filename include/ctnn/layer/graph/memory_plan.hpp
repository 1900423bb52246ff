// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Places of buffers in one memory, by the steps during which each is needed.

#include <ctnn/capped.hpp>
#include <ctnn/chain/allocate.hpp>
#include <ctnn/config.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::detail {

/// A buffer of `size` elements that is needed from step `first` to step `last`, both included.
struct buffer {
    std::size_t size, first, last;
};

/// The places of some buffers, and the size of the memory.
template <std::size_t Count>
struct memory_plan {
    std::size_t place[Count > 0 ? Count : 1]{};
    std::size_t size = 0;
};

constexpr bool needed_together(const buffer& one, const buffer& other) {
    return one.size > 0 && other.size > 0 && one.first <= other.last && other.first <= one.last;
}

/// Places each buffer, in a given order, as low as those placed before it allow.
template <class T, std::size_t Count>
constexpr memory_plan<Count> place_in_order(const buffer (&buffers)[Count], const std::size_t (&order)[Count]) {
    memory_plan<Count> plan{};
    for (std::size_t next = 0; next < Count; ++next) {
        const buffer& here = buffers[order[next]];
        std::size_t place = 0;
        // Each buffer in the way moves it up, at most once.
        for (bool moved = true; moved;) {
            moved = false;
            for (std::size_t i = 0; i < next; ++i) {
                const std::size_t other = order[i], start = plan.place[other], end = start + buffers[other].size;
                if (needed_together(here, buffers[other]) && place < end && start < capped_sum({place, here.size})) {
                    place = aligned_offset<T>(end, here.size);
                    moved = true;
                }
            }
        }
        plan.place[order[next]] = place;
        const std::size_t end = capped_sum({place, here.size});
        plan.size = end > plan.size ? end : plan.size;
    }
    return plan;
}

/// Places for buffers such that none overlaps another that is needed in the same step: the better plan of placing them
/// by size, the largest first, and by their first step.
///
/// *Source*: Pisarchyk and Lee, "Efficient memory management for deep neural net inference", 2020 (by size).
template <class T, std::size_t Count>
constexpr memory_plan<Count> plan_memory(const buffer (&buffers)[Count]) {
    std::size_t by_size[Count]{}, by_step[Count]{};
    for (std::size_t i = 0; i < Count; ++i) {
        std::size_t at = i;
        for (; at > 0 && buffers[by_size[at - 1]].size < buffers[i].size; --at) by_size[at] = by_size[at - 1];
        by_size[at] = i;
        for (at = i; at > 0 && buffers[by_step[at - 1]].first > buffers[i].first; --at) by_step[at] = by_step[at - 1];
        by_step[at] = i;
    }
    const memory_plan<Count> one = place_in_order<T>(buffers, by_size), other = place_in_order<T>(buffers, by_step);
    return one.size <= other.size ? one : other;
}

}  // namespace CTNN_NAMESPACE::detail
