// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Runs gnuplot: commands in, a picture out.

#include <ctnn/io/compiled.hpp>
#include <ctnn/io/number_text.hpp>
#include <ctnn/io/plain_text.hpp>
#include <ctnn/math/lane.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace ctnn::io::detail {

/// What gnuplot writes to its standard output for these commands. *Errors*: `io::error` if it is not installed, or ends
/// with an error; `file` is what the message names.
std::string run_gnuplot(const std::string& commands, const std::string& file);

/// Text as gnuplot's string in single quotes: nothing in it is a command, a format or the end of the line.
inline std::string gnuplot_text(std::string_view text, std::size_t longest = 120) {
    std::string result = "'";
    for (const std::string& character : plain_characters(text, longest))
        result += character == "'" ? std::string("''") : character;
    return result += '\'';
}

/// The same for labels beside an axis, which gnuplot takes for formats of printf.
inline std::string gnuplot_label(std::string_view text) {
    std::string result;
    for (const char c : gnuplot_text(text, 24)) result += c == '%' ? std::string("%%") : std::string(1, c);
    return result;
}

/// A number in the data of gnuplot; what is not finite is not drawn.
template <class Number>
std::string gnuplot_number(Number number) {
    if constexpr (std::floating_point<Number>)
        if (!math::is_finite(number)) return "NaN";
    return number_text(number);
}

}  // namespace ctnn::io::detail

#if !defined(CTNN_IO_COMPILED)
#include <ctnn/io/source/gnuplot.hpp>
#endif
