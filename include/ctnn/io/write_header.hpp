// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Bakes one network into a C++ header.

#include <ctnn/io/header_file.hpp>
#include <ctnn/network.hpp>

#include <filesystem>
#include <ostream>
#include <string>

namespace ctnn::io {

/// Writes a header with the constant `NAME::model`, its type `NAME::model_type`, and its contract as static_asserts.
/// `header_file` also bakes data.
///
/// *Errors*: `io::error` for a parameter that is not finite or a file that cannot be written (which is then unchanged);
/// `std::invalid_argument` for an invalid C++ name.
///
/// *Example*: `ctnn::io::write_header(net, "digits", "digits.hpp");`
template <class T, class Input, class... Specs>
void write_header(const network<T, Input, Specs...>& net, const std::string& name, const std::filesystem::path& path) {
    header_file header(path, name);
    header.add("model", net);
    header.save();
}

/// The same to a stream.
template <class T, class Input, class... Specs>
void write_header(const network<T, Input, Specs...>& net, const std::string& name, std::ostream& stream) {
    header_file header("(stream)", name);
    header.add("model", net);
    stream << header.text();
}

}  // namespace ctnn::io
