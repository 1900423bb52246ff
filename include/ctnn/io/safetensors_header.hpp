// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads and writes the JSON header of a safetensors file.

#include <ctnn/io/error.hpp>
#include <ctnn/io/json_check.hpp>
#include <ctnn/io/shape_text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctnn::io::detail {

/// The header entry of one tensor. The offsets count from the end of the header.
struct safetensors_entry {
    std::string name;
    std::string dtype;
    std::vector<std::uintmax_t> shape;
    std::uintmax_t begin;
    std::uintmax_t end;
};

/// Parses a header text; its errors refer to the file.
class safetensors_header_reader {
    using json = nlohmann::json;

  public:
    safetensors_header_reader(const std::filesystem::path& path, std::string_view text)
        : path_(path), text_(text), header_(parse()) {}

    /// The tensors, sorted by their offsets; they cover `data_bytes` bytes without gaps or overlaps.
    std::vector<safetensors_entry> read(std::uintmax_t data_bytes) const {
        std::vector<safetensors_entry> entries;
        for (const auto& [name, value] : header_.items()) {
            if (name == "__metadata__") {
                require_texts(value);
            } else {
                entries.push_back(entry(name, value));
            }
        }
        std::sort(entries.begin(), entries.end(), [](const safetensors_entry& left, const safetensors_entry& right) {
            return std::pair(left.begin, left.end) < std::pair(right.begin, right.end);
        });
        std::uintmax_t covered = 0;
        for (const safetensors_entry& each : entries) {
            if (each.begin != covered || each.end < each.begin) {
                fail(each.name, joined("the offsets ", each.begin, " to ", each.end),
                     joined("a tensor that begins at offset ", covered));
            }
            covered = each.end;
        }
        if (covered != data_bytes) {
            throw error(path_, {}, joined(count_of(data_bytes, "byte"), " of data"),
                        joined(count_of(covered, "byte"), ", as its tensors declare"));
        }
        return entries;
    }

    /// Requires the value that `ctnn-import` writes to the metadata and to the header that belongs to the file.
    void require_check_value(std::string_view wanted) const {
        const auto metadata = header_.find("__metadata__");
        const json found = metadata == header_.end() ? json() : metadata->value(check_value_name, json());
        if (found == json(wanted)) return;
        throw error(path_, "the header",
                    found.is_string() ? joined("the check value ", in_quotes(found.get<std::string>()))
                                      : std::string("no check value"),
                    joined(in_quotes(wanted), ", as in the C++ header that was written with the weights"));
    }

    static constexpr const char* check_value_name = "ctnn_import_check_value";

  private:
    [[noreturn]] void fail(const std::string& name, const std::string& found, const std::string& expected) const {
        throw error(path_, joined("tensor ", in_quotes(name)), found, expected);
    }

    json parse() const {
        if (text_.empty() || text_.front() != '{') {
            throw error(path_, "byte 8", in_quotes(text_.substr(0, 1)), "a JSON object");
        }
        // No valid header comes near that many values.
        const json_fault fault = check_json(text_, 4, 3 * text_.size() + (std::size_t{32} << 20));
        switch (fault.what) {
            case json_fault::none:
                break;
            case json_fault::zero_byte:
                throw error(path_, joined("byte ", 8 + fault.at), "a zero byte", "JSON");
            case json_fault::no_json:
                throw error(path_, joined("byte ", 7 + fault.at), "a header that is not JSON", "a JSON object");
            case json_fault::too_deep:
                throw error(path_, "the header", "JSON nested more than four deep", "at most two objects and an array");
            case json_fault::name_twice:
                throw error(path_, "the header", joined("the name ", in_quotes(fault.name), " twice"),
                            "each name once");
            case json_fault::too_many_values:
                throw error(path_, "the header", "too many values for a header of its size", "the tensors of a file");
        }
        return json::parse(text_);
    }

    void require_texts(const json& metadata) const {
        const auto is_text = [](const json& value) { return value.is_string(); };
        if (!metadata.is_object() || !std::all_of(metadata.begin(), metadata.end(), is_text)) {
            throw error(path_, "the header", "\"__metadata__\" of another kind", "an object of strings");
        }
    }

    safetensors_entry entry(const std::string& name, const json& value) const {
        if (!value.is_object() || value.size() != 3 || !value.contains("dtype") || !value.contains("shape") ||
            !value.contains("data_offsets") || !value["dtype"].is_string()) {
            fail(name, printable(value.dump(), 80), "an object of dtype, shape and data_offsets");
        }
        const std::vector<std::uintmax_t> offsets = numbers(name, value["data_offsets"]);
        if (offsets.size() != 2) fail(name, count_of(offsets.size(), "offset"), "two offsets");
        return {name, value["dtype"].get<std::string>(), numbers(name, value["shape"]), offsets[0], offsets[1]};
    }

    std::vector<std::uintmax_t> numbers(const std::string& name, const json& value) const {
        const auto is_number = [](const json& each) { return each.is_number_unsigned(); };
        if (!value.is_array() || !std::all_of(value.begin(), value.end(), is_number)) {
            fail(name, printable(value.dump(), 80), "an array of non-negative integers");
        }
        return value.get<std::vector<std::uintmax_t>>();
    }

    const std::filesystem::path& path_;
    std::string_view text_;
    json header_;
};

/// The header text, padded so that the data, which follows it and its eight bytes of length, is aligned to eight bytes.
inline std::string safetensors_header_text(const std::vector<safetensors_entry>& entries) {
    const auto listed = [](const auto& numbers) {
        // Appended: of "[" + list, g++ 12 warns with -O3 (its bug 105329).
        std::string list = "[";
        for (const std::uintmax_t number : numbers) {
            if (list.size() > 1) list += ',';
            list += std::to_string(number);
        }
        return list += ']';
    };
    std::string text;
    for (const safetensors_entry& each : entries) {
        const std::uintmax_t offsets[]{each.begin, each.end};
        text += (text.empty() ? "{" : ",") + nlohmann::json(each.name).dump() + ":{\"dtype\":\"" + each.dtype +
                "\",\"shape\":" + listed(each.shape) + ",\"data_offsets\":" + listed(offsets) + "}";
    }
    text += text.empty() ? "{}" : "}";
    text.append((8 - text.size() % 8) % 8, ' ');
    return text;
}

}  // namespace ctnn::io::detail
