// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Text from anywhere as one line that terminals, XML and other programs can show.

#include <ctnn/config.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn::io::detail {

/// The length in bytes of the character of UTF-8 that `text` begins with; 0 if it is none, or one that XML does not
/// have.
inline std::size_t character_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
    unsigned long code = first & (0x7fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0u) != 0x80u) return 0;
        code = code << 6 | (byte(i) & 0x3fu);
    }
    const bool too_long = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    const bool surrogate = code >= 0xd800 && code < 0xe000;
    return too_long || surrogate || code > 0x10ffff || code == 0xfffe || code == 0xffff ? 0 : length;
}

/// Whether a character controls a terminal: C0, DEL and C1, which is U+0080 to U+009F.
inline bool is_control(std::string_view character) {
    const auto first = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) return first < 0x20 || first == 0x7f;
    return character.size() == 2 && first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
}

/// The characters of a text: control characters are blanks, bytes that are not UTF-8 are question marks, and of more
/// than `longest` characters the last are replaced by three dots.
inline std::vector<std::string> plain_characters(std::string_view text, std::size_t longest) {
    std::vector<std::string> result;
    while (!text.empty()) {
        if (result.size() == longest) {
            result.resize(longest > 3 ? longest - 3 : 0);
            result.insert(result.end(), 3, ".");
            break;
        }
        const std::size_t length = character_length(text);
        const std::string_view character = text.substr(0, length);
        result.emplace_back(length == 0 ? "?" : is_control(character) ? " " : character);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return result;
}

}  // namespace ctnn::io::detail
