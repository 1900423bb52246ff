// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Products of 8-bit weights for processors with Arm's DSP instructions and no vector registers: Cortex-M4, M7, M33.

#include <ctnn/config.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::kernel {

namespace detail {

/// Where the runs of a product lie, and how many pairs of rows there are.
struct dsp_extents {
    std::uint16_t runs, blocks, pairs;
    std::int32_t pitch;
};

#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__)

/// Four inputs times two rows: `one` gets 256 times the sum of the first row plus that of the second, `two` the latter.
/// A lane 256 u + w, sign-extended from its lower byte, is w.
#define CTNN_DSP_PAIR(pointer, one, two)                                                                               \
    "ldrd %[w0], %[w1], [%[" pointer "]], #8\n\t"                                                                      \
    "smlad %[" one "], %[x0], %[w0], %[" one "]\n\t"                                                                   \
    "sxtb16 %[w0], %[w0]\n\t"                                                                                          \
    "smlad %[" one "], %[x1], %[w1], %[" one "]\n\t"                                                                   \
    "sxtb16 %[w1], %[w1]\n\t"                                                                                          \
    "smlad %[" two "], %[x0], %[w0], %[" two "]\n\t"                                                                   \
    "smlad %[" two "], %[x1], %[w1], %[" two "]\n\t"

/// `ldrd` demands addresses that are multiples of 4.
template <bool Aligned>
CTNN_INLINE inline void dsp_block(const std::int16_t*& x, const std::uint32_t*& p, std::int32_t& a, std::int32_t& b) {
    std::uint32_t x0, x1, w0, w1;
    if constexpr (Aligned)
        __asm__("ldrd %[x0], %[x1], [%[x]], #8\n\t" CTNN_DSP_PAIR("p", "a", "b")
                : [x] "+&r"(x), [p] "+&r"(p), [a] "+&r"(a), [b] "+&r"(b), [x0] "=&r"(x0), [x1] "=&r"(x1),
                  [w0] "=&r"(w0), [w1] "=&r"(w1)
                :
                : "memory");
    else
        __asm__("ldr %[x0], [%[x]], #4\n\tldr %[x1], [%[x]], #4\n\t" CTNN_DSP_PAIR("p", "a", "b")
                : [x] "+&r"(x), [p] "+&r"(p), [a] "+&r"(a), [b] "+&r"(b), [x0] "=&r"(x0), [x1] "=&r"(x1),
                  [w0] "=&r"(w0), [w1] "=&r"(w1)
                :
                : "memory");
}
template <bool Aligned>
CTNN_INLINE inline void dsp_block(const std::int16_t*& x, const std::uint32_t*& p, const std::uint32_t*& q,
                                  std::int32_t& a, std::int32_t& b, std::int32_t& c, std::int32_t& d) {
    std::uint32_t x0, x1, w0, w1;
    if constexpr (Aligned)
        __asm__("ldrd %[x0], %[x1], [%[x]], #8\n\t" CTNN_DSP_PAIR("p", "a", "b") CTNN_DSP_PAIR("q", "c", "d")
                : [x] "+&r"(x), [p] "+&r"(p), [q] "+&r"(q), [a] "+&r"(a), [b] "+&r"(b), [c] "+&r"(c), [d] "+&r"(d),
                  [x0] "=&r"(x0), [x1] "=&r"(x1), [w0] "=&r"(w0), [w1] "=&r"(w1)
                :
                : "memory");
    else
        __asm__("ldr %[x0], [%[x]], #4\n\tldr %[x1], [%[x]], #4\n\t" CTNN_DSP_PAIR("p", "a", "b")
                    CTNN_DSP_PAIR("q", "c", "d")
                : [x] "+&r"(x), [p] "+&r"(p), [q] "+&r"(q), [a] "+&r"(a), [b] "+&r"(b), [c] "+&r"(c), [d] "+&r"(d),
                  [x0] "=&r"(x0), [x1] "=&r"(x1), [w0] "=&r"(w0), [w1] "=&r"(w1)
                :
                : "memory");
}
#undef CTNN_DSP_PAIR

CTNN_INLINE inline std::int32_t dsp_first_row(std::int32_t both, std::int32_t second) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(both) - static_cast<std::uint32_t>(second)) >> 8;
}

/// Sums of pairs of rows. `Split`: the sums of a run fit the 24 bits that they have in a lane, those of all runs may not.
template <bool Aligned, bool Split>
[[gnu::noinline]] inline void dsp_sums(const std::int16_t* x, const std::uint32_t* weights, dsp_extents e,
                                       std::int32_t* y) {
    std::size_t pairs = e.pairs;
#if !defined(__OPTIMIZE_SIZE__)
    const std::size_t words = std::size_t{2} * e.runs * e.blocks;
    for (; pairs >= 2; pairs -= 2, y += 4, weights += words) {
        const std::uint32_t* next = weights + words;
        std::int32_t a = 0, b = 0, c = 0, d = 0, of_a = 0, of_c = 0;
        const std::int16_t* run = x;
        for (std::size_t i = e.runs; i > 0; --i, run += e.pitch) {
            const std::int16_t* from = run;
            std::size_t n = e.blocks;
            if (n % 2 != 0) dsp_block<Aligned>(from, weights, next, a, b, c, d);
            for (n /= 2; n > 0; --n) {
                dsp_block<Aligned>(from, weights, next, a, b, c, d);
                dsp_block<Aligned>(from, weights, next, a, b, c, d);
            }
            if constexpr (Split) {
                of_a += dsp_first_row(a, b), of_c += dsp_first_row(c, d);
                a = b, c = d;
            }
        }
        y[0] = of_a + dsp_first_row(a, b), y[1] = b, y[2] = of_c + dsp_first_row(c, d), y[3] = d;
    }
#endif
    for (; pairs > 0; --pairs, y += 2) {
        std::int32_t a = 0, b = 0, of_a = 0;
        const std::int16_t* run = x;
        for (std::size_t i = e.runs; i > 0; --i, run += e.pitch) {
            const std::int16_t* from = run;
            for (std::size_t n = e.blocks; n > 0; --n) dsp_block<Aligned>(from, weights, a, b);
            if constexpr (Split) {
                of_a += dsp_first_row(a, b);
                a = b;
            }
        }
        y[0] = of_a + dsp_first_row(a, b), y[1] = b;
    }
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

    std::uint32_t lanes[2 * pairs * Runs * blocks];

    /// `weight(run, i, row)`.
    template <class Weight>
    static constexpr dsp_rows from(Weight&& weight) {
        dsp_rows result{};
        for (std::size_t pair = 0; pair < pairs; ++pair)
            for (std::size_t run = 0; run < Runs; ++run)
                for (std::size_t i = 0; i < Length; ++i) {
                    const std::int32_t u = weight(run, i, 2 * pair), w = 2 * pair + 1 < Rows ? weight(run, i, 2 * pair + 1) : 0;
                    const auto lane = static_cast<std::uint32_t>(256 * u + w) & 0xffff;
                    result.lanes[(pair * Runs + run) * 2 * blocks + i / 2] |= lane << (i % 2 * 16);
                }
        return result;
    }
#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__)
    /// The sums of the products of the rows with the runs at `x`, `x + Pitch`, ...; `Aligned`: at multiples of 4 bytes.
    template <std::size_t Pitch, bool Aligned>
    CTNN_INLINE void sums(const value* x, std::int32_t* y) const {
        detail::dsp_sums<Aligned, is_split>(x, lanes, {Runs, blocks, pairs, Pitch}, y);
    }
#endif
};

}  // namespace CTNN_NAMESPACE::kernel
