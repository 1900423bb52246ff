// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Products of 8-bit weights for processors that load and multiply one integer at a time: Cortex-M0, RISC-V.

#include <ctnn/config.hpp>
#include <ctnn/kernel/integer/packed/rescale.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE::kernel {

namespace detail {

struct byte_extents {
    std::uint16_t runs, length, pitch;
};

/// Four sums of the products of `last` + 1 inputs with four rows, `stride` bytes from row to row; `Added` to those that
/// are there. `Unrolled`: two inputs at a time.
#if defined(__thumb__) && !defined(__thumb2__)
// A load of a signed byte takes its offset in a register, so one offset, which counts down to 0, serves all rows. All
// registers that an instruction can name are used: r0 inputs, r1 r5 r6 r7 rows, r3 offset, r4 an input, r2 a product. Of
// the others, which only move and add, functions need not keep r12, nor r14 as they keep it for themselves.
#define CTNN_BYTE_ROW(row, sum) "ldrsb r2, [" row ", r3]\n\tmuls r2, r4\n\tadd " sum ", r2\n\t"
#define CTNN_BYTE_ROWS                                                                                     \
    "ldrb r4, [r0, r3]\n\t" CTNN_BYTE_ROW("r1", "r8") CTNN_BYTE_ROW("r5", "r9") CTNN_BYTE_ROW("r6", "r12") \
        CTNN_BYTE_ROW("r7", "r14") "subs r3, #1\n\t"
template <bool Added, bool Unrolled>
CTNN_INLINE inline void byte_run(const std::uint8_t* x, const std::int8_t* row, std::int32_t stride, std::int32_t last,
                                 std::int32_t* y) {
    register const std::uint8_t* r0 __asm__("r0") = x;
    register const std::int8_t* r1 __asm__("r1") = row;
    register std::int32_t r2 __asm__("r2") = stride;
    register std::int32_t r3 __asm__("r3") = last;
    register std::int32_t* r4 __asm__("r4") = y;
    // An odd number of inputs enters an unrolled loop in its middle.
    __asm__ volatile(
        ".syntax unified\n\tpush {r4, r7}\n\tadds r5, r1, r2\n\tadds r6, r5, r2\n\tadds r7, r6, r2\n\t"
        "movs r2, #0\n\tmov r8, r2\n\tmov r9, r2\n\tmov r12, r2\n\tmov r14, r2\n\t"
        ".if %c[unrolled]\n\tlsrs r2, r3, #1\n\tbcc 2f\n1:\n\t" CTNN_BYTE_ROWS
        "2:\n\t.else\n1:\n\t.endif\n\t" CTNN_BYTE_ROWS
        "bpl 1b\n\tpop {r4, r7}\n\t"
        ".if %c[added]\n\tldmia r4!, {r0, r1, r2, r3}\n\tsubs r4, #16\n\tadd r0, r8\n\tadd r1, r9\n\t"
        "add r2, r12\n\tadd r3, r14\n\t"
        ".else\n\tmov r0, r8\n\tmov r1, r9\n\tmov r2, r12\n\tmov r3, r14\n\t.endif\n\t"
        "stmia r4!, {r0, r1, r2, r3}\n\t"
        : "+l"(r0), "+l"(r1), "+l"(r2), "+l"(r3), "+l"(r4)
        : [added] "i"(Added ? 1 : 0), [unrolled] "i"(Unrolled ? 1 : 0)
        : "r5", "r6", "r8", "r9", "r12", "r14", "memory", "cc");
}
#undef CTNN_BYTE_ROWS
#undef CTNN_BYTE_ROW

/// `uniform_scaling` for sums of less than 2^20 in size, whose products with 10 or 11 bits of the multiplier have 32, and
/// for bounds on both sides of 0. No number has a sign, so that each is loaded by one instruction; (v + 2^(k - 1)) >> k is
/// ((v >> (k - 1)) + 1) >> 1, and `shift` is k - 1.
struct byte_scaling {
    static constexpr std::int64_t largest_sum = (1 << 20) - 1;
    std::uint16_t low, middle, high;
    std::uint8_t shift, minus_lower, upper, offset;

    static constexpr byte_scaling from(const uniform_scaling& s) {
        const auto narrow = [](auto& to, auto number) {
            to = static_cast<std::remove_reference_t<decltype(to)>>(number);
        };
        const auto m = static_cast<std::uint32_t>(s.multiplier);
        byte_scaling result{};
        narrow(result.low, m & 1023), narrow(result.middle, m >> 10 & 1023), narrow(result.high, m >> 20);
        narrow(result.shift, s.shift - 1);
        narrow(result.minus_lower, -s.lower), narrow(result.upper, s.upper), narrow(result.offset, s.offset);
        return result;
    }
    /// Each number is loaded where it is needed, as there are few registers: `s` seems to depend on what is before.
    template <bool Twice>
    CTNN_INLINE static std::uint8_t rescaled(std::int32_t sum, const byte_scaling*& s) {
        __asm__("" : "+r"(s) : "r"(sum));
        std::int32_t v = ((((sum * s->low) >> 10) + sum * s->middle) >> 10) + sum * s->high;
        if constexpr (Twice) {
            v = ((v >> 10) + 1) >> 1;
            v += v >> 31;
        } else {
            v >>= 12;
        }
        __asm__("" : "+r"(s) : "r"(v));
        v = ((v >> s->shift) + 1) >> 1;
        __asm__("" : "+r"(s) : "r"(v));
        const std::int32_t lower = -s->minus_lower, upper = s->upper;
        if (v < lower) v = lower;
        if (v > upper) v = upper;
        return static_cast<std::uint8_t>(v + s->offset);
    }
};
#else
template <bool Added, bool>
CTNN_INLINE inline void byte_run(const std::uint8_t* x, const std::int8_t* row, std::int32_t stride, std::int32_t last,
                                 std::int32_t* y) {
    const std::int8_t *p = row, *q = p + stride, *r = q + stride, *s = r + stride;
    std::int32_t a = 0, b = 0, c = 0, d = 0;
    if constexpr (Added) a = y[0], b = y[1], c = y[2], d = y[3];
    for (const std::uint8_t* const end = x + last + 1; x != end;) {
        const std::int32_t factor = *x++;
        a += factor * *p++, b += factor * *q++, c += factor * *r++, d += factor * *s++;
    }
    y[0] = a, y[1] = b, y[2] = c, y[3] = d;
}
struct byte_scaling : uniform_scaling {
    static constexpr std::int64_t largest_sum = (1 << 29) - 1;
    static constexpr byte_scaling from(const uniform_scaling& s) { return {s}; }
    template <bool Twice>
    CTNN_INLINE static std::uint8_t rescaled(std::int32_t sum, const byte_scaling*& s) {
        const uniform_scaling* scaling = s;
        return uniformly_rescaled<Twice, std::uint8_t>(sum, scaling);
    }
};
#endif

/// The sums of four rows at a time, the last first, and of the first four perhaps some again; at least four rows.
template <bool OneRun>
[[gnu::noinline]] inline void byte_sums(const std::uint8_t* x, const std::int8_t* weights, std::int32_t* y,
                                        std::int32_t rows, const byte_extents& e) {
    const std::int32_t length = e.length, stride = OneRun ? length : e.runs * length;
    do {
        rows = rows < 4 ? 0 : rows - 4;
        const std::int8_t* p = weights + rows * stride;
        std::int32_t* const to = y + rows;
        if constexpr (OneRun) {
            byte_run<false, true>(x, p, stride, length - 1, to);
        } else {
            to[0] = 0, to[1] = 0, to[2] = 0, to[3] = 0;
            const std::uint8_t* run = x;
            for (std::int32_t done = 0; done != stride; done += length, run += e.pitch)
                byte_run<true, true>(run, p + done, stride, length - 1, to);
        }
    } while (rows != 0);
}

/// What is before the biases and the weights of a layer with one factor.
struct byte_layer {
    byte_scaling scaling;
    std::uint16_t rows, last, to_weights;
};
/// The values of such a layer, whose biases have 16 bits.
template <bool Twice>
[[gnu::noinline]] inline void byte_values(const std::uint8_t* x, const byte_layer& layer, std::uint8_t* y) {
    const byte_scaling* scaling = &layer.scaling;
    std::int32_t row = layer.rows;
    do {
        row = row < 4 ? 0 : row - 4;
        __asm__("" : "+r"(scaling), "+r"(row));
        const auto& at = *reinterpret_cast<const byte_layer*>(scaling);
        const auto* const weights = reinterpret_cast<const std::int8_t*>(scaling) + at.to_weights;
        const std::int32_t last = at.last, length = last + 1;
        std::int32_t sums[4];
        byte_run<false, false>(x, weights + row * length, length, last, sums);
        std::uint8_t* to = y + row;
        const std::int16_t* bias = reinterpret_cast<const std::int16_t*>(&at + 1) + row;
        for (const std::int32_t sum : sums) *to++ = byte_scaling::rescaled<Twice>(sum + *bias++, scaling);
    } while (row != 0);
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

    /// With one factor and biases of 16 bits, and what becomes of the sums, beside each other.
    struct with_values {
        detail::byte_layer layer;
        std::int16_t bias[Rows];
        std::int8_t bytes[Rows * Length];

        template <bool Twice, bool>
        CTNN_INLINE void forward(const value* x, value* y) const {
            detail::byte_values<Twice>(x, layer, y);
        }
    };
    static constexpr std::int64_t largest_sum_with_values = detail::byte_scaling::largest_sum;
    /// `bias(row)` and `weight(run, i, row)`, for a single run and at least four rows.
    template <class Bias, class Weight>
    static constexpr with_values from(const uniform_scaling& scaling, Bias&& bias, Weight&& weight) {
        static_assert(Runs == 1 && padded_rows == Rows);
        with_values result{
            {detail::byte_scaling::from(scaling), Rows, Length - 1, sizeof(detail::byte_layer) + sizeof(result.bias)},
            {},
            {}};
        const byte_rows rows = from(Length, weight);
        for (std::size_t row = 0; row < Rows; ++row) result.bias[row] = bias(row);
        for (std::size_t i = 0; i < Rows * Length; ++i) result.bytes[i] = rows.bytes[i];
        return result;
    }
};

}  // namespace CTNN_NAMESPACE::kernel
