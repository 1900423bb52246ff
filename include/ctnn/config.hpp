// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Facts about the compiler, and the few switches of the library.

#if !defined(__GNUC__)
#error "ctnn needs g++ 12 or newer, or clang 16 or newer: its kernels are written with GNU vector types"
#endif

/// Marks a function or lambda that has to disappear into its caller: small steps become straight-line code. Not under
/// the address sanitizer, which would take minutes for what is then one large function.
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

/// Bytes of the widest vector register that the compiler was told it may use. It changes speed, never results.
#if defined(CTNN_VECTOR_BYTES)
// chosen by the user
#elif defined(__AVX512F__)
#define CTNN_VECTOR_BYTES 64
#elif defined(__AVX__)
#define CTNN_VECTOR_BYTES 32
#else
#define CTNN_VECTOR_BYTES 16
#endif
