// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Moving numbers between memory and vector registers.

#include <ctnn/config.hpp>
#include <ctnn/kernel/unroll.hpp>
#include <ctnn/math/lane.hpp>

#include <cstddef>

namespace ctnn::kernel {

using math::vector;

/// How many numbers of type `T` the widest register holds; one where there are no vector types.
template <class T>
inline constexpr std::size_t native_lanes = CTNN_VECTOR_BYTES > sizeof(T) ? CTNN_VECTOR_BYTES / sizeof(T) : 1;

/// The lane type of `Lanes` numbers: a plain `T` where there is one.
template <class T, std::size_t Lanes>
struct register_of {
    using type = vector<T, Lanes>;
};
template <class T>
struct register_of<T, 1> {
    using type = T;
};
template <class T, std::size_t Lanes>
using register_t = typename register_of<T, Lanes>::type;

/// Where `Count` numbers of type `T` that are kept for kernels should begin: at a cache line where they fill several, so
/// that no register full of them lies across two lines. It depends on no flag.
template <class T, std::size_t Count>
inline constexpr std::size_t buffer_alignment = Count * sizeof(T) >= 1024 ? 64 : alignof(T);

namespace detail {
/// Whether a part of a register is moved number by number. A few numbers that were written one after another cannot be
/// read back at once before they have reached the cache, and compilers build a part of a register in memory.
template <class V, std::size_t Count>
inline constexpr bool is_small_part = Count <= 4 && Count * sizeof(math::scalar_t<V>) < sizeof(V);
}  // namespace detail

/// The first `Count` lanes of `V` from memory, which need not be aligned; the other lanes are zero.
template <class V, std::size_t Count = sizeof(V) / sizeof(math::scalar_t<V>)>
CTNN_INLINE inline V load(const math::scalar_t<V>* from) {
    V result{};
    if constexpr (detail::is_small_part<V, Count>)
        unroll<Count>([&](auto lane_index) CTNN_INLINE { result[lane_index()] = from[lane_index()]; });
    else
        __builtin_memcpy(&result, from, Count * sizeof(*from));
    return result;
}

/// The first `Count` lanes of `value` to memory.
template <std::size_t Count, class V>
CTNN_INLINE inline void store(math::scalar_t<V>* to, const V& value) {
    if constexpr (detail::is_small_part<V, Count>)
        unroll<Count>([&](auto lane_index) CTNN_INLINE { to[lane_index()] = value[lane_index()]; });
    else
        __builtin_memcpy(to, &value, Count * sizeof(*to));
}

}  // namespace ctnn::kernel
