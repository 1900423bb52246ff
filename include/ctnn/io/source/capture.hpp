// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Captures: reads a file and recognises its kind.

#include <ctnn/io/capture.hpp>
#include <ctnn/io/capture_guitarml.hpp>
#include <ctnn/io/capture_json.hpp>
#include <ctnn/io/capture_rtneural.hpp>
#include <ctnn/io/error.hpp>
#include <ctnn/io/json_check.hpp>

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>

namespace ctnn::io::detail {

/// The whole text of a file.
inline std::string text_of_file(const std::filesystem::path& path) {
    const auto fail = [&](const std::string& reason) {
        throw error(path, {}, joined("a file that cannot be opened (", reason, ")"), "a readable file");
    };
    std::error_code status;
    const std::uintmax_t size = std::filesystem::file_size(path, status);
    if (status) fail(status.message());
    errno = 0;
    std::ifstream stream(path, std::ios::binary);
    if (!stream) fail(std::strerror(errno));
    std::string text(static_cast<std::size_t>(size), '\0');
    if (!stream.read(text.data(), static_cast<std::streamsize>(size)))
        throw error(path, {}, "a file that ends early or cannot be read", count_of(size, "byte"));
    return text;
}

/// Parses a file: one object, and nothing twice or after it.
inline nlohmann::json json_of_capture(const std::filesystem::path& path, std::string_view text) {
    // Metadata may be nested deeper than the network.
    constexpr std::size_t deepest = 24;
    const json_fault fault = check_json(text, deepest, 4 * text.size() + (std::size_t{48} << 20));
    const std::string position = joined("byte ", fault.at);
    switch (fault.what) {
        case json_fault::none:
            break;
        case json_fault::zero_byte:
            throw error(path, position, "a zero byte", "JSON");
        case json_fault::no_json:
            // Counted from 1, with the byte that is wrong.
            throw error(path, joined("byte ", fault.at - 1), "text that is not JSON, or ends early", "a JSON object");
        case json_fault::too_deep:
            throw error(path, position, "JSON nested more than 24 deep", "a capture");
        case json_fault::name_twice:
            throw error(path, position, joined("the name ", in_quotes(fault.name), " twice"), "each name once");
        case json_fault::too_many_values:
            throw error(path, position, "too many values for a file of its size", "a capture");
    }
    return nlohmann::json::parse(text);
}

}  // namespace ctnn::io::detail

namespace ctnn::io {

CTNN_IO_INLINE capture read_capture(const std::filesystem::path& path, const capture_options& options) {
    const nlohmann::json whole = detail::json_of_capture(path, detail::text_of_file(path));
    const detail::capture_value file(path, "", whole);
    file.require_object();
    if (file.has("architecture")) return detail::read_nam(file, options);
    capture result;
    if (file.has("model_data"))
        result.network = detail::guitarml_reader(file).read();
    else if (file.has("in_shape"))
        result = detail::rtneural_reader(file).read();
    else
        file.fail("neither \"architecture\", \"model_data\" nor \"in_shape\"",
                  "a capture of Neural Amp Modeler, GuitarML or RTNeural");
    const std::size_t hidden = std::get<recurrent_capture>(result.network).hidden;
    if (options.channels != 0 && options.channels != hidden)
        file.fail(detail::count_of(hidden, "hidden unit"), detail::joined(options.channels, ", as requested"));
    return result;
}

}  // namespace ctnn::io
