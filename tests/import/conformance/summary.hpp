// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the verdicts of all cases come to, as it stands in docs/conformance.md.

#include <cstddef>
#include <string>
#include <vector>

namespace conformance {

struct verdict {
    std::string name;  ///< "node/test_relu"
    std::string text;  ///< "pass", or "refused: ..." or "wrong: ..."

    bool passed() const { return text == "pass"; }
    bool refused() const { return text.starts_with("refused"); }
    bool wrong() const { return !passed() && !refused(); }
};

/// "cases 3, passed 1, refused 2, wrong 0"
std::string four_numbers(const std::vector<verdict>& all);

/// A table of the suites, and the reasons with the operators that they are given for, in Markdown. `constants` is how
/// many networks were right in constant evaluation too, `evaluated` how many cases the evaluator was compared with.
std::string summary(const std::vector<verdict>& all, std::size_t constants, std::size_t evaluated);

/// The text with `part` between the lines `<!-- begin: verdicts -->` and `<!-- end: verdicts -->`.
///
/// *Errors*: std::runtime_error where these are not there.
std::string with_part(const std::string& text, const std::string& part);

}  // namespace conformance
