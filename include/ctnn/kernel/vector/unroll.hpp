// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Loops that are straight-line code by construction. For kernels at run time.

#include <ctnn/config.hpp>

#include <boost/hana/integral_constant.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE::kernel {

/// Calls `f(hana::size_c<0>)` to `f(hana::size_c<Count - 1>)`, in this order, with no loop in the generated code.
///
/// `f` is a lambda marked `CTNN_INLINE`; the index it gets is a constant and may be a template argument.
template <std::size_t Count, class F>
CTNN_INLINE constexpr void unroll(F&& f) {
    [&]<std::size_t... Index>(std::index_sequence<Index...>) CTNN_INLINE {
        (f(boost::hana::size_c<Index>), ...);
    }
    (std::make_index_sequence<Count>{});
}

namespace detail {
/// Whether long loops are unrolled by four. Up to a limit clang unrolls them fully and loads all elements before the
/// first is used, which spills with 16 registers of 32 bytes: a step of gru<24> takes half as long this way.
#if defined(__clang__) && CTNN_VECTOR_BYTES == 32
inline constexpr bool unrolls_in_parts = true;
#else
inline constexpr bool unrolls_in_parts = false;
#endif
}  // namespace detail

/// Calls `f(index)` for every index below `Count`, each with this amount of `Work`; unrolled fully if that is little in
/// all.
template <std::size_t Count, std::size_t Work, class F>
CTNN_INLINE inline void repeat(F&& f) {
    if constexpr (Count * Work <= 16) {
        unroll<Count>([&](auto iteration) CTNN_INLINE { f(iteration()); });
    } else if constexpr (detail::unrolls_in_parts && Count * Work > 64) {
#pragma GCC unroll 4
        for (std::size_t index = 0; index < Count; ++index) f(index);
    } else {
        for (std::size_t index = 0; index < Count; ++index) f(index);
    }
}

}  // namespace CTNN_NAMESPACE::kernel
