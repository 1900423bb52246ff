// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Products of float at run time on Arm processors that have a floating-point unit and no vector registers (Cortex-M4F).

#include <ctnn/config.hpp>
#include <ctnn/kernel/product/product_size.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE::kernel::detail {

/// Whether `fpu_rows` computes a product.
#if defined(__arm__) && defined(__ARM_FP) && !defined(__SOFTFP__) && CTNN_VECTOR_BYTES == 0
template <class Size, class Start, class T>
inline constexpr bool uses_fpu_rows = std::is_same_v<T, float>&& Size::order.kind ==
                                          sum_kind::blocks&& Size::columns >= 4 &&
                                      Size::multiply_accumulates >= 64 &&
                                      (!Start::from_memory || Start::column_stride == 1);

// Eight neighbouring registers v0 to v7 of the floating-point unit. One instruction loads or stores them all, which
// compilers do not write by themselves; the arithmetic is theirs, so that they contract it or not. The functions are
// inlined whatever CTNN_INLINE is, because their arrays have to be registers.
#define CTNN_EIGHT_REGISTERS(r0, r1, r2, r3, r4, r5, r6, r7) \
    register float v0 __asm__(r0);                           \
    register float v1 __asm__(r1);                           \
    register float v2 __asm__(r2);                           \
    register float v3 __asm__(r3);                           \
    register float v4 __asm__(r4);                           \
    register float v5 __asm__(r5);                           \
    register float v6 __asm__(r6);                           \
    register float v7 __asm__(r7)
#define CTNN_LOAD_EIGHT(from, range)                                                                              \
    __asm__ volatile("vldmia %0!, {" range "}"                                                                    \
                     : "+r"(from), "=t"(v0), "=t"(v1), "=t"(v2), "=t"(v3), "=t"(v4), "=t"(v5), "=t"(v6), "=t"(v7) \
                     : "m"(*reinterpret_cast<const float(*)[8]>(from)))
#define CTNN_STORE_EIGHT(to, range)                                       \
    __asm__ volatile("vstmia %1!, {" range "}"                            \
                     : "=m"(*reinterpret_cast<float(*)[8]>(to)), "+r"(to) \
                     : "t"(v0), "t"(v1), "t"(v2), "t"(v3), "t"(v4), "t"(v5), "t"(v6), "t"(v7))

/// sums[i] += x w[i] for `Columns` neighbouring columns; w is then behind them.
template <std::size_t Columns>
[[gnu::always_inline]] inline void add_scaled(float x, const float*& w, float* sums) {
    if constexpr (Columns >= 8) {
        CTNN_EIGHT_REGISTERS("s16", "s17", "s18", "s19", "s20", "s21", "s22", "s23");
        CTNN_LOAD_EIGHT(w, "s16-s23");
        sums[0] += x * v0;
        sums[1] += x * v1;
        sums[2] += x * v2;
        sums[3] += x * v3;
        sums[4] += x * v4;
        sums[5] += x * v5;
        sums[6] += x * v6;
        sums[7] += x * v7;
        // Or the next weights are loaded first, and these moved out of their way.
        __asm__ volatile(""
                         :
                         : "t"(sums[0]), "t"(sums[1]), "t"(sums[2]), "t"(sums[3]), "t"(sums[4]), "t"(sums[5]),
                           "t"(sums[6]), "t"(sums[7]));
        add_scaled<Columns - 8>(x, w, sums + 8);
    } else if constexpr (Columns >= 2) {
        register float v0 __asm__("s16");
        register float v1 __asm__("s17");
        __asm__ volatile("vldmia %0!, {s16-s17}"
                         : "+r"(w), "=t"(v0), "=t"(v1)
                         : "m"(*reinterpret_cast<const float(*)[2]>(w)));
        sums[0] += x * v0;
        sums[1] += x * v1;
        add_scaled<Columns - 2>(x, w, sums + 2);
    } else if constexpr (Columns == 1) {
        sums[0] += x * *w++;
    }
}

/// `Columns` sums from and to memory; those from `First` on.
template <std::size_t Columns, std::size_t First = 0>
[[gnu::always_inline]] inline void load_sums(const float* from, float* sums) {
    const auto take = [&](float v0, float v1, float v2, float v3, float v4, float v5, float v6, float v7)
        __attribute__((always_inline)) {
        sums[0] = v0, sums[1] = v1, sums[2] = v2, sums[3] = v3, sums[4] = v4, sums[5] = v5, sums[6] = v6, sums[7] = v7;
    };
    if constexpr (Columns > 0 && Columns < 8) {
        sums[0] = from[0];
        load_sums<Columns - 1, First>(from + 1, sums + 1);
    } else if constexpr (Columns >= 8) {
        if constexpr (First == 0) {
            CTNN_EIGHT_REGISTERS("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7");
            CTNN_LOAD_EIGHT(from, "s0-s7");
            take(v0, v1, v2, v3, v4, v5, v6, v7);
        } else {
            CTNN_EIGHT_REGISTERS("s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15");
            CTNN_LOAD_EIGHT(from, "s8-s15");
            take(v0, v1, v2, v3, v4, v5, v6, v7);
        }
        load_sums<Columns - 8, First + 8>(from, sums + 8);
    }
}
template <std::size_t Columns, std::size_t First = 0>
[[gnu::always_inline]] inline void store_sums(const float* sums, float* to) {
    if constexpr (Columns > 0 && Columns < 8) {
        to[0] = sums[0];
        store_sums<Columns - 1, First>(sums + 1, to + 1);
    } else if constexpr (Columns >= 8) {
        if constexpr (First == 0) {
            CTNN_EIGHT_REGISTERS("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7");
            v0 = sums[0], v1 = sums[1], v2 = sums[2], v3 = sums[3], v4 = sums[4], v5 = sums[5], v6 = sums[6],
            v7 = sums[7];
            CTNN_STORE_EIGHT(to, "s0-s7");
        } else {
            CTNN_EIGHT_REGISTERS("s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15");
            v0 = sums[0], v1 = sums[1], v2 = sums[2], v3 = sums[3], v4 = sums[4], v5 = sums[5], v6 = sums[6],
            v7 = sums[7];
            CTNN_STORE_EIGHT(to, "s8-s15");
        }
        store_sums<Columns - 8, First + 8>(sums + 8, to);
    }
}
#undef CTNN_EIGHT_REGISTERS
#undef CTNN_LOAD_EIGHT
#undef CTNN_STORE_EIGHT

template <std::size_t Count>
inline constexpr float fpu_zeros[Count]{};

/// `Columns` neighbouring columns of a row, at most 16, in `runs` runs of `run` terms of which the last has `left` more.
/// A function of its own with sizes that are arguments: products of different sizes share it. `Skips`: what a 0 in A would
/// add is left out, as it is 0 for weights that are finite.
template <std::size_t Columns, std::size_t DepthStride, bool Skips>
[[gnu::noinline]] void fpu_columns(const float* x, const float* w, const float* start, float* y, std::size_t run,
                                   std::size_t runs, std::size_t left, std::size_t stride) {
    for (std::size_t index = 0; index < runs; ++index) {
        float sums[Columns];
        load_sums<Columns>(start, sums);
        start = fpu_zeros<(Columns > 8 ? 16 : 8)>;
        const float* const end = x + (index + 1 < runs ? run : run + left) * DepthStride;
        do {
            if constexpr (Skips) {
                // In a register of integers, where it costs an instruction less to compare.
                auto bits = __builtin_bit_cast(std::uint32_t, *x);
                __asm__("" : "+r"(bits));
                x += DepthStride;
                if (bits != 0) {
                    __asm__ volatile("" : : "r"(bits));  // or they are copied before the branch
                    const float* row = w;
                    add_scaled<Columns>(__builtin_bit_cast(float, bits), row, sums);
                }
                w += stride;
            } else {
                add_scaled<Columns>(*x, w, sums);
                x += DepthStride;
                w += stride - Columns;
            }
        } while (x != end);
        const float* before = y;
        if (index > 0) add_scaled<Columns>(1, before, sums);  // times 1 is exact
        store_sums<Columns>(sums, y);
    }
}

/// C = start + A B. `Widest`: 16 columns at a time, or 8, which takes less code and more time. `Skips`: B is finite, and
/// zeros may differ in their sign.
template <class Size, class Start, std::size_t Widest = 16, bool Skips = false>
CTNN_INLINE inline void fpu_rows(const float* a, const float* b, const float* start, float* c) {
    constexpr std::size_t panels = (Size::columns + Widest - 1) / Widest,
                          wide = Widest == 16             ? (Size::columns + panels - 1) / panels
                                 : Size::columns > Widest ? Widest
                                                          : Size::columns;
    constexpr std::size_t whole = Size::columns - Size::columns % wide, rest = Size::columns - whole;
    constexpr std::size_t runs = Size::order.runs, run = Size::depth / runs, left = Size::depth % runs;
    const auto columns_of_row = [&]<std::size_t Columns>(std::integral_constant<std::size_t, Columns>, std::size_t row,
                                                         std::size_t column) CTNN_INLINE {
        fpu_columns<Columns, Size::depth_stride, Skips>(
            a + row * Size::row_stride, b + column,
            Start::from_memory ? start + row * Start::row_stride + column
                               : static_cast<const float*>(fpu_zeros<(Columns > 8 ? 16 : 8)>),
            c + row * Size::c_stride + column, run, runs, left, Size::b_stride);
    };
    for (std::size_t row = 0; row < Size::rows; ++row) {
        for (std::size_t column = 0; column < whole; column += wide)
            columns_of_row(std::integral_constant<std::size_t, wide>{}, row, column);
        if constexpr (rest > 0) columns_of_row(std::integral_constant<std::size_t, rest>{}, row, whole);
    }
}
#else
template <class Size, class Start, class T>
inline constexpr bool uses_fpu_rows = false;
template <class Size, class Start, std::size_t Widest = 16, bool Skips = false>
void fpu_rows(const float* a, const float* b, const float* start, float* c);
#endif

}  // namespace CTNN_NAMESPACE::kernel::detail
