// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Short rows, one per lane. For losses over few classes (`train/gradient.hpp`), at run time.

#include <ctnn/config.hpp>
#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/kernel/vector/transpose.hpp>
#include <ctnn/kernel/vector/unroll.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::kernel {

/// The widest rows that are processed one per lane: a sum along a row is latency-bound, and takes longer than moving
/// the elements.
inline constexpr std::size_t widest_row_as_lane = 16;

/// How many of `rows` rows of `Width` elements are processed one per lane: as many as fill registers at run time, none
/// in constant evaluation.
template <std::size_t Width, class T>
CTNN_INLINE constexpr std::size_t count_rows_as_lanes(std::size_t rows) {
    constexpr std::size_t lanes = native_lanes<T>;
    if (__builtin_is_constant_evaluated() || lanes == 1 || Width > widest_row_as_lane) return 0;
    return rows - rows % lanes;
}

/// `Width` registers of consecutive rows, one row per lane: lane r of register i is element i of row r.
template <std::size_t Width, class T, std::size_t Lanes = native_lanes<T>>
CTNN_INLINE inline void load_rows_as_lanes(const T* rows, register_t<T, Lanes>* registers) {
    alignas(register_t<T, Lanes>) T columns[Width * Lanes];
    transpose<Lanes, Width>(rows, columns);
    unroll<Width>([&](auto i) CTNN_INLINE { registers[i()] = load<register_t<T, Lanes>>(columns + i() * Lanes); });
}

/// The inverse.
template <std::size_t Width, class T, std::size_t Lanes = native_lanes<T>>
CTNN_INLINE inline void store_rows_as_lanes(const register_t<T, Lanes>* registers, T* rows) {
    alignas(register_t<T, Lanes>) T columns[Width * Lanes];
    unroll<Width>([&](auto i) CTNN_INLINE { store<Lanes>(columns + i() * Lanes, registers[i()]); });
    transpose<Width, Lanes>(static_cast<const T*>(columns), rows);
}

}  // namespace CTNN_NAMESPACE::kernel
