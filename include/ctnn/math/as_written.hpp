// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Functions whose formulas are evaluated as written, whatever the flags allow.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/math/strict.hpp>

#include <type_traits>

/// Comes first in a function of a lane type `V`; `call` is that function of the argument `held`, as in
/// `CTNN_AS_WRITTEN(exp(held(x)))`.
///
/// Adding a constant so that rounding discards low-order bits, and subtracting it again, does nothing to a compiler
/// that may reassociate sums (`-Ofast`, `-ffast-math`, `-fassociative-math`), and x87 keeps the bits. So where macros
/// reveal such flags the function is computed in `strict`, each operation of which is rounded separately; clang has a
/// pragma. Constant evaluation computes what is written anyway. With other flags this adds nothing.
#if CTNN_LOOSE_OPERATIONS
#define CTNN_AS_WRITTEN(call)          \
    CTNN_PRECISE                       \
    if constexpr (!std::is_class_v<V>) \
        if (!__builtin_is_constant_evaluated()) return (call).value;
#else
#define CTNN_AS_WRITTEN(call) CTNN_PRECISE
#endif

/// A part of a formula that is evaluated before the rest, in functions that begin with `CTNN_PRECISE`: it does for one
/// formula what `CTNN_AS_WRITTEN` does for a whole function. Without flags that allow more it is a pair of parentheses.
#if CTNN_LOOSE_OPERATIONS
#define CTNN_FIRST(part) (::ctnn::math::detail::rounded(part))
#else
#define CTNN_FIRST(part) (part)
#endif

#if CTNN_LOOSE_OPERATIONS
namespace CTNN_NAMESPACE::math {

/// `x` as a value whose operations are evaluated as written, however `x` itself was computed.
template <class V>
CTNN_INLINE inline strict<V> held(V x) {
    return detail::unknown(x);
}

}  // namespace CTNN_NAMESPACE::math
#endif
