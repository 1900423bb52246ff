// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Promises of the caller that only the values can break.

#include <ctnn/config.hpp>

#include <cassert>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

/// Not constexpr: a constant that comes here is none, and the compiler shows the sentence.
inline void broken_promise(const char*) {}

/// A promise of the caller. Broken in constant evaluation it is a compile error that shows the sentence; at run time it
/// ends a program that was built without NDEBUG, as `assert` does.
constexpr void require(bool kept, const char* sentence) {
    if (__builtin_is_constant_evaluated() && !kept) broken_promise(sentence);
    assert(kept && "a promise to ctnn is broken: `sentence`, in the frame below, says which");
    static_cast<void>(sentence);
}

}  // namespace CTNN_NAMESPACE::detail
