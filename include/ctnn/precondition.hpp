// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Preconditions that only values can violate.

#include <ctnn/config.hpp>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>

namespace CTNN_NAMESPACE {

/// The location of a call in a program. As a default argument, `call_site at = call_site::here()`, it is that of the
/// caller, which messages then name.
struct call_site {
    const char* file;
    unsigned line;

    static constexpr call_site here(const char* file = __builtin_FILE(),
                                    unsigned line = static_cast<unsigned>(__builtin_LINE())) {
        return {file, line};
    }
};

namespace detail {

/// Prints a message to stderr, `file:line: sentence`, and aborts. Not constexpr: a constant that gets here is none, and
/// the compiler shows the message.
[[noreturn]] inline void precondition_violated([[maybe_unused]] const char* sentence, [[maybe_unused]] call_site at) {
#if !CTNN_BARE_METAL
    // Without printf, which is large in small programs.
    char digits[16]{};
    std::size_t first = sizeof(digits) - 1;
    for (unsigned rest = at.line; first > 0; rest /= 10) {
        digits[--first] = static_cast<char>('0' + rest % 10);
        if (rest < 10) break;
    }
    for (const char* const part : {at.file, ":", static_cast<const char*>(digits + first), ": ", sentence, "\n"})
        std::fputs(part, stderr);
    std::abort();
#else
    __builtin_trap();
#endif
}

/// A precondition. Violated in constant evaluation it is a compile error that shows the message; at run time it aborts
/// a program that was built without NDEBUG, with the message and the location of the call.
constexpr void require(bool kept, [[maybe_unused]] const char* sentence,
                       [[maybe_unused]] call_site at = call_site::here()) {
#if defined(NDEBUG)
    if (__builtin_is_constant_evaluated() && !kept) precondition_violated(sentence, at);
#else
    if (!kept) precondition_violated(sentence, at);
#endif
}

}  // namespace detail

}  // namespace CTNN_NAMESPACE
