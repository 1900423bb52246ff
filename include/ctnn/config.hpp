// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Facts about the compiler, and the few switches of the library.

// Where the library cannot be compiled the compiler says why, and stops at a missing file: no further errors.
#if !defined(__GNUC__)
#error "ctnn needs g++ 12 or newer, or clang 16 or newer: its kernels are written with their extensions to C++"
#include "the compiler stops here, for the reason above"
#elif __cplusplus < 202002L
#error "ctnn needs C++20: compile with -std=c++20"
#include "the compiler stops here, for the reason above"
#elif (defined(__CUDA_ARCH__) || defined(__HIP_DEVICE_COMPILE__)) && !defined(CTNN_HOST_ONLY)
#error "ctnn does not compute in device code: call it in .cpp files, or define CTNN_HOST_ONLY where host code alone calls it"
#include "the compiler stops here, for the reason above"
#endif

#include <ctnn/operations.hpp>
#include <ctnn/target.hpp>

/// Guarantees, if defined, that this program computes the same bits as constants and as other machines: flags that
/// allow operations other than those written are rejected. `-ffp-contract=off` is needed too; no macro reveals it.
#if defined(CTNN_SAME_BITS) && (CTNN_LOOSE_OPERATIONS || __FINITE_MATH_ONLY__ || defined(__FAST_MATH__))
#error "ctnn: CTNN_SAME_BITS rules out flags that change results, such as -Ofast, -ffast-math and -mfpmath=387"
#include "the compiler stops here, for the reason above"
#endif

/// 1 where there is no operating system, and so perhaps no heap and nobody to read messages: a violated precondition
/// then traps, and the history of `fit` has a capacity.
#if defined(__unix__) || defined(_WIN32) || defined(__APPLE__)
#define CTNN_BARE_METAL 0
#else
#define CTNN_BARE_METAL 1
#endif

/// Marks a function or lambda that must be inlined into its caller: small steps become straight-line code. Not under
/// the address sanitizer, which would take minutes for the resulting large function; and if it is already defined as
/// empty, the compiler decides.
#if defined(__SANITIZE_ADDRESS__)
#define CTNN_INLINE
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CTNN_INLINE
#endif
#endif
#if !defined(CTNN_INLINE)
#define CTNN_INLINE __attribute__((always_inline))
#endif

/// Disables vector types, if defined: kernels then process one element at a time. For compilers that support the other
/// GNU extensions (attributes, builtins, asm statements) but not `vector_size`, and for processors with scalar
/// registers only. It changes speed and size of code, never results. It is the default on 32-bit Arm unless
/// `CTNN_VECTOR_BYTES` is defined: Cortex-M has no vector registers, and NEON flushes subnormals to zero. It is also
/// the default on 32-bit x86 without SSE2, on RISC-V without its vector extension, and on Xtensa.
#if !defined(CTNN_VECTOR_BYTES) && !defined(CTNN_NO_VECTOR_TYPES) && \
    (defined(__arm__) || (defined(__i386__) && !defined(__SSE2__)) || \
     (defined(__riscv) && !defined(__riscv_vector)) || defined(__XTENSA__))
#define CTNN_NO_VECTOR_TYPES
#endif

/// Bytes of the widest vector register that the compiler may use; 0 without vector types. It changes speed, never
/// results.
#if defined(CTNN_NO_VECTOR_TYPES)
#undef CTNN_VECTOR_BYTES
#define CTNN_VECTOR_BYTES 0
#elif defined(CTNN_VECTOR_BYTES)
// chosen by the user
#elif defined(__AVX512F__)
#define CTNN_VECTOR_BYTES 64
#elif defined(__AVX__)
#define CTNN_VECTOR_BYTES 32
#else
#define CTNN_VECTOR_BYTES 16
#endif
