// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A loop that is straight-line code by construction.

#include <ctnn/config.hpp>

#include <boost/hana/integral_constant.hpp>

#include <cstddef>
#include <utility>

namespace ctnn::kernel {

/// Calls `f(hana::size_c<0>)` to `f(hana::size_c<Count - 1>)`, in this order, with no loop in the generated code.
///
/// `f` is a lambda marked `CTNN_INLINE`; the index it gets is a constant and may be a template argument.
template <std::size_t Count, class F>
CTNN_INLINE constexpr void unroll(F&& f) {
    [&]<std::size_t... Index>(std::index_sequence<Index...>) CTNN_INLINE {
        (f(boost::hana::size_c<Index>), ...);
    }(std::make_index_sequence<Count>{});
}

}  // namespace ctnn::kernel
