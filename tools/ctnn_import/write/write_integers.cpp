// SPDX-License-Identifier: BSL-1.0
// Headers of networks of 8-bit integers.
#include "refusal.hpp"
#include "spec/cost.hpp"
#include "text.hpp"
#include "write/write.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace ctnn_import {

namespace {

std::string quantization_text(const quantization& of) {
    return "{" + literal(of.scales.at(0), false) + ", " + std::to_string(of.zero_points.at(0)) + "}";
}

bool has_scale_for_each_channel(const chain& layers) {
    return std::any_of(layers.begin(), layers.end(), [](const layer& what) {
        return (what.is_matrix() && what.integers.scales.size() > 1) ||
               std::any_of(what.branches.begin(), what.branches.end(), has_scale_for_each_channel);
    });
}

struct integer_writer {
    const write_options& options;
    bool per_channel;
    std::string text{};

    /// What `type` is called has this layer's parameters.
    void add(const layer& what, const std::string& type, std::size_t indent) {
        const std::string begin(indent, ' '), inside = begin + "    ";
        text += begin + type;
        if (!what.branches.empty()) {
            text += "{.branches = {";
            for (std::size_t b = 0; b < what.branches.size(); ++b) {
                text += (b > 0 ? ",\n" : "\n") + inside;
                const std::string branch = type + "::branch<" + std::to_string(b) + ">";
                add_chain(what.branches[b], branch, branch + "::layer", indent + 4);
            }
            text += "},\n" + inside + ".output = " + quantization_text(what.integers.output) + "}";
        } else if (what.is_matrix()) {
            add_matrix(what, indent + 4);
        } else if (!what.integers.recurrent_scales.empty()) {
            add_recurrent(what, indent + 4);
        } else if (!what.integers.output.exists()) {
            text += "{}";
        } else if (what.kind == "activation" || what.kind.find("average_pool") != what.kind.npos) {
            text += "{.output = " + quantization_text(what.integers.output) + "}";
        } else {
            text += "{.layer = ";
            std::string real;
            write_layer(what, "", indent + 4, options, real);
            text +=
                real.substr(indent + 4) + ",\n" + inside + ".output = " + quantization_text(what.integers.output) + "}";
        }
    }
    void add_chain(const chain& layers, const std::string& type, const std::string& layer_type, std::size_t indent) {
        text += type + "{.layers = {";
        for (std::size_t i = 0; i < layers.size(); ++i) {
            text += i > 0 ? ",\n" : "\n";
            add(layers[i], layer_type + "<" + std::to_string(i) + ">", indent + 4);
        }
        text += "}}";
    }

  private:
    static std::string quotients_text(const parameter& of, const std::vector<double>& scales, std::size_t indent) {
        const auto columns = static_cast<std::size_t>(of.dims.back());
        std::vector<std::int64_t> integers;
        for (std::size_t i = 0; i < of.values.size(); ++i)
            integers.push_back(
                static_cast<std::int64_t>(std::round(of.values[i] / scales[i % columns / (columns / scales.size())])));
        return list_of_integers(integers, indent);
    }
    /// Weights with a scale for each gate, or, where other layers have one for each channel, each column.
    void add_recurrent(const layer& what, std::size_t indent) {
        const std::string next = ",\n" + std::string(indent, ' ');
        const auto scales_text = [&](const std::vector<double>& of_gates) {
            const std::size_t each = per_channel ? what.integers.bias.size() / of_gates.size() : 1;
            std::vector<double> scales;
            for (const double scale : of_gates) scales.insert(scales.end(), each, scale);
            return list_of_numbers(scales, false, indent + 4);
        };
        const auto weights_text = [&](std::string_view name, const std::vector<double>& scales) {
            for (const parameter& one : what.parameters)
                if (one.name == name) return quotients_text(one, scales, indent + 4);
            return std::string();
        };
        text += "{.weights = {" + weights_text("weights", what.integers.scales) + "}" + next + ".bias = {" +
                list_of_integers(what.integers.bias, indent + 4) + "}" + next + ".scales = {" +
                scales_text(what.integers.scales) + "}" + next + ".recurrent_weights = {" +
                weights_text("recurrent_weights", what.integers.recurrent_scales) + "}" + next +
                ".recurrent_scales = {" + scales_text(what.integers.recurrent_scales) + "}" + next +
                ".output = " + quantization_text(what.integers.output) + next +
                ".cell = " + quantization_text(what.integers.cell) + next +
                ".cell_limit = " + std::to_string(what.integers.cell_limit) + "}";
    }
    void add_matrix(const layer& what, std::size_t indent) {
        const std::string begin = '\n' + std::string(indent, ' ');
        const parameter* weights = nullptr;
        for (const parameter& one : what.parameters)
            if (one.name == "weights") weights = &one;
        const auto channels = static_cast<std::size_t>(weights->dims.back());
        std::vector<double> scales = what.integers.scales;
        std::vector<std::int64_t> integers;
        for (std::size_t i = 0; i < weights->values.size(); ++i)
            integers.push_back(static_cast<std::int64_t>(std::round(weights->values[i] / scales[i % scales.size()])));
        if (per_channel && scales.size() == 1) scales.assign(channels, scales[0]);
        text += "{.matrix = {.weights = {" + list_of_integers(integers, indent + 8) + "}," + begin +
                "            .bias = {" + list_of_integers(what.integers.bias, indent + 8) + "}," + begin +
                "            .scales = {" + list_of_numbers(scales, false, indent + 8) + "}}," + begin +
                ".linear = " + quantization_text(what.integers.linear) + "," + begin +
                ".output = " + quantization_text(what.integers.output) + "}";
    }
};

/// The rule as a type.
std::string rule_text(const network& model, const std::string& rounding) {
    if (rounding != "half_even_float") return rounding;
    if (model.has_signed && model.has_unsigned)
        throw refusal("some of its integers are signed and others unsigned, which half_even_float takes for one kind");
    return rounding + (model.has_unsigned ? "<std::uint8_t>" : "<std::int8_t>");
}

}  // namespace

std::string integer_header_text(const network& model, const write_options& options) {
    if (options.double_precision) throw refusal("a model of integers has no scales of double");
    if (!options.weights_file.empty()) throw refusal("a model of integers has its weights in the header");
    const bool per_channel = has_scale_for_each_channel(model.layers);
    std::string text = "// Written by ctnn-import" +
                       (options.source.empty() ? "" : " from " + comment_text(options.source)) +
                       "; do not edit: the next import overwrites it.\n";
    for (const std::string& note : model.notes) text += "// " + comment_text(note) + '\n';
    text += "#pragma once\n\n#include <ctnn.hpp>\n#include <ctnn/quantize.hpp>\n\nnamespace " + options.name + " {\n\n";
    text += "using real_type = " + network_type_text(model, options, ">;");
    text += "/// The same of 8-bit integers.\nusing model_type = ctnn::quantized<real_type, ctnn::rounding::" +
            rule_text(model, options.rounding) + ", ctnn::" + (per_channel ? "per_channel" : "per_tensor") +
            ", ctnn::ends_in_integers>;\n\n";
    integer_writer writer{options, per_channel};
    writer.add_chain(model.layers, "", "ctnn::quantized_parameters", 4);
    std::string layers = writer.text;
    // The type of a layer of the network has the network as its last argument.
    for (std::size_t at = 0; (at = layers.find("ctnn::quantized_parameters<", at)) != layers.npos;) {
        at = layers.find('>', at);
        layers.insert(at, ", model_type");
    }
    text +=
        "inline constexpr model_type model = model_type::from({.input = " + quantization_text(model.quantized_input) +
        ",\n    .layers = " + layers + "});\n\n";
    const cost whole = cost_of(model.layers);
    text += "static_assert(model_type::multiply_accumulates == " + std::to_string(whole.multiply_accumulates) + ");\n";
    if (options.max_bytes)
        text += "static_assert(sizeof(model) <= " + std::to_string(*options.max_bytes) + ",\n              \"" +
                options.name + ": the model takes more bytes than its contract allows\");\n";
    if (options.max_macs)
        text += "static_assert(model_type::multiply_accumulates <= " + std::to_string(*options.max_macs) +
                ",\n              \"" + options.name +
                ": the model takes more multiply-accumulates than its contract allows\");\n";
    return text + "\n}  // namespace " + options.name + '\n';
}

}  // namespace ctnn_import
