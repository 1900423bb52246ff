// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The exception that reading and writing throw.

#include <ctnn/config.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace ctnn::io {

namespace detail {

/// The concatenation of the parts; integers in decimal.
///
/// `"text" + std::string()` would do, but g++ 12 mistakes it for a copy between overlapping ranges (-Wrestrict).
template <class... Parts>
std::string joined(const Parts&... parts) {
    std::string result;
    const auto append = [&](const auto& part) {
        using type = std::remove_cvref_t<decltype(part)>;
        if constexpr (std::is_integral_v<type> && !std::is_same_v<type, char>)
            result += std::to_string(part);
        else
            result += part;
    };
    (append(parts), ...);
    return result;
}

/// Text from a file, escaped for one line of an error message: control and non-ASCII bytes become `\xNN`, long text is
/// truncated.
inline std::string printable(std::string_view text, std::size_t longest = 200) {
    constexpr char digits[] = "0123456789abcdef";
    std::string result;
    for (const char c : text.substr(0, longest)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f) {
            result += c;
        } else {
            result += "\\x";
            result += digits[byte / 16];
            result += digits[byte % 16];
        }
    }
    return text.size() > longest ? result + "..." : result;
}

/// The same in quotation marks, and shorter: for cells and names.
inline std::string in_quotes(std::string_view text) {
    return joined('"', printable(text, 40), '"');
}

/// `"1 row"`, `"2 rows"`.
inline std::string count_of(std::uintmax_t count, const char* thing) {
    return joined(count, ' ', thing, count == 1 ? "" : "s");
}

}  // namespace detail

/// A file that cannot be read or written, or does not contain what was requested.
///
/// `what()` is one line: `FILE: POSITION: found WHAT, expected WHAT`, for example
/// `flowers.csv: line 3, column 5: found "abc", expected a number`. The position is a line and column, a byte offset,
/// or the name of a tensor; it is omitted if the error concerns the whole file.
class error : public std::runtime_error {
  public:
    error(const std::filesystem::path& file, std::string_view position, std::string_view found,
          std::string_view expected)
        : std::runtime_error(line(file, position, found, expected)) {}

  private:
    static std::string line(const std::filesystem::path& file, std::string_view position, std::string_view found,
                            std::string_view expected) {
        std::string result = detail::printable(file.string(), 4096);
        if (!position.empty()) result.append(": ").append(position);
        return result.append(": found ").append(found).append(", expected ").append(expected);
    }
};

}  // namespace ctnn::io
