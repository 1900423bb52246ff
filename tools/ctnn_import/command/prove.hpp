// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Hands over to ctnn-prove, which searches for proofs of the properties of a model.

#include <filesystem>
#include <string>
#include <vector>

namespace ctnn_import {

/// The path of this program, which was started as `name`.
std::filesystem::path own_path(const char* name);

/// Replaces this process by ctnn-prove: the one beside this program, of its source tree, or in PATH.
///
/// *Errors*: `refusal` if it is not found.
[[noreturn]] void run_prover(const std::filesystem::path& own, const std::vector<std::string>& arguments);

}  // namespace ctnn_import
