// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The summary of all verdicts, as in docs/conformance.md.

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

/// A table of the suites, and the reasons with the operators that they are about, in Markdown. `constants` is the
/// number of networks that were right in constant evaluation too, `evaluated` the number of cases that the evaluator
/// was compared on.
std::string summary(const std::vector<verdict>& all, std::size_t constants, std::size_t evaluated);

/// The text with `part` between the lines `<!-- begin: verdicts -->` and `<!-- end: verdicts -->`.
///
/// *Errors*: std::runtime_error if these lines are missing.
std::string with_part(const std::string& text, const std::string& part);

}  // namespace conformance
