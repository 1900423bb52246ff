// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Products of 8-bit weights for processors that load and multiply one integer at a time: Cortex-M0, RISC-V.

#include <ctnn/config.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::kernel {

namespace detail {

struct byte_extents {
    std::uint16_t runs, length, pitch;
};

/// Adds to four sums the products of `length` inputs, at least one, with four rows, `stride` bytes from row to row. `x` and
/// `row` are where the inputs and the first row end.
#if defined(__thumb__) && !defined(__thumb2__)
// A load of a signed byte takes its offset in a register, so one offset, which counts up to 0, serves all rows. All
// registers that an instruction can name are used: r0 inputs, r1 r5 r6 r7 rows, r3 offset, r4 an input, r2 a product.
#define CTNN_BYTE_ROW(row, sum) "ldrsb r2, [" row ", r3]\n\tmuls r2, r4\n\tadd " sum ", r2\n\t"
#define CTNN_BYTE_ROWS                                                                                     \
    "ldrb r4, [r0, r3]\n\t" CTNN_BYTE_ROW("r1", "r8") CTNN_BYTE_ROW("r5", "r9") CTNN_BYTE_ROW("r6", "r10") \
        CTNN_BYTE_ROW("r7", "r11") "adds r3, #1\n\t"
CTNN_INLINE inline void byte_run(const std::uint8_t* x, const std::int8_t* row, std::int32_t stride,
                                 std::int32_t length, std::int32_t* y) {
    register const std::uint8_t* r0 __asm__("r0") = x;
    register const std::int8_t* r1 __asm__("r1") = row;
    register std::int32_t r2 __asm__("r2") = stride;
    register std::int32_t r3 __asm__("r3") = -length;
    register std::int32_t* r4 __asm__("r4") = y;
    // An odd number of inputs enters the loop in its middle.
    __asm__ volatile(
        ".syntax unified\n\tpush {r4, r7}\n\tadds r5, r1, r2\n\tadds r6, r5, r2\n\tadds r7, r6, r2\n\t"
        "movs r2, #0\n\tmov r8, r2\n\tmov r9, r2\n\tmov r10, r2\n\tmov r11, r2\n\t"
        "lsrs r2, r3, #1\n\tbcs 2f\n1:\n\t" CTNN_BYTE_ROWS "2:\n\t" CTNN_BYTE_ROWS
        "bne 1b\n\t"
        "pop {r4, r7}\n\tldmia r4!, {r0, r1, r2, r3}\n\tadd r0, r8\n\tadd r1, r9\n\tadd r2, r10\n\t"
        "add r3, r11\n\tsubs r4, #16\n\tstmia r4!, {r0, r1, r2, r3}\n\t"
        : "+l"(r0), "+l"(r1), "+l"(r2), "+l"(r3), "+l"(r4)
        :
        : "r5", "r6", "r8", "r9", "r10", "r11", "memory", "cc");
}
#undef CTNN_BYTE_ROWS
#undef CTNN_BYTE_ROW
#else
CTNN_INLINE inline void byte_run(const std::uint8_t* x, const std::int8_t* row, std::int32_t stride,
                                 std::int32_t length, std::int32_t* y) {
    const std::int8_t *p = row - length, *q = p + stride, *r = q + stride, *s = r + stride;
    std::int32_t a = y[0], b = y[1], c = y[2], d = y[3];
    for (const std::uint8_t* from = x - length; from != x;) {
        const std::int32_t factor = *from++;
        a += factor * *p++, b += factor * *q++, c += factor * *r++, d += factor * *s++;
    }
    y[0] = a, y[1] = b, y[2] = c, y[3] = d;
}
#endif

/// The sums of four rows at a time, the last four perhaps in part again; at least four rows.
template <bool OneRun>
[[gnu::noinline]] inline void byte_sums(const std::uint8_t* x, const std::int8_t* weights, std::int32_t* y,
                                        std::int32_t rows, const byte_extents& e) {
    const std::int32_t length = e.length, stride = OneRun ? length : e.runs * length;
    x += length;
    const std::int8_t* p = weights + length;
    for (;;) {
        y[0] = 0, y[1] = 0, y[2] = 0, y[3] = 0;
        if constexpr (OneRun) {
            byte_run(x, p, stride, length, y);
        } else {
            const std::uint8_t* run = x;
            for (std::int32_t done = 0; done != stride; done += length, run += e.pitch)
                byte_run(run, p + done, stride, length, y);
        }
        rows -= 4;
        if (rows == 0) break;
        const std::int32_t step = rows < 4 ? rows : 4;
        rows += 4 - step;
        y += step, p += step * stride;
    }
}

}  // namespace detail

/// Weights of `Rows` rows of `Runs` runs of `Length` inputs, row by row; the inputs are bytes without sign.
template <std::size_t Runs, std::size_t Length, std::size_t Rows>
struct byte_rows {
    static_assert(Length < 65536 && Runs < 65536);
    using value = std::uint8_t;
    static constexpr std::size_t padded_rows = Rows < 4 ? 4 : Rows, beyond = 0;

    std::int8_t bytes[padded_rows * Runs * Length];

    /// `weight(run, i, row)`.
    template <class Weight>
    static constexpr byte_rows from(std::size_t, Weight&& weight) {
        byte_rows result{};
        std::size_t next = 0;
        for (std::size_t row = 0; row < Rows; ++row)
            for (std::size_t run = 0; run < Runs; ++run)
                for (std::size_t i = 0; i < Length; ++i) result.bytes[next++] = weight(run, i, row);
        return result;
    }
    template <std::size_t Pitch, bool>
    CTNN_INLINE void sums(const value* x, std::int32_t* y) const {
        static_assert(Pitch < 65536);
        static constexpr detail::byte_extents extents{Runs, Length, Pitch};
        detail::byte_sums<Runs == 1>(x, bytes, y, padded_rows, extents);
    }
};

}  // namespace CTNN_NAMESPACE::kernel
