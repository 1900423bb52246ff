// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the compiler may make of an operation on floating-point numbers, and how it is forbidden.

// Whether the flags let the compiler take other operations than those that are written: another order of additions, a
// reciprocal for a division; or it keeps numbers with more digits than their type has (x87). g++ says so in macros. clang
// has a pragma against it, and no macro for most of these flags: so the pragma is always there, and changes nothing
// without them.
#if (defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16) || \
    (!defined(__clang__) && (defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__)))
#define CTNN_LOOSE_OPERATIONS 1
#else
#define CTNN_LOOSE_OPERATIONS 0
#endif

/// Stands first in a function whose operations are meant as they are written, in this order.
#if !defined(__clang__)
#define CTNN_PRECISE
#elif __FINITE_MATH_ONLY__
#define CTNN_PRECISE _Pragma("float_control(precise, on)")
#elif __clang_major__ >= 18
#define CTNN_PRECISE _Pragma("clang fp reassociate(off) reciprocal(off)")
#else
#define CTNN_PRECISE _Pragma("clang fp reassociate(off)")
#endif

// How an asm statement asks for floating-point numbers in a register; memory does everywhere. (32-bit x86 has two `float`
// in a register of its oldest extension, or in none.)
#if defined(__SSE2__) && defined(__x86_64__)
#define CTNN_IN_REGISTER(number) "+x"(number)
#elif defined(__aarch64__)
#define CTNN_IN_REGISTER(number) "+w"(number)
#else
#define CTNN_IN_REGISTER(number) "+m"(number)
#endif
