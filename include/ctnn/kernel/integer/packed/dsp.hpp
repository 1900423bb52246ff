// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Products of 8-bit weights for processors with Arm's DSP instructions and no vector registers: Cortex-M4, M7, M33.

#include <ctnn/config.hpp>
#include <ctnn/kernel/integer/packed/rescale.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::kernel {

namespace detail {

/// Where the runs of a product lie, and how many pairs of rows there are.
struct dsp_extents {
    std::uint16_t runs, blocks, pairs, pitch;
};
/// What is before the words of a layer with one factor: for each pair of rows their biases, and then their weights.
struct dsp_layer {
    uniform_scaling scaling;
    std::uint16_t blocks, pairs;
};

#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__)

/// Four inputs in r9 and r10 times two rows: `one` gets 256 times the sum of the first row plus that of the second, `two` the
/// latter. A lane 256 u + w, sign-extended from its lower byte, is w.
#define CTNN_DSP_PAIR(pointer, one, two)                               \
    "ldrd r11, r12, [" pointer "], #8\n\tsmlad " one ", r9, r11, " one \
    "\n\tsxtb16 r11, r11\n\t"                                          \
    "smlad " one ", r10, r12, " one                                    \
    "\n\tsxtb16 r12, r12\n\t"                                          \
    "smlad " two ", r9, r11, " two "\n\tsmlad " two ", r10, r12, " two "\n\t"
/// `ldrd` demands addresses that are multiples of 4.
#define CTNN_DSP_ALIGNED "ldrd r9, r10, [r0], #8\n\t"
#define CTNN_DSP_UNALIGNED "ldr r9, [r0], #4\n\tldr r10, [r0], #4\n\t"
#define CTNN_DSP_LOOP(inputs, pairs) "1:\n\t" inputs pairs "subs r1, #1\n\tbne 1b\n\t"

/// A run of `n` blocks of four inputs, at least one, times one pair of rows. (r7 may be a frame pointer.)
template <bool Aligned>
CTNN_INLINE inline void dsp_run(const std::int16_t* x, std::size_t n, const std::uint32_t*& p, std::int32_t& a,
                                std::int32_t& b) {
    register const std::int16_t* r0 __asm__("r0") = x;
    register std::size_t r1 __asm__("r1") = n;
    register const std::uint32_t* r2 __asm__("r2") = p;
    register std::int32_t r4 __asm__("r4") = a;
    register std::int32_t r5 __asm__("r5") = b;
    if constexpr (Aligned)
        __asm__ volatile(CTNN_DSP_LOOP(CTNN_DSP_ALIGNED, CTNN_DSP_PAIR("r2", "r4", "r5"))
                         : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r4), "+r"(r5)
                         :
                         : "r9", "r10", "r11", "r12", "memory", "cc");
    else
        __asm__ volatile(CTNN_DSP_LOOP(CTNN_DSP_UNALIGNED, CTNN_DSP_PAIR("r2", "r4", "r5"))
                         : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r4), "+r"(r5)
                         :
                         : "r9", "r10", "r11", "r12", "memory", "cc");
    p = r2, a = r4, b = r5;
}
/// The same times two pairs.
template <bool Aligned>
CTNN_INLINE inline void dsp_run(const std::int16_t* x, std::size_t n, const std::uint32_t*& p, const std::uint32_t*& q,
                                std::int32_t& a, std::int32_t& b, std::int32_t& c, std::int32_t& d) {
    register const std::int16_t* r0 __asm__("r0") = x;
    register std::size_t r1 __asm__("r1") = n;
    register const std::uint32_t* r2 __asm__("r2") = p;
    register const std::uint32_t* r3 __asm__("r3") = q;
    register std::int32_t r4 __asm__("r4") = a;
    register std::int32_t r5 __asm__("r5") = b;
    register std::int32_t r6 __asm__("r6") = c;
    register std::int32_t r8 __asm__("r8") = d;
    if constexpr (Aligned)
        __asm__ volatile(
            CTNN_DSP_LOOP(CTNN_DSP_ALIGNED, CTNN_DSP_PAIR("r2", "r4", "r5") CTNN_DSP_PAIR("r3", "r6", "r8"))
            : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r8)
            :
            : "r9", "r10", "r11", "r12", "memory", "cc");
    else
        __asm__ volatile(
            CTNN_DSP_LOOP(CTNN_DSP_UNALIGNED, CTNN_DSP_PAIR("r2", "r4", "r5") CTNN_DSP_PAIR("r3", "r6", "r8"))
            : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r8)
            :
            : "r9", "r10", "r11", "r12", "memory", "cc");
    p = r2, q = r3, a = r4, b = r5, c = r6, d = r8;
}
#undef CTNN_DSP_PAIR
#undef CTNN_DSP_ALIGNED
#undef CTNN_DSP_UNALIGNED
#undef CTNN_DSP_LOOP

/// y = x + shift for four times `n` integers, n at least 1.
CTNN_INLINE inline void dsp_widen(const std::int8_t* x, std::size_t n, std::int32_t shift, std::int16_t* y) {
    const std::uint32_t shifts = (static_cast<std::uint32_t>(shift) & 0xffff) * 0x10001;
    std::uint32_t even, odd, bytes;
    __asm__ volatile(
        "1:\n\tldr %[bytes], [%[x]], #4\n\tsxtab16 %[even], %[shifts], %[bytes]\n\t"
        "sxtab16 %[odd], %[shifts], %[bytes], ror #8\n\tpkhbt %[bytes], %[even], %[odd], lsl #16\n\t"
        "pkhtb %[odd], %[odd], %[even], asr #16\n\tstr %[bytes], [%[y]], #4\n\tstr %[odd], [%[y]], #4\n\t"
        "subs %[n], #1\n\tbne 1b\n\t"
        : [x] "+&r"(x), [y] "+&r"(y), [n] "+&r"(n), [even] "=&r"(even), [odd] "=&r"(odd), [bytes] "=&r"(bytes)
        : [shifts] "r"(shifts)
        : "memory", "cc");
}

CTNN_INLINE inline std::int32_t dsp_first_row(std::int32_t both, std::int32_t second) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(both) - static_cast<std::uint32_t>(second)) >> 8;
}

/// Sums of pairs of rows. `Split`: the sums of a run fit the 24 bits that they have in a lane, those of all runs may not.
template <bool OneRun, bool Aligned, bool Split>
[[gnu::noinline]] inline void dsp_sums(const std::int16_t* x, const dsp_extents& e, std::int32_t* y) {
    const void* after = &e + 1;
    __asm__("" : "+r"(after));  // the weights, of which the compiler sees no relation to the extents
    const auto* weights = static_cast<const std::uint32_t*>(after);
#if defined(__OPTIMIZE_SIZE__)
    std::size_t pair = e.pairs;
    do {
        std::int32_t a = 0, b = 0, of_a = 0;
        const std::int16_t* run = x;
        for (std::size_t i = OneRun ? 1 : e.runs; i > 0; --i, run += e.pitch) {
            dsp_run<Aligned>(run, e.blocks, weights, a, b);
            if constexpr (Split) of_a += dsp_first_row(a, b), a = b;
        }
        *y++ = of_a + dsp_first_row(a, b), *y++ = b;
    } while (--pair != 0);
#else
    const std::size_t words = std::size_t{2} * (OneRun ? 1 : e.runs) * e.blocks;
    for (std::size_t pairs = e.pairs;; pairs -= 2, y += 4) {
        // A pair that is left is computed twice.
        const std::uint32_t* next = weights + (pairs > 1 ? words : 0);
        std::int32_t a = 0, b = 0, c = 0, d = 0, of_a = 0, of_c = 0;
        const std::int16_t* run = x;
        for (std::size_t i = OneRun ? 1 : e.runs; i > 0; --i, run += e.pitch) {
            dsp_run<Aligned>(run, e.blocks, weights, next, a, b, c, d);
            if constexpr (Split) {
                of_a += dsp_first_row(a, b), of_c += dsp_first_row(c, d);
                a = b, c = d;
            }
        }
        y[0] = of_a + dsp_first_row(a, b), y[1] = b;
        if (pairs == 1) break;
        y[2] = of_c + dsp_first_row(c, d), y[3] = d;
        if (pairs == 2) break;
        weights = next;
    }
#endif
}

/// The values of a layer with one factor, whose biases have 16 bits.
template <bool Aligned, bool Twice>
[[gnu::noinline]] inline void dsp_values(const std::int16_t* x, const dsp_layer& layer, std::int16_t* y) {
    const void* after = &layer + 1;
    __asm__("" : "+r"(after));
    const auto* words = static_cast<const std::uint32_t*>(after);
    const uniform_scaling* scaling = &layer.scaling;
    std::size_t pair = layer.pairs;
    do {
        // The sums begin with the biases.
        const auto biases = static_cast<std::int32_t>(*words++);
        std::int32_t b = biases >> 16, a = b + (static_cast<std::int16_t>(biases) << 8);
        dsp_run<Aligned>(x, layer.blocks, words, a, b);
        std::int32_t sum = dsp_first_row(a, b);
        for (std::int16_t* const end = y + 2;; sum = b) {
            *y++ = uniformly_rescaled<Twice, std::int16_t>(sum, scaling);
            if (y == end) break;
        }
    } while (--pair != 0);
}

#endif

}  // namespace detail

/// Weights of `Rows` rows of `Runs` runs of `Length` inputs; the inputs are 16-bit integers from -255 to 255.
///
/// Two rows share their 16-bit lanes: a lane is 256 u + w, with u of the first row and w of the second. `smlad` sums
/// x (256 u + w), and after `sxtb16` x w; their difference is 256 times the sum of x u, exact modulo 2^32, as |sum of x u| is
/// less than 2^23 for 256 inputs. So two products with four inputs take three instructions for what `sxtb16` and
/// `smlad` alone take four.
template <std::size_t Runs, std::size_t Length, std::size_t Rows>
struct dsp_rows {
    static_assert(Length <= 256, "the sums of a run fit 24 bits");
    using value = std::int16_t;
    static constexpr std::size_t blocks = (Length + 3) / 4, pairs = (Rows + 1) / 2;
    /// The rows of `sums`; and how many values, of any content, are read behind a run.
    static constexpr std::size_t padded_rows = 2 * pairs, beyond = 4 * blocks - Length;
    static constexpr bool is_split = Runs * Length > 256;

    // Beside each other, so that one address is enough for both.
    detail::dsp_extents extents;
    std::uint32_t lanes[2 * pairs * Runs * blocks];

    /// `weight(run, i, row)`; `pitch` from run to run.
    template <class Weight>
    static constexpr dsp_rows from(std::size_t pitch, Weight&& weight) {
        dsp_rows result{{Runs, blocks, pairs, static_cast<std::uint16_t>(pitch)}, {}};
        for (std::size_t pair = 0; pair < pairs; ++pair)
            for (std::size_t run = 0; run < Runs; ++run)
                for (std::size_t i = 0; i < Length; ++i) {
                    const std::int32_t u = weight(run, i, 2 * pair),
                                       w = 2 * pair + 1 < Rows ? weight(run, i, 2 * pair + 1) : 0;
                    const auto lane = static_cast<std::uint32_t>(256 * u + w) & 0xffff;
                    result.lanes[(pair * Runs + run) * 2 * blocks + i / 2] |= lane << (i % 2 * 16);
                }
        return result;
    }
#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__)
    /// The sums of the products of the rows with the runs at `x`, `x + Pitch`, ...; `Aligned`: at multiples of 4 bytes.
    template <std::size_t Pitch, bool Aligned>
    CTNN_INLINE void sums(const value* x, std::int32_t* y) const {
        static_assert(Pitch < 65536);
        detail::dsp_sums<Runs == 1, Aligned, is_split>(x, extents, y);
    }

    /// With one factor and biases of 16 bits, and what becomes of the sums, beside each other.
    struct with_values {
        detail::dsp_layer layer;
        std::uint32_t words[pairs * (1 + 2 * blocks)];

        template <bool Twice, bool Aligned>
        CTNN_INLINE void forward(const value* x, value* y) const {
            detail::dsp_values<Aligned, Twice>(x, layer, y);
        }
    };
    static constexpr std::int64_t largest_sum_with_values = (1 << 23) - 1;
    /// `bias(row)` and `weight(run, i, row)`, for a single run and an even number of rows.
    template <class Bias, class Weight>
    static constexpr with_values from(const uniform_scaling& scaling, Bias&& bias, Weight&& weight) {
        static_assert(Runs == 1 && padded_rows == Rows);
        with_values result{{scaling, blocks, pairs}, {}};
        const dsp_rows rows = from(Length, weight);
        std::uint32_t* next = result.words;
        for (std::size_t pair = 0; pair < pairs; ++pair) {
            const auto first = static_cast<std::uint16_t>(bias(2 * pair)),
                       second = static_cast<std::uint16_t>(bias(2 * pair + 1));
            *next++ = first | static_cast<std::uint32_t>(second) << 16;
            for (std::size_t i = 0; i < 2 * blocks; ++i) *next++ = rows.lanes[pair * 2 * blocks + i];
        }
        return result;
    }
#endif
};

}  // namespace CTNN_NAMESPACE::kernel
