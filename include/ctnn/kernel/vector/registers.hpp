// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Vector registers at run time: lane counts, loads and stores. For every kernel that uses registers.

#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/sum_order.hpp>
#include <ctnn/kernel/vector/unroll.hpp>
#include <ctnn/math/lane.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE::kernel {

using math::vector;

/// How many elements of type `T` the widest register holds; one without vector types.
template <class T>
inline constexpr std::size_t native_lanes = CTNN_VECTOR_BYTES > sizeof(T) ? CTNN_VECTOR_BYTES / sizeof(T) : 1;

/// The lanes of the widest register that `Count` elements fill; at least one.
template <class T, std::size_t Count>
constexpr std::size_t full_lanes() {
    std::size_t lanes = native_lanes<T>;
    while (lanes > Count && lanes > 1) lanes /= 2;
    return lanes;
}

/// Lanes of the registers of partial sums: all of these, or as many as there are lanes.
template <class T>
inline constexpr std::size_t partial_sum_lanes = full_lanes<T, partial_sums>();

/// The lane type of `Lanes` elements: a plain `T` for one.
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

/// The alignment of `Count` elements of type `T` that are kept for kernels: a cache line if they fill several, so that
/// no full register crosses two lines. It does not depend on flags.
template <class T, std::size_t Count>
inline constexpr std::size_t buffer_alignment = Count * sizeof(T) >= 1024 ? 64 : alignof(T);

namespace detail {
/// Whether a partial register is moved element by element. A load that spans elements just stored one by one cannot be
/// forwarded and waits for the cache, and compilers assemble a partial register in memory.
template <class V, std::size_t Count>
inline constexpr bool is_small_part = Count <= 4 && Count * sizeof(math::scalar_t<V>) < sizeof(V);

/// The first `Count` lanes from memory and zeros. One by one where an instruction does that and clears the others; all
/// at once where g++ would move the first through an integer register.
template <class V, std::size_t Count, std::size_t... Lane>
CTNN_INLINE inline V load_small_part(const math::scalar_t<V>* from, std::index_sequence<Lane...>) {
    if constexpr (CTNN_VECTOR_BYTES == 16) return V{(Lane < Count ? from[Lane] : math::scalar_t<V>{})...};
    V result{};
    unroll<Count>([&](auto lane_index) CTNN_INLINE { result[lane_index()] = from[lane_index()]; });
    return result;
}
}  // namespace detail

/// The first `Count` lanes of `V` from memory, unaligned; the other lanes are zero. A scalar is assigned: clang treats
/// one that memcpy copies as an integer, and moves it through an integer register.
template <class V, std::size_t Count = sizeof(V) / sizeof(math::scalar_t<V>)>
CTNN_INLINE inline V load(const math::scalar_t<V>* from) {
    if constexpr (std::is_floating_point_v<V>) {
        return *from;
    } else if constexpr (detail::is_small_part<V, Count>) {
        return detail::load_small_part<V, Count>(from, std::make_index_sequence<sizeof(V) / sizeof(*from)>{});
    } else {
        V result{};
        __builtin_memcpy(&result, from, Count * sizeof(*from));
        return result;
    }
}

/// The first `Count` lanes of `value` to memory.
template <std::size_t Count, class V>
CTNN_INLINE inline void store(math::scalar_t<V>* to, const V& value) {
    if constexpr (std::is_floating_point_v<V>)
        *to = value;
    else if constexpr (detail::is_small_part<V, Count>)
        unroll<Count>([&](auto lane_index) CTNN_INLINE { to[lane_index()] = value[lane_index()]; });
    else
        __builtin_memcpy(to, &value, Count * sizeof(*to));
}

/// A destination to which elements are added, some of which the previous iteration has also changed. With registers g++
/// 12 keeps what it loaded there for later iterations (predictive commoning), because it compares where accesses begin
/// and not how far they extend; so the pointer is opaque.
template <class T>
CTNN_INLINE inline T* opaque_destination(T* to) {
#if !defined(__clang__)
    asm("" : "+r"(to));
#endif
    return to;
}

namespace detail {
template <std::size_t First, class V, std::size_t... Lane>
CTNN_INLINE inline auto lanes_from(V value, std::index_sequence<Lane...>) {
    return __builtin_shufflevector(value, value, int{First + Lane}...);
}
template <std::size_t Count, std::size_t Which, class V, std::size_t... Lane>
CTNN_INLINE inline V broadcast_within(V value, std::index_sequence<Lane...>) {
    return __builtin_shufflevector(value, value, int{Lane / Count * Count + Which}...);
}
template <std::size_t Count, class V, std::size_t... Lane>
CTNN_INLINE inline auto repeated_lanes(V value, std::index_sequence<Lane...>) {
    return __builtin_shufflevector(value, value, int{Lane % Count}...);
}
template <std::size_t Count, class V, std::size_t... Lane>
CTNN_INLINE inline V last_lanes_first(V value, std::index_sequence<Lane...>) {
    constexpr std::size_t lanes = sizeof...(Lane);
    return __builtin_shufflevector(value, V{}, int{Lane < Count ? lanes - Count + Lane : lanes}...);
}
}  // namespace detail

/// `Count` elements from memory, repeated across all lanes: as many as there are lanes, or 8 or 16 bytes.
///
/// Two things keep it one load. g++ assembles 16 bytes in several lanes in memory, unless it gets the instruction; and
/// clang, which sees through the shuffle, loads each element again.
template <std::size_t Count, class V>
CTNN_INLINE inline V load_repeated(const math::scalar_t<V>* from) {
    constexpr std::size_t bytes = Count * sizeof(*from);
    if constexpr (bytes == sizeof(V)) {
        return load<V>(from);
    } else if constexpr (bytes == 16) {
        const auto numbers = load<vector<math::scalar_t<V>, Count>>(from);
#if defined(__AVX512F__) && !defined(__clang__)
        if constexpr (sizeof(V) == 64) return __builtin_ia32_broadcastf32x4_512(numbers, V{}, -1);
#endif
        constexpr auto lanes = std::make_index_sequence<sizeof(V) / sizeof(*from)>{};
        return math::detail::unknown(detail::repeated_lanes<Count>(numbers, lanes));
    } else {
        std::uint64_t both;
        static_assert(bytes == sizeof(both));
        __builtin_memcpy(&both, from, sizeof(both));
        return __builtin_bit_cast(V, vector<std::uint64_t, sizeof(V) / sizeof(both)>{} + both);
    }
}

/// Lane `Which` of each group of `Count` lanes, broadcast within its group.
template <std::size_t Count, std::size_t Which, class V>
CTNN_INLINE inline V broadcast_lane(V value) {
    return detail::broadcast_within<Count, Which>(value, std::make_index_sequence<sizeof(V) / sizeof(value[0])>{});
}

/// The lower and the upper half of the lanes.
template <class V>
CTNN_INLINE inline auto first_half(V value) {
    return detail::lanes_from<0>(value, std::make_index_sequence<sizeof(V) / sizeof(value[0]) / 2>{});
}
template <class V>
CTNN_INLINE inline auto second_half(V value) {
    constexpr std::size_t half = sizeof(V) / sizeof(value[0]) / 2;
    return detail::lanes_from<half>(value, std::make_index_sequence<half>{});
}

/// How registers of partial sums are combined.
struct plus {
    template <class V>
    CTNN_INLINE constexpr V operator()(V low, V high) const {
        return low + high;
    }
};

/// The last `Count` lanes of `value`, followed by zeros.
template <std::size_t Count, class V>
CTNN_INLINE inline V last_lanes_first(V value) {
    if constexpr (std::is_floating_point_v<V>)
        return value;
    else
        return detail::last_lanes_first<Count>(value, std::make_index_sequence<sizeof(V) / sizeof(value[0])>{});
}

/// The lanes of `value` combined until `Left` remain, where `f(low, high)` combines one half with the other: of eight,
/// 0 with 4, 1 with 5 ... and then (0, 4) with (2, 6) ... One lane is a scalar.
template <std::size_t Left, class V, class F>
CTNN_INLINE inline auto fold_lanes(V value, F f) {
    if constexpr (std::is_floating_point_v<V>) {
        return value;
    } else {
        constexpr std::size_t lanes = sizeof(V) / sizeof(value[0]);
        using half = std::make_index_sequence<lanes / 2>;
        if constexpr (lanes == Left)
            return value;
        else if constexpr (lanes == 2)
            return f(value[0], value[1]);
        else
            return fold_lanes<Left>(
                f(detail::lanes_from<0>(value, half{}), detail::lanes_from<lanes / 2>(value, half{})), f);
    }
}

/// The same for the lanes of all registers of an array, a power of two of them, in memory order.
template <std::size_t Left, std::size_t Count, class V, class F>
CTNN_INLINE inline auto fold_registers(const V (&registers)[Count], F f) {
    if constexpr (Count == 1) {
        return fold_lanes<Left>(registers[0], f);
    } else {
        V folded[Count / 2];
        unroll<Count / 2>([&](auto half_index) CTNN_INLINE {
            folded[half_index()] = f(registers[half_index()], registers[Count / 2 + half_index()]);
        });
        return fold_registers<Left>(folded, f);
    }
}

}  // namespace CTNN_NAMESPACE::kernel
