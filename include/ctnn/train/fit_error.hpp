// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Errors of `fit` about invalid data and options.

#include <ctnn/config.hpp>
#include <ctnn/precondition.hpp>

#include <concepts>
#include <cstddef>
#include <exception>

namespace CTNN_NAMESPACE {

/// What `fit` throws before training begins, if its data or options have an error that only their values show. Without
/// exceptions the message is printed and the program ends; in a constant it is a compile error.
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

/// A message with numbers in it, composed without allocation.
class message {
  public:
    message& operator<<(const char* text) {
        while (*text != 0 && length_ + 1 < sizeof(text_)) text_[length_++] = *text++;
        return *this;
    }
    template <std::integral Number>
    message& operator<<(Number number) {
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
    precondition_violated(text, at);
#endif
}

/// Rejects values unless `met`. `say` appends what was found to the message; constant evaluation shows the message
/// alone.
template <class Say>
constexpr void check_data(bool met, const char* text, call_site at, Say say) {
    if (met) return;
    if (CTNN_BARE_METAL || __builtin_is_constant_evaluated()) precondition_violated(text, at);
    message all;
    all << text;
    say(all);
    refuse(all.text(), at);
}

}  // namespace detail

}  // namespace CTNN_NAMESPACE
