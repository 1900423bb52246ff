// SPDX-License-Identifier: BSL-1.0
#include "write/write.hpp"

#include "refusal.hpp"
#include "spec/cost.hpp"
#include "text.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace ctnn_import {

namespace {

/// Whether a kind takes positional arguments, so that an activation has to precede the options.
bool has_fixed_order(const layer& what) {
    return what.kind == "dense" || what.kind == "scale" || what.kind == "layer_norm" || what.kind == "batch_norm";
}

/// x + layers(x), which is written `residual`.
bool is_residual(const layer& what) {
    return what.kind == "sum" && what.branches.size() == 2 && what.branches[0].empty() && !what.branches[1].empty();
}

/// The template arguments, without branches.
std::vector<std::string> arguments_of(const layer& what) {
    std::vector<std::string> all = what.arguments;
    if (!what.activation.empty())
        all.push_back(what.activation);
    else if (has_fixed_order(what) && !what.options.empty())
        all.push_back("ctnn::identity");
    all.insert(all.end(), what.options.begin(), what.options.end());
    return all;
}

/// What a node of a graph takes: `ctnn::sum<ctnn::from<"a">, ctnn::from<"b">>`.
std::string source_text(const node_source& source) {
    std::vector<std::string> parts = source.arguments;
    for (const std::string& name : source.from) parts.push_back("ctnn::from<\"" + name + "\">");
    return source.combination.empty() ? parts.at(0) : "ctnn::" + source.combination + "<" + comma_list(parts) + ">";
}
std::string outputs_text(const layer& graph) {
    std::vector<std::string> names;
    for (const named_shape& output : graph.outputs) names.push_back("\"" + output.name + "\"");
    return "ctnn::outputs<" + comma_list(names) + ">";
}
/// What a network takes.
std::string input_text(const network& model) {
    if (model.layers.empty() || model.layers[0].inputs.empty()) return "ctnn::input<" + list_text(model.input) + ">";
    std::vector<std::string> parts;
    for (const named_shape& input : model.layers[0].inputs)
        parts.push_back("ctnn::named<\"" + input.name + "\", ctnn::shape<" + list_text(input.dims) + ">>");
    return "ctnn::inputs<" + comma_list(parts) + ">";
}

/// The specs of a chain, one per line, each with its nodes in a comment. `end` follows the last one.
void write_specs(const chain& layers, std::size_t indent, const std::string& end, std::string& text) {
    const std::string begin(indent, ' ');
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const layer& what = layers[i];
        const std::string behind = i + 1 < layers.size() ? "," : end;
        std::string comment;
        for (const std::string& name : what.nodes) comment += (comment.empty() ? "  // " : ", ") + comment_text(name);
        if (what.branches.empty()) {
            text += begin + spec_text(what) + behind + comment + '\n';
            continue;
        }
        if (what.kind == "bidirectional") {
            text += begin + spec_text(what) + behind + comment + '\n';
            continue;
        }
        if (what.kind == "graph") {
            text += begin + "ctnn::graph<" + comment + '\n';
            for (std::size_t b = 0; b < what.branches.size(); ++b) {
                text += begin + "    ctnn::node<\"" + what.sources[b].name + "\", " + source_text(what.sources[b]) +
                        (what.branches[b].empty() ? ">,\n" : ",\n");
                write_specs(what.branches[b], indent + 8, ">,", text);
            }
            text += begin + "    " + outputs_text(what) + ">" + behind + '\n';
            continue;
        }
        text += begin + "ctnn::" + (is_residual(what) ? "residual" : what.kind) + "<" + comma_list(what.arguments) +
                (what.arguments.empty() ? "" : ",") + comment + '\n';
        if (is_residual(what)) {
            write_specs(what.branches[1], indent + 4, ">" + behind, text);
            continue;
        }
        for (std::size_t b = 0; b < what.branches.size(); ++b) {
            const std::string after = b + 1 < what.branches.size() ? "," : ">" + behind;
            if (what.branches[b].empty()) {
                text += begin + "    ctnn::branch<>" + after + '\n';
            } else {
                text += begin + "    ctnn::branch<\n";
                write_specs(what.branches[b], indent + 8, ">" + after, text);
            }
        }
    }
}

bool has_parameters(const chain& layers) {
    return cost_of(layers).parameters > 0;
}

std::string shape_text(const extents& dims) {
    return "ctnn::shape<" + list_text(dims) + ">";
}

std::string tensor(const std::string& name, const char* number, const extents& dims, const std::vector<double>& values,
                   const write_options& options) {
    return std::string("inline constexpr ctnn::tensor<") + number + ", " + shape_text(dims) + "> " + name + "{" +
           list_of_numbers(values, options.double_precision, 4) + "};\n";
}

std::string contract(const network& model, const write_options& options) {
    const cost whole = cost_of(model.layers);
    std::string text = "static_assert(model_type::parameter_count == " + std::to_string(whole.parameters) + ");\n";
    const auto limit = [&](const std::optional<std::int64_t>& most, const char* fact, const char* words) {
        if (most)
            text += std::string("static_assert(model_type::") + fact + " <= " + std::to_string(*most) +
                    ",\n              \"" + options.name + ": the model takes more " + words +
                    " than its contract allows\");\n";
    };
    limit(options.max_bytes, "parameter_bytes", "bytes");
    limit(options.max_macs, "multiply_accumulates", "multiply-accumulates");
    return text + '\n';
}

std::string checks(const network& model, const write_options& options, bool has_constant) {
    if (options.checks.empty()) return {};
    const char* const number = options.double_precision ? "double" : "float";
    std::string text = "// Inputs, and the imported model's outputs in double precision.\n", all;
    for (std::size_t i = 0; i < options.checks.size(); ++i) {
        const std::string in = "check_input_" + std::to_string(i), out = "check_output_" + std::to_string(i);
        text += tensor(in, number, model.input, options.checks[i].input, options) +
                tensor(out, number, model.output, options.checks[i].output, options);
        all += (i > 0 ? " &&\n           " : "") + std::string("ctnn::near(net(") + in + "), " + out + ", tolerance)";
    }
    text += std::string(
                "\n/// Whether a network reproduces the model's outputs: |y - expected| <= tolerance max(1, "
                "|expected|).\n") +
            "constexpr bool answers(const model_type& net, " + number +
            " tolerance = " + literal(options.tolerance, options.double_precision) + ") {\n    return " + all +
            ";\n}\n";
    const double steps = cost_of(model.layers).steps * static_cast<double>(options.checks.size());
    if (!has_constant) return text;
    if (steps < default_steps)
        text += "static_assert(answers(model), \"" + options.name +
                ": the network does not reproduce the outputs of the imported model\");\n";
    else
        text +=
            "// Too much work for the default limits of constant evaluation: assert(answers(model)) at run time, or "
            "with "
            "raised\n// limits in a static_assert.\n";
    return text;
}

/// Samples of integers from 0 to 255 are written as bytes, others in the network's value type.
std::string samples_text(const std::vector<double>& inputs, const extents& dims, const write_options& options) {
    const bool bytes = std::all_of(inputs.begin(), inputs.end(), [](double number) {
        return number >= 0 && number <= 255 && number == std::floor(number);
    });
    if (!bytes) return tensor("samples", options.double_precision ? "double" : "float", dims, inputs, options);
    return "inline constexpr ctnn::tensor<unsigned char, " + shape_text(dims) + "> samples{" +
           list_of_integers({inputs.begin(), inputs.end()}) + "};\n";
}

std::string accuracy(const network& model, const write_options& options) {
    if (!options.min_accuracy) return {};
    const auto samples = static_cast<std::int64_t>(options.samples.labels.size());
    std::vector<double> inputs;
    for (const auto& input : options.samples.inputs) inputs.insert(inputs.end(), input.begin(), input.end());
    extents dims = model.input;
    dims.insert(dims.begin(), samples);
    return "\n// Labelled samples. The limits of constant evaluation have to be raised for them: "
           "ctnn_raise_constexpr_limits()\n"
           "// in CMake, -fconstexpr-ops-limit=4294967295 -fconstexpr-loop-limit=2147483647 (g++), "
           "-fconstexpr-steps=4294967295\n"
           "// (clang).\n" +
           samples_text(inputs, dims, options) + "inline constexpr ctnn::tensor<int, ctnn::shape<" +
           std::to_string(samples) + ">> labels{" + list_of_integers(options.samples.labels) + "};\n" +
           "static_assert(ctnn::accuracy(model, samples, labels) >= " + literal(*options.min_accuracy, true) +
           ",\n              \"" + options.name + ": the model is less accurate than its contract requires\");\n";
}

}  // namespace

void write_layer(const layer& what, const std::string& type, std::size_t indent, const write_options& options,
                 std::string& text) {
    const std::string begin(indent, ' ');
    text += begin + type;
    if (what.branches.empty()) {
        // The others are members of a base class: in braces of their own, and only they can be named.
        const bool begun = !what.parameters.empty() && what.parameters.back().name == "initial_state";
        text += begun ? "{{" : "{";
        const char* separator = "\n";
        for (const parameter& one : what.parameters) {
            const bool own = begun && &one == &what.parameters.back();
            // Thresholds of trees may be infinite: LightGBM's are where what is missing goes another way than all numbers.
            if (one.name != "splits") wants_finite(one.values, options.double_precision, one.name);
            text += (own ? "}" : "") + std::string(separator) + begin + "    " + (own ? "{" : "." + one.name + " = {") +
                    list_of_numbers(one.values, options.double_precision, indent + 8) + '}';
            separator = ",\n";
        }
        text += '}';
        return;
    }
    text += "{{.branches = {";
    const char* separator = "\n";
    for (std::size_t b = 0; b < what.branches.size(); ++b) {
        if (!has_parameters(what.branches[b])) continue;
        const std::string chain_type = type + "::chain_at<" + std::to_string(b) + ">";
        text += separator + begin + "    " + chain_type + "::storage{";
        separator = ",\n";
        const char* between = "\n";
        for (std::size_t i = 0; i < what.branches[b].size(); ++i) {
            const layer& inside = what.branches[b][i];
            if (!has_parameters({inside})) continue;
            text += between;
            between = ",\n";
            write_layer(inside, chain_type + "::layer<" + std::to_string(i) + ">", indent + 8, options, text);
        }
        text += '}';
    }
    text += "}}}";
}

std::string list_of_integers(const std::vector<std::int64_t>& numbers, std::size_t indent) {
    const std::string begin = '\n' + std::string(indent, ' ');
    std::string text, line;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const std::string one = std::to_string(numbers[i]) + (i + 1 < numbers.size() ? "," : "");
        if (line.size() + 1 + one.size() > 112 - indent) text += begin + std::exchange(line, "");
        line += (line.empty() ? "" : " ") + one;
    }
    return text + begin + line;
}

std::string network_type_text(const network& model, const write_options& options, const std::string& end) {
    std::string text = std::string("ctnn::network<\n    ") + (options.double_precision ? "double" : "float") + ", " +
                       input_text(model) + (model.layers.empty() ? end : ",") + '\n';
    write_specs(model.layers, 4, end, text);
    return text;
}

std::string spec_text(const layer& what) {
    std::vector<std::string> parts = arguments_of(what);
    if (what.kind == "bidirectional") {
        parts = {spec_text(what.branches.at(0).at(0))};
    } else if (is_residual(what)) {
        parts.clear();
        for (const layer& inside : what.branches[1]) parts.push_back(spec_text(inside));
    } else if (what.kind == "graph") {
        for (std::size_t b = 0; b < what.branches.size(); ++b) {
            std::vector<std::string> specs{"\"" + what.sources[b].name + "\"", source_text(what.sources[b])};
            for (const layer& inside : what.branches[b]) specs.push_back(spec_text(inside));
            parts.push_back("ctnn::node<" + comma_list(specs) + ">");
        }
        parts.push_back(outputs_text(what));
    } else {
        for (const chain& branch : what.branches) {
            std::vector<std::string> specs;
            for (const layer& inside : branch) specs.push_back(spec_text(inside));
            parts.push_back("ctnn::branch<" + comma_list(specs) + ">");
        }
    }
    const std::string kind = is_residual(what) ? "residual" : what.kind;
    // Layers without arguments are not templates.
    const bool plain =
        kind == "flatten" || kind == "reverse" || kind == "global_average_pool" || kind == "global_max_pool";
    return "ctnn::" + kind + (plain ? "" : "<" + comma_list(parts) + ">");
}

std::string check_value(const network& model, bool double_precision) {
    // 64-bit FNV-1a over specs, names and values.
    std::uint64_t hash = 0xcbf29ce484222325;
    const auto add = [&](const void* bytes, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i)
            hash = (hash ^ static_cast<const unsigned char*>(bytes)[i]) * std::uint64_t{0x100000001b3};
    };
    const auto add_text = [&](const std::string& text) { add(text.c_str(), text.size() + 1); };
    const auto add_chain = [&](const auto& self, const chain& layers) -> void {
        for (const layer& what : layers) {
            for (const parameter& one : what.parameters) {
                add_text(one.name);
                for (const double number : one.values) {
                    const auto rounded = static_cast<float>(number);
                    double_precision ? add(&number, sizeof number) : add(&rounded, sizeof rounded);
                }
            }
            for (const chain& branch : what.branches) self(self, branch);
        }
    };
    add_text(model.layers.empty() || model.layers[0].inputs.empty() ? list_text(model.input) : input_text(model));
    for (const layer& what : model.layers) add_text(spec_text(what));
    add_chain(add_chain, model.layers);
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[hash >> shift & 15];
    return text;
}

std::string header_text(const network& model, const write_options& options) {
    const bool in_file = !options.weights_file.empty(), has_weights = has_parameters(model.layers);
    std::string text = "// Written by ctnn-import" +
                       (options.source.empty() ? "" : " from " + comment_text(options.source)) +
                       "; do not edit: the next import overwrites it.\n";
    for (const std::string& note : model.notes) text += "// " + comment_text(note) + '\n';
    text += "#pragma once\n\n#include <ctnn.hpp>\n";
    if (in_file) text += "#include <ctnn/io/safetensors.hpp>\n\n#include <filesystem>\n";
    text += "\nnamespace " + options.name + " {\n\n";
    text += "using model_type = " + network_type_text(model, options, ">;");
    if (!model.carries.empty()) {
        text += "/// Runs it step by step: its state goes in and out.\nusing stream_type = ctnn::stateful<model_type";
        for (const auto& [in, out] : model.carries) text += ", ctnn::carry<\"" + in + "\", \"" + out + "\">";
        text += ">;\n";
    }
    text += '\n';
    if (in_file) {
        text += "/// The parameters, from the file " + comment_text(options.weights_file) +
                " that was written with this header;\n/// those of another import are refused.\n"
                "inline model_type load(const std::filesystem::path& file) {\n    model_type net;\n"
                "    ctnn::io::load_safetensors(net, file, \"" +
                check_value(model, options.double_precision) + "\");\n    return net;\n}\n\n";
    } else {
        text += "inline constexpr model_type model{";
        if (has_weights) {
            text += ".layers = {";
            const char* separator = "\n";
            for (std::size_t i = 0; i < model.layers.size(); ++i) {
                if (!has_parameters({model.layers[i]})) continue;
                text += separator;
                separator = ",\n";
                write_layer(model.layers[i], "ctnn::layer_t<" + std::to_string(i) + ", model_type>", 4, options, text);
            }
            text += '}';
        }
        text += "};\n\n";
    }
    return text + contract(model, options) + checks(model, options, !in_file) +
           (in_file ? "" : accuracy(model, options)) + "\n}  // namespace " + options.name + '\n';
}

}  // namespace ctnn_import
