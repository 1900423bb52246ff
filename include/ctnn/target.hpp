// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The namespace of the library's code for one target processor.
///
/// A program may have objects for several processors, and dispatch at run time. The linker keeps one of all functions
/// with the same name, so code for one processor would run on another and end the program (SIGILL), and functions with
/// other rounding (`-ffast-math`) would replace exact ones. So all of ctnn but `ctnn/io/` is in an inline namespace
/// named after the compiler's target flags: `ctnn::dense` is `ctnn::v3::dense` with `-march=x86-64-v3`,
/// `ctnn::avx2f::dense` with `-mavx2 -mfma`. There is none without such flags: messages and type names are then as
/// written.

#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__) && defined(__BMI__) && defined(__BMI2__) && \
    defined(__LZCNT__) && defined(__MOVBE__)
#define CTNN_TARGET_IS_V3 1
#else
#define CTNN_TARGET_IS_V3 0
#endif
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define CTNN_TARGET_HAS_ALL_OF_512 1
#else
#define CTNN_TARGET_HAS_ALL_OF_512 0
#endif

// The widest registers and the extensions that came with them. v3 and v4 are levels of the x86-64 ABI.
#if CTNN_TARGET_IS_V3 && CTNN_TARGET_HAS_ALL_OF_512
#define CTNN_TARGET_LEVEL v4
#elif CTNN_TARGET_IS_V3 && !defined(__AVX512F__)
#define CTNN_TARGET_LEVEL v3
#elif defined(__AVX512F__)
#define CTNN_TARGET_LEVEL avx512
#elif defined(__AVX2__)
#define CTNN_TARGET_LEVEL avx2
#elif defined(__AVX__)
#define CTNN_TARGET_LEVEL avx
#elif defined(__SSE4_2__)
#define CTNN_TARGET_LEVEL sse42
#elif defined(__SSE4_1__)
#define CTNN_TARGET_LEVEL sse41
#elif defined(__SSSE3__)
#define CTNN_TARGET_LEVEL ssse3
#elif defined(__SSE3__)
#define CTNN_TARGET_LEVEL sse3
#elif defined(__i386__) && defined(__SSE2__)
#define CTNN_TARGET_LEVEL sse2
#elif defined(__i386__) && defined(__SSE__)
#define CTNN_TARGET_LEVEL sse
#elif defined(__ARM_FEATURE_SVE2)
#define CTNN_TARGET_LEVEL sve2
#elif defined(__ARM_FEATURE_SVE)
#define CTNN_TARGET_LEVEL sve
#elif defined(__arm__) && defined(__ARM_NEON)
#define CTNN_TARGET_LEVEL neon
#elif defined(__riscv_vector)
#define CTNN_TARGET_LEVEL vector
#elif defined(__VSX__)
#define CTNN_TARGET_LEVEL vsx
#elif defined(__s390x__) && defined(__VX__)
#define CTNN_TARGET_LEVEL vx
#else
#define CTNN_TARGET_LEVEL base
#define CTNN_TARGET_IS_BASE
#endif

// Extensions beside a level that code of this library may use: a letter for each, or a word for other arithmetic.
#if defined(__FMA__) && !CTNN_TARGET_IS_V3
#define CTNN_TARGET_FMA f
#undef CTNN_TARGET_IS_BASE
#else
#define CTNN_TARGET_FMA
#endif
#if defined(__BMI__) && !CTNN_TARGET_IS_V3
#define CTNN_TARGET_BMI b
#undef CTNN_TARGET_IS_BASE
#else
#define CTNN_TARGET_BMI
#endif
#if defined(__BMI2__) && !CTNN_TARGET_IS_V3
#define CTNN_TARGET_BMI2 c
#undef CTNN_TARGET_IS_BASE
#else
#define CTNN_TARGET_BMI2
#endif
#if defined(__LZCNT__) && !CTNN_TARGET_IS_V3
#define CTNN_TARGET_LZCNT l
#undef CTNN_TARGET_IS_BASE
#else
#define CTNN_TARGET_LZCNT
#endif
#if defined(__MOVBE__) && !CTNN_TARGET_IS_V3
#define CTNN_TARGET_MOVBE m
#undef CTNN_TARGET_IS_BASE
#else
#define CTNN_TARGET_MOVBE
#endif
#if defined(__POPCNT__) && !defined(__AVX__)
#define CTNN_TARGET_POPCNT p
#undef CTNN_TARGET_IS_BASE
#else
#define CTNN_TARGET_POPCNT
#endif
#if defined(__XOP__)
#define CTNN_TARGET_XOP x
#undef CTNN_TARGET_IS_BASE
#else
#define CTNN_TARGET_XOP
#endif
#if defined(__FMA4__)
#define CTNN_TARGET_FMA4 y
#undef CTNN_TARGET_IS_BASE
#else
#define CTNN_TARGET_FMA4
#endif
#if defined(__TBM__)
#define CTNN_TARGET_TBM t
#undef CTNN_TARGET_IS_BASE
#else
#define CTNN_TARGET_TBM
#endif
#if defined(__APX_F__)
#define CTNN_TARGET_APX e
#undef CTNN_TARGET_IS_BASE
#else
#define CTNN_TARGET_APX
#endif
#if defined(__AVX512BW__) && !CTNN_TARGET_HAS_ALL_OF_512
#define CTNN_TARGET_BW w
#undef CTNN_TARGET_IS_BASE
#else
#define CTNN_TARGET_BW
#endif
#if defined(__AVX512DQ__) && !CTNN_TARGET_HAS_ALL_OF_512
#define CTNN_TARGET_DQ d
#undef CTNN_TARGET_IS_BASE
#else
#define CTNN_TARGET_DQ
#endif
#if defined(__AVX512VL__) && !CTNN_TARGET_HAS_ALL_OF_512
#define CTNN_TARGET_VL u
#undef CTNN_TARGET_IS_BASE
#else
#define CTNN_TARGET_VL
#endif
#if defined(__SSE2__) && __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16
#define CTNN_TARGET_X87 _x87
#undef CTNN_TARGET_IS_BASE
#else
#define CTNN_TARGET_X87
#endif
#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || __FINITE_MATH_ONLY__
#define CTNN_TARGET_LOOSE _loose
#undef CTNN_TARGET_IS_BASE
#else
#define CTNN_TARGET_LOOSE
#endif

// Register width chosen by the user.
#if defined(CTNN_NO_VECTOR_TYPES)
#define CTNN_TARGET_BYTES _0
#undef CTNN_TARGET_IS_BASE
#elif defined(CTNN_VECTOR_BYTES)
#define CTNN_TARGET_BYTES CTNN_TARGET_JOIN(_, CTNN_VECTOR_BYTES, , , , , , , )
#undef CTNN_TARGET_IS_BASE
#else
#define CTNN_TARGET_BYTES
#endif

#define CTNN_TARGET_PASTE(a, b, c, d, e, f, g, h, i) a##b##c##d##e##f##g##h##i
// Two of the same kind, because a macro is not expanded inside itself.
#define CTNN_TARGET_JOIN(...) CTNN_TARGET_PASTE(__VA_ARGS__)
#define CTNN_TARGET_JOIN_ALL(...) CTNN_TARGET_PASTE(__VA_ARGS__)
#define CTNN_TARGET_LETTERS                                                                                    \
    CTNN_TARGET_JOIN(CTNN_TARGET_FMA, CTNN_TARGET_BMI, CTNN_TARGET_BMI2, CTNN_TARGET_LZCNT, CTNN_TARGET_MOVBE, \
                     CTNN_TARGET_POPCNT, CTNN_TARGET_XOP, CTNN_TARGET_FMA4, CTNN_TARGET_TBM)
#define CTNN_TARGET_NAME                                                                                          \
    CTNN_TARGET_JOIN_ALL(CTNN_TARGET_LEVEL, CTNN_TARGET_LETTERS, CTNN_TARGET_APX, CTNN_TARGET_BW, CTNN_TARGET_DQ, \
                         CTNN_TARGET_VL, CTNN_TARGET_X87, CTNN_TARGET_LOOSE, CTNN_TARGET_BYTES)

/// What every header opens: `namespace CTNN_NAMESPACE {`, `namespace CTNN_NAMESPACE::math {`.
#if defined(CTNN_TARGET_IS_BASE)
#define CTNN_NAMESPACE ctnn
#else
#define CTNN_NAMESPACE ctnn::inline CTNN_TARGET_NAME
#endif
