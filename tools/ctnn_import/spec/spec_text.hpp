// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Parses specs: "ctnn::padding<ctnn::pad<1, 2>>" is a name with arguments.

#include "refusal.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn_import {

/// A refusal with the offset of the rejected part of the text.
struct spec_refusal : refusal {
    spec_refusal(std::string_view reason, std::size_t place) : refusal(reason), at(place) {}
    std::size_t at;
};

struct spec_term {
    std::string name;  ///< without "ctnn::" or "std::"; the digits of a number; or a name in its quotation marks
    std::vector<spec_term> arguments;
    bool has_brackets = false;  ///< even if empty
    std::size_t at = 0;         ///< its offset in the text

    bool is_number() const { return arguments.empty() && name.find_first_not_of("-0123456789") == name.npos; }
    std::int64_t number() const;
    /// A name in quotation marks, without them.
    std::string quoted() const;
    /// Its arguments, which have to be numbers.
    std::vector<std::int64_t> numbers() const;
    /// A std::ratio, or a number.
    double ratio() const;
};

/// Names of letters, digits, _ and ::, integers, names in quotation marks, and comma-separated arguments in < >, nested at most 64 deep.
///
/// *Errors*: `spec_refusal` for a text that is not a spec.
spec_term parse_spec(std::string_view text);
/// The spec that begins at offset `begin` of a longer text; `end` becomes the offset after it.
spec_term parse_spec(std::string_view text, std::size_t begin, std::size_t& end);

}  // namespace ctnn_import
