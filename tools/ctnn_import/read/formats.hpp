// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Files of other programs, which are not read but called by their names.

#include <filesystem>
#include <string>

namespace ctnn_import {

/// What a file is that the importer does not read, by the end of its name or its first bytes, and what to do with it;
/// empty for all others, and for one that does not open.
std::string foreign_format(const std::filesystem::path& file);

}  // namespace ctnn_import
