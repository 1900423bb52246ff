// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Recognises file formats of other programs that the importer does not read.

#include <filesystem>
#include <string>

namespace ctnn_import {

/// The format of a file that the importer does not read, from its extension or magic bytes, and what to do instead;
/// empty for all other files and for one that cannot be opened.
std::string foreign_format(const std::filesystem::path& file);

}  // namespace ctnn_import
