// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Takes the texts of specs apart: "ctnn::padding<ctnn::pad<1, 2>>" is a name with arguments.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn_import {

struct spec_term {
    std::string name;  ///< without "ctnn::" and "std::"; the digits of a number
    std::vector<spec_term> arguments;
    bool has_brackets = false;  ///< also where there is nothing between them

    bool is_number() const { return arguments.empty() && name.find_first_not_of("-0123456789") == name.npos; }
    std::int64_t number() const;
    /// The numbers that are its arguments.
    std::vector<std::int64_t> numbers() const;
    /// A std::ratio, or a number.
    double ratio() const;
};

/// *Errors*: `refusal` for a text that is none of a spec.
spec_term parse_spec(std::string_view text);

}  // namespace ctnn_import
