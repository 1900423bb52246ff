// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the compiler may do with floating-point operations, and how it is prevented.

// Whether flags let the compiler substitute operations for those that are written: another order of additions, a
// reciprocal for a division; or it keeps values with excess precision (x87). g++ reveals this in macros. clang has a
// pragma against it, and no macro for most of these flags: so the pragma is always there, and changes nothing without
// them.
#if (defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16) || \
    (!defined(__clang__) && (defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__)))
#define CTNN_LOOSE_OPERATIONS 1
#else
#define CTNN_LOOSE_OPERATIONS 0
#endif

/// Comes first in a function whose operations are meant as written, in this order.
#if !defined(__clang__)
#define CTNN_PRECISE
#elif __FINITE_MATH_ONLY__
#define CTNN_PRECISE _Pragma("float_control(precise, on)")
#elif __clang_major__ >= 18
#define CTNN_PRECISE _Pragma("clang fp reassociate(off) reciprocal(off)")
#else
#define CTNN_PRECISE _Pragma("clang fp reassociate(off)")
#endif

// The asm constraint for floating-point values in a register; memory works everywhere. (32-bit x86 has two `float` in a
// register of its oldest extension, or in none.)
#if defined(__SSE2__) && defined(__x86_64__)
#define CTNN_IN_REGISTER(number) "+x"(number)
#elif defined(__aarch64__)
#define CTNN_IN_REGISTER(number) "+w"(number)
#elif defined(__arm__) && !defined(__ARM_NEON) && !defined(CTNN_VECTOR_BYTES) && defined(__ARM_FP)
#define CTNN_IN_REGISTER(number) "+w"(number)
#elif ((defined(__arm__) && !defined(__ARM_FP)) || (defined(__riscv) && !defined(__riscv_flen))) && \
    !defined(CTNN_VECTOR_BYTES)
#define CTNN_IN_REGISTER(number) "+r"(number)
#else
#define CTNN_IN_REGISTER(number) "+m"(number)
#endif
