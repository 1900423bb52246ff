// SPDX-License-Identifier: BSL-1.0
#include "read/json_text.hpp"

#include "refusal.hpp"
#include "text.hpp"

#include <ctnn/io/error.hpp>
#include <ctnn/io/json_check.hpp>

#include <cstddef>
#include <string>

namespace ctnn_import {

nlohmann::json parse_json(std::string_view text, std::size_t deepest) {
    using ctnn::io::detail::json_fault;
    const std::size_t most_bytes = 4 * text.size() + (std::size_t{48} << 20);
    const json_fault fault = ctnn::io::detail::check_json(text, deepest, most_bytes);
    const auto reason = [&]() -> std::string {
        switch (fault.what) {
            case json_fault::none:
                return {};
            case json_fault::zero_byte:
                return "a zero byte is not JSON";
            case json_fault::no_json:
                return "it is damaged there, or not JSON";
            case json_fault::too_deep:
                return "JSON that is nested more than " + std::to_string(deepest) + " deep";
            case json_fault::name_twice:
                return "the name " + ctnn::io::detail::in_quotes(fault.name) + " occurs twice";
            case json_fault::too_many_values:
                return "the file has too many values for a model of its size";
        }
        return {};
    }();
    if (!reason.empty()) throw refusal(position_in(text, fault.at) + ": " + reason);
    return nlohmann::json::parse(text);
}

}  // namespace ctnn_import
