// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Parses floating-point numbers independently of the locale.

#include <ctnn/config.hpp>

#include <charconv>
#include <concepts>
#include <version>

#if !defined(__cpp_lib_to_chars)
#include <limits>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#endif

namespace ctnn::io::detail {

using std::from_chars;

#if !defined(__cpp_lib_to_chars)

/// The end of a sequence of digits after an optional sign from `sign`; `first` if there are no digits.
inline const char* end_of_digits(const char* first, const char* last, std::string_view sign = "") {
    const char* at = first != last && sign.find(*first) != sign.npos ? first + 1 : first;
    const char* const digits = at;
    while (at != last && *at >= '0' && *at <= '9') ++at;
    return at == digits ? first : at;
}

/// The end of a decimal number by the grammar of std::from_chars; `first` if there is none.
inline const char* end_of_decimal(const char* first, const char* last) {
    const char* const unsigned_part = first != last && *first == '-' ? first + 1 : first;
    const char* end = end_of_digits(unsigned_part, last);
    const bool whole = end != unsigned_part;
    if (end != last && *end == '.') {
        const char* const fraction = end_of_digits(end + 1, last);
        if (!whole && fraction == end + 1) return first;
        end = fraction;
    } else if (!whole) {
        return first;
    }
    if (end == last || (*end != 'e' && *end != 'E')) return end;
    const char* const exponent = end_of_digits(end + 1, last, "+-");
    return exponent == end + 1 ? end : exponent;
}

/// As std::from_chars(first, last, value), for standard libraries that have it only for integers (libc++ 19).
template <std::floating_point T>
std::from_chars_result from_chars(const char* first, const char* last, T& value) {
    const char* const end = end_of_decimal(first, last);
    if (end == first) {
        // "inf", "infinity", "nan"
        const bool negative = first != last && *first == '-';
        std::string word(first + negative, last);
        for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        for (const std::string_view name : {"infinity", "inf", "nan"}) {
            if (!word.starts_with(name)) continue;
            const T found = name == "nan" ? std::numeric_limits<T>::quiet_NaN() : std::numeric_limits<T>::infinity();
            value = negative ? -found : found;
            return {first + negative + name.size(), std::errc{}};
        }
        return {first, std::errc::invalid_argument};
    }
    const std::string digits(first, end);
    std::istringstream text(digits);
    text.imbue(std::locale::classic());
    T found{};
    constexpr T limit = (std::numeric_limits<T>::max)();
    text >> found;
    // The stream also reports failure for a correct subnormal result, and may not report it for an incorrect 0.
    const bool zero = digits.find_first_of("123456789") >= digits.find_first_of("eE");
    const bool in_range = found == 0 ? zero : !text.fail() || (-limit < found && found < limit);
    if (!in_range) return {end, std::errc::result_out_of_range};
    value = found;
    return {end, std::errc{}};
}

#endif

}  // namespace ctnn::io::detail
