// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Which packing of 8-bit weights the processor gets.

#include <ctnn/config.hpp>
#include <ctnn/kernel/integer/packed/bytes.hpp>
#include <ctnn/kernel/integer/packed/dsp.hpp>
#include <ctnn/kernel/integer/packed/lanes.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE::kernel {

#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__) && !defined(__ARM_BIG_ENDIAN)
template <std::size_t Runs, std::size_t Length, std::size_t Rows>
using packed_rows = dsp_rows<Runs, Length, Rows>;
inline constexpr std::size_t longest_run = 256, shortest_run = 8;
#elif defined(__arm__) || (defined(__riscv) && !defined(__riscv_vector))
template <std::size_t Runs, std::size_t Length, std::size_t Rows>
using packed_rows = byte_rows<Runs, Length, Rows>;
inline constexpr std::size_t longest_run = 65535, shortest_run = 8;
#else
template <std::size_t Runs, std::size_t Length, std::size_t Rows>
using packed_rows = lane_rows<Runs, Length, Rows>;
inline constexpr std::size_t longest_run = 65536, shortest_run = 1;
#endif

/// What holds an integer q between layers: q - zero point in 16 bits, or q + 128 in a byte.
using packed_value = packed_rows<1, 1, 1>::value;
inline constexpr bool values_are_bytes = std::is_same_v<packed_value, std::uint8_t>;

/// y = x + Shift for `Count` integers.
template <std::size_t Count, std::int32_t Shift>
CTNN_INLINE inline void shift_values(const std::int8_t* x, packed_value* y) {
    std::size_t i = 0;
#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__) && !defined(__ARM_BIG_ENDIAN) && !defined(__OPTIMIZE_SIZE__)
    if constexpr (Count >= 4) {
        detail::dsp_widen(x, Count / 4, Shift, y);
        i = Count / 4 * 4;
    }
#endif
    for (; i < Count; ++i) y[i] = static_cast<packed_value>(x[i] + Shift);
}

}  // namespace CTNN_NAMESPACE::kernel
