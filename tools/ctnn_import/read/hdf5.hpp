// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads HDF5 files with HDF5's C library, if the importer was built with it.

#include "graph/array.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn_import {

/// The arrays of a file by their paths, "model_weights/dense/kernel:0", and the attributes of its objects that are text;
/// the path of the root is empty. Backslashes in names, which Keras writes on Windows, are slashes here.
struct hdf5_content {
    std::map<std::string, array> arrays;
    std::map<std::string, std::map<std::string, std::vector<std::string>>> texts;
};

/// Whether the bytes begin as an HDF5 file does.
bool is_hdf5(std::string_view bytes);

/// The content of a file, without the top groups whose names are in `leave_out`. Numbers are floating-point values or
/// integers; arrays of anything else are left out.
///
/// *Errors*: `refusal` for a file that is damaged, that refers to others, or that has more elements than its bytes can
/// hold; and if the importer was built without HDF5's library.
hdf5_content read_hdf5(std::string_view bytes, const std::vector<std::string>& leave_out);

}  // namespace ctnn_import
