// SPDX-License-Identifier: BSL-1.0
#include "read/header.hpp"

#include "read/read.hpp"
#include "refusal.hpp"
#include "spec/spec_options.hpp"
#include "spec/spec_text.hpp"
#include "text.hpp"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace ctnn_import {

namespace {

/// Blanks out comments and keeps line breaks, so that offsets, lines and columns stay valid.
std::string without_comments(std::string text) {
    const auto blank = [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end && i < text.size(); ++i)
            if (text[i] != '\n') text[i] = ' ';
    };
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        if (text[i] == '/' && text[i + 1] == '/') blank(i, std::min(text.find('\n', i), text.size()));
        if (text[i] == '/' && text[i + 1] == '*') blank(i, std::min(text.find("*/", i + 2), text.size() - 2) + 2);
    }
    return text;
}

/// The extents of an input.
extents shape_of(const spec_term& input) {
    const extents dims = input.numbers();
    if (dims.empty() || dims.size() > 8) throw spec_refusal("an input has 1 to 8 dimensions", input.at);
    std::int64_t size = 1;
    for (const spec_term& extent : input.arguments) {
        if (extent.number() < 1 || extent.number() > most_in_spec / size)
            throw spec_refusal("an input has from 1 to " + std::to_string(most_in_spec) + " elements", extent.at);
        size *= extent.number();
    }
    return dims;
}

}  // namespace

network network_of_header(const std::filesystem::path& file, const std::string& name, std::string& number,
                          std::int64_t room) {
    return parse_header(whole_file(file), name, number, room);
}

network parse_header(std::string_view header, const std::string& name, std::string& number, std::int64_t room) {
    if (header.size() > std::size_t{1} << 20)
        throw refusal("it has more than 1 MiB, and a header with a network has less");
    const std::string text = without_comments(std::string(header));
    const auto behind_blanks = [&](std::size_t at) {
        return std::min(text.find_first_not_of(" \n\t\r", at), text.size());
    };
    constexpr const char* name_characters = "_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    std::vector<std::pair<std::string, std::size_t>> found;  // name and offset of the type
    for (std::size_t at = 0; (at = text.find("using", at)) != text.npos;) {
        const std::size_t begin = behind_blanks(at + 5),
                          end = std::min(text.find_first_not_of(name_characters, begin), text.size()),
                          equals = behind_blanks(end), type = behind_blanks(std::min(equals + 1, text.size()));
        const bool is_word = begin > at + 5 && (at == 0 || std::strchr(name_characters, text[at - 1]) == nullptr);
        at += 5;
        const std::string_view rest = std::string_view(text).substr(type);
        if (is_word && equals < text.size() && text[equals] == '=' &&
            (rest.starts_with("ctnn::network") || rest.starts_with("::ctnn::network") || rest.starts_with("network")))
            found.emplace_back(text.substr(begin, end - begin), type);
    }
    if (!name.empty()) std::erase_if(found, [&](const auto& one) { return one.first != name; });
    if (found.size() != 1)
        throw refusal(found.empty() ? "the header declares no network" + (name.empty() ? std::string() : " " + name) +
                                          ": using NAME = ctnn::network<...>;"
                                    : "the header declares " + std::to_string(found.size()) +
                                          " networks: --type NAME chooses one");
    try {
        std::size_t end = 0;
        const spec_term spec = parse_spec(text, found[0].second, end);
        if (end == text.size() || text[end] != ';') throw spec_refusal("there is no ; after the network", end);
        if (spec.name != "network" || spec.arguments.size() < 3 ||
            (spec.arguments[1].name != "input" && spec.arguments[1].name != "inputs"))
            throw spec_refusal("a network has a scalar type, an input and layers", spec.at);
        number = spec.arguments[0].name;
        if (number != "float" && number != "double")
            throw spec_refusal("the network's scalar type is " + number + ", and not float or double",
                               spec.arguments[0].at);
        network result;
        std::vector<named_shape> inputs;
        std::int64_t size = 0;
        if (spec.arguments[1].name == "input") {
            result.input = shape_of(spec.arguments[1]);
        } else {
            for (const spec_term& one : spec.arguments[1].arguments) {
                if (one.name != "named" || one.arguments.size() != 2)
                    throw spec_refusal("inputs are ctnn::named<\"name\", ctnn::shape<...>>", one.at);
                inputs.push_back({one.arguments[0].quoted(), shape_of(one.arguments[1])});
                size += count(inputs.back().dims);
                if (size > most_in_spec)
                    throw spec_refusal("the inputs have more than " + std::to_string(most_in_spec) + " elements",
                                       one.at);
            }
            if (inputs.empty()) throw spec_refusal("a network has at least one input", spec.arguments[1].at);
            result.input = {size};
        }
        result.output = result.input;
        for (std::size_t i = 2; i < spec.arguments.size(); ++i) {
            result.layers.push_back(
                layer_of_spec(spec.arguments[i], result.output, room, i == 2 ? inputs : std::vector<named_shape>{}));
            result.output = result.layers.back().output;
        }
        return result;
    } catch (const spec_refusal& error) { throw refusal(position_in(text, error.at) + ": " + error.what()); }
}

}  // namespace ctnn_import
