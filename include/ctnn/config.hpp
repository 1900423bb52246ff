// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Facts about the compiler, and the few switches of the library.

// Where the library cannot be compiled the compiler says why, and stops at a file that is nowhere: not one error more.
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

/// Promises, if defined, that this program computes the same bits as constants and as other machines: flags that allow
/// other operations than those written are refused. `-ffp-contract=off` is needed too; no macro tells of it.
#if defined(CTNN_SAME_BITS) && (CTNN_LOOSE_OPERATIONS || __FINITE_MATH_ONLY__ || defined(__FAST_MATH__))
#error "ctnn: CTNN_SAME_BITS asks for the same bits everywhere, and flags (-Ofast, -ffast-math, -mfpmath=387) allow others"
#include "the compiler stops here, for the reason above"
#endif

/// 1 where there is no operating system, and so perhaps no heap and nobody who reads messages: a broken promise then traps,
/// and the history of `fit` has a capacity.
#if defined(__unix__) || defined(_WIN32) || defined(__APPLE__)
#define CTNN_BARE_METAL 0
#else
#define CTNN_BARE_METAL 1
#endif

/// Marks a function or lambda that has to disappear into its caller: small steps become straight-line code. Not under
/// the address sanitizer, which would take minutes for what is then one large function; and where it was defined before
/// as nothing, the compiler chooses.
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

/// Switches vector types off, if defined: kernels then take one number at a time. For compilers that know the other GNU
/// extensions (attributes, builtins, asm statements) and not `vector_size`, and for processors whose registers hold one
/// number. It changes speed and size of code, never results. On 32-bit Arm this is so unless `CTNN_VECTOR_BYTES` is
/// defined: Cortex-M has no such registers, and those of NEON make zeros of subnormal numbers. So it is on 32-bit x86
/// without SSE2.
#if (defined(__arm__) || (defined(__i386__) && !defined(__SSE2__))) && !defined(CTNN_VECTOR_BYTES) && \
    !defined(CTNN_NO_VECTOR_TYPES)
#define CTNN_NO_VECTOR_TYPES
#endif

/// Bytes of the widest vector register that the compiler was told it may use; 0 without vector types. It changes speed,
/// never results.
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
