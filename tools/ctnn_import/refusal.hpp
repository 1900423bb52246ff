// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the importer throws when it does not understand a model exactly.

#include <ctnn/io/error.hpp>

#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ctnn_import {

/// `what()` is one line of printable ASCII, whatever names it repeats: other bytes become `\xNN`. It names the node and
/// its operator where there is one:
/// `node "conv1" (Conv): auto_pad is SAME_LOWER with an odd number of zeros; the importer takes SAME_UPPER`.
/// The program puts the file's name in front, and ends with exit code 2 and no file written.
struct refusal : std::runtime_error {
    explicit refusal(std::string_view reason)
        : std::runtime_error(ctnn::io::detail::printable(reason, std::numeric_limits<std::size_t>::max())) {}
};

}  // namespace ctnn_import
