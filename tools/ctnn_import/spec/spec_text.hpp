// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Takes the texts of specs apart: "ctnn::padding<ctnn::pad<1, 2>>" is a name with arguments.

#include "refusal.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn_import {

/// A refusal of a part of a text, and where that begins in it.
struct spec_refusal : refusal {
    spec_refusal(std::string_view reason, std::size_t place) : refusal(reason), at(place) {}
    std::size_t at;
};

struct spec_term {
    std::string name;  ///< without "ctnn::" and "std::"; the digits of a number
    std::vector<spec_term> arguments;
    bool has_brackets = false;  ///< also where there is nothing between them
    std::size_t at = 0;         ///< where it begins in the text

    bool is_number() const { return arguments.empty() && name.find_first_not_of("-0123456789") == name.npos; }
    std::int64_t number() const;
    /// The numbers that are its arguments.
    std::vector<std::int64_t> numbers() const;
    /// A std::ratio, or a number.
    double ratio() const;
};

/// Names with letters, digits, _ and ::, whole numbers, and arguments between < and > with commas between them; at most
/// 64 deep.
///
/// *Errors*: `spec_refusal` for a text that is none of a spec.
spec_term parse_spec(std::string_view text);
/// The spec that begins at a place of a longer text; `end` becomes the place behind it.
spec_term parse_spec(std::string_view text, std::size_t begin, std::size_t& end);

}  // namespace ctnn_import
