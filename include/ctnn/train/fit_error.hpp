// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What `fit` says of data and options that it refuses.

#include <ctnn/config.hpp>
#include <ctnn/precondition.hpp>

#include <concepts>
#include <cstddef>
#include <exception>

namespace CTNN_NAMESPACE {

/// What `fit` throws before it begins: its data or its options have a mistake that only the values show. Without
/// exceptions the sentence is printed and the program ends; in a constant it is a compile error.
class fit_error : public std::exception {
  public:
    explicit fit_error(const char* sentence) noexcept {
        for (std::size_t i = 0; i + 1 < sizeof(text_) && sentence[i] != 0; ++i) text_[i] = sentence[i];
    }
    const char* what() const noexcept override { return text_; }

  private:
    char text_[240]{};
};

namespace detail {

/// A sentence with numbers in it, put together without memory from elsewhere.
class sentence {
  public:
    sentence& operator<<(const char* text) {
        while (*text != 0 && length_ + 1 < sizeof(text_)) text_[length_++] = *text++;
        return *this;
    }
    template <std::integral Number>
    sentence& operator<<(Number number) {
        if (number < 0) *this << "-";
        char digits[21]{};
        std::size_t first = 20;
        // The remainders of a negative number are negative.
        do {
            const int digit = static_cast<int>(number % 10);
            digits[--first] = static_cast<char>('0' + (digit < 0 ? -digit : digit));
            number = static_cast<Number>(number / 10);
        } while (number != 0);
        return *this << static_cast<const char*>(digits + first);
    }
    const char* text() const { return text_; }

  private:
    char text_[240]{};
    std::size_t length_ = 0;
};

[[noreturn]] inline void refuse(const char* text, [[maybe_unused]] call_site at) {
#if defined(__cpp_exceptions)
    throw fit_error{text};
#else
    broken_promise(text, at);
#endif
}

/// What `fit` demands of values. `say` adds to the sentence what was found; constants are told the sentence alone.
template <class Say>
constexpr void demand(bool met, const char* text, call_site at, Say say) {
    if (met) return;
    if (CTNN_BARE_METAL || __builtin_is_constant_evaluated()) broken_promise(text, at);
    sentence all;
    all << text;
    say(all);
    refuse(all.text(), at);
}

}  // namespace detail

}  // namespace CTNN_NAMESPACE
