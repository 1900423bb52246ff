// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads zip archives with libzip, if the importer was built with it.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn_import {

/// Whether the bytes begin as a zip archive does.
bool is_archive(std::string_view bytes);

/// Those of these files that the archive has, by their names.
///
/// *Errors*: `refusal` for an archive that is damaged, is encrypted, has a name twice, or is packed more than 1100 times;
/// and if the importer was built without libzip.
std::map<std::string, std::string> read_archive(std::string_view bytes, const std::vector<std::string>& names);

}  // namespace ctnn_import
