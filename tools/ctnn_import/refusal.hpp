// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the importer throws when it does not understand a model exactly.

#include <stdexcept>
#include <string>

namespace ctnn_import {

/// `what()` is one line. It names the node and its operator where there is one:
/// `node "conv1" (Conv): auto_pad is SAME_LOWER with an odd number of zeros; the importer takes SAME_UPPER`.
/// The program puts the file's name in front, and ends with exit code 2 and no file written.
struct refusal : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace ctnn_import
