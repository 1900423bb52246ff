// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Functions whose formulas are computed as they are written, whatever flags allow.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/math/strict.hpp>

#include <type_traits>

/// Stands first in a function of a lane type `V`; `call` is that function of the argument `held`, as in
/// `CTNN_AS_WRITTEN(exp(held(x)))`.
///
/// A number that is added so that digits fall off, and is taken off again, is 0 to a compiler that may reorder sums
/// (`-Ofast`, `-ffast-math`, `-fassociative-math`), and x87 keeps the digits. So where such flags are told by macros the
/// function is computed with numbers of type `strict`, each operation of which is rounded on its own; clang has a
/// pragma. Constant evaluation computes what is written anyway. With other flags nothing of it is there.
#if CTNN_LOOSE_OPERATIONS
#define CTNN_AS_WRITTEN(call)          \
    CTNN_PRECISE                       \
    if constexpr (!std::is_class_v<V>) \
        if (!__builtin_is_constant_evaluated()) return (call).value;
#else
#define CTNN_AS_WRITTEN(call) CTNN_PRECISE
#endif

/// A part of a formula that is computed before the rest, in functions that begin with `CTNN_PRECISE`: it makes one
/// formula of them what `CTNN_AS_WRITTEN` makes a whole function. Without flags that allow more it is a pair of
/// parentheses.
#if CTNN_LOOSE_OPERATIONS
#define CTNN_FIRST(part) (::ctnn::math::detail::rounded(part))
#else
#define CTNN_FIRST(part) (part)
#endif

#if CTNN_LOOSE_OPERATIONS
namespace CTNN_NAMESPACE::math {

/// `x` as a number whose operations are computed as they are written, however `x` itself was.
template <class V>
CTNN_INLINE inline strict<V> held(V x) {
    return detail::unknown(x);
}

}  // namespace CTNN_NAMESPACE::math
#endif
