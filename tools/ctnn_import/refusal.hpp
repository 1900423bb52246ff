// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The exception that the importer throws for a model that it cannot import exactly.

#include <ctnn/io/error.hpp>

#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ctnn_import {

/// `what()` is one line of printable ASCII: other bytes in quoted names become `\xNN`. It names the node and its
/// operator, if any:
/// `node "conv1" (Conv): auto_pad is SAME_LOWER with an odd number of zeros; the importer takes SAME_UPPER`.
/// The program prefixes the file name, writes no file and exits with code 2.
struct refusal : std::runtime_error {
    explicit refusal(std::string_view reason)
        : std::runtime_error(ctnn::io::detail::printable(reason, std::numeric_limits<std::size_t>::max())) {}
};

}  // namespace ctnn_import
