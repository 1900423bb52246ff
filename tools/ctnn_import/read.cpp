// SPDX-License-Identifier: BSL-1.0
#include "read.hpp"

#include "evaluate.hpp"
#include "operation.hpp"
#include "tensor_data.hpp"

#include <ctnn/io/error.hpp>

#include <google/protobuf/io/coded_stream.h>
#include <onnx/checker.h>
#include <onnx/defs/schema.h>
#include <onnx/shape_inference/implementation.h>

#include <algorithm>
#include <fstream>
#include <set>

namespace ctnn_import {

namespace {

using ctnn::io::detail::in_quotes;
using ctnn::io::detail::printable;

constexpr std::int64_t oldest_opset = 6, newest_opset = 18, newest_of_library = 17;

/// A message, wholly and nothing behind it.
template <class Message>
void parse(std::string_view bytes, Message& message, const char* kind) {
    if (bytes.empty()) throw refusal("the file is empty");
    google::protobuf::io::CodedInputStream coded(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                                 static_cast<int>(bytes.size()));
    if (!message.ParseFromCodedStream(&coded) || !coded.ConsumedEntireMessage())
        throw refusal(std::string("the file is damaged, or no ") + kind);
}

std::int64_t opset_of(const onnx::ModelProto& model) {
    std::int64_t version = 0;
    for (const auto& import : model.opset_import()) {
        if (!import.domain().empty() && import.domain() != "ai.onnx") continue;
        if (version != 0) throw refusal("the model imports two versions of the operators of ONNX");
        version = import.version();
    }
    if (version < 1 || version > newest_opset)
        throw refusal(version == 0 ? "the model imports no operators of ONNX"
                                   : "the model has version " + std::to_string(version) +
                                         " of ONNX's operators; the importer knows 6 to 18");
    return version;
}

attribute attribute_of(const onnx::AttributeProto& given, const std::filesystem::path& folder, const node& of) {
    using onnx::AttributeProto;
    switch (given.type()) {
        case AttributeProto::INT:
            return given.i();
        case AttributeProto::FLOAT:
            return double{given.f()};
        case AttributeProto::STRING:
            return given.s();
        case AttributeProto::INTS:
            return std::vector<std::int64_t>(given.ints().begin(), given.ints().end());
        case AttributeProto::FLOATS:
            return std::vector<double>(given.floats().begin(), given.floats().end());
        case AttributeProto::STRINGS:
            return std::vector<std::string>(given.strings().begin(), given.strings().end());
        case AttributeProto::TENSOR:
            return array_of(given.t(), folder,
                            "node " + in_quotes(of.name) + " (" + of.op + "): " + printable(given.name()));
        default:
            of.refuse("its attribute " + printable(given.name()) + " holds a graph, a sequence or the like");
    }
}

/// Compares a node with what the standard says of its operator.
void check_against_schema(const node& of, const onnx::NodeProto& given) {
    const onnx::OpSchema* const schema =
        onnx::OpSchemaRegistry::Schema(of.op, static_cast<int>(std::min(of.opset, newest_of_library)), "");
    // Before version 6 operators had other attributes; some have stayed as they are since then.
    const onnx::OpSchema* const later = onnx::OpSchemaRegistry::Schema(of.op, static_cast<int>(oldest_opset), "");
    if (of.opset < oldest_opset && (later == nullptr || later->since_version() > of.opset))
        of.refuse("version " + std::to_string(of.opset) +
                  " of ONNX gave it another meaning; the importer knows 6 to 18");
    if (schema == nullptr) of.refuse("version " + std::to_string(of.opset) + " of ONNX has no such operator");
    if (schema->Deprecated()) of.refuse("version " + std::to_string(of.opset) + " of ONNX has given it up");
    const bool newer = of.opset > newest_of_library;
    // What version 18 changed in operators that the importer knows: axes became inputs, and Split counts its outputs.
    const bool more_inputs = newer && (of.op.starts_with("Reduce") || of.op == "Pad");
    const auto inputs = static_cast<int>(of.inputs.size()), outputs = static_cast<int>(of.outputs.size());
    if (inputs < schema->min_input() || inputs > schema->max_input() + more_inputs)
        of.refuse("it has " + std::to_string(inputs) + " inputs");
    if (outputs < schema->min_output() || outputs > schema->max_output())
        of.refuse("it has " + std::to_string(outputs) + " outputs");
    for (const auto& one : given.attribute()) {
        if (newer && of.op == "Split" && one.name() == "num_outputs") continue;
        const auto known = schema->attributes().find(one.name());
        const bool gone = more_inputs && one.name() == "axes";
        if (known == schema->attributes().end() || gone)
            of.refuse("version " + std::to_string(of.opset) + " of the operator has no attribute " +
                      in_quotes(one.name()));
        if (known->second.type != one.type()) of.refuse("its attribute " + one.name() + " has another type");
    }
    for (const auto& [name, known] : schema->attributes())
        if (known.required && !of.has(name)) of.refuse("its attribute " + name + " is missing");
}

node node_of(const onnx::NodeProto& given, std::int64_t opset, const std::filesystem::path& folder) {
    node result;
    result.op = printable(given.op_type(), 60);
    result.inputs.assign(given.input().begin(), given.input().end());
    result.outputs.assign(given.output().begin(), given.output().end());
    result.name = printable(!given.name().empty()     ? given.name()
                            : given.output_size() > 0 ? given.output(0)
                                                      : "(no name)");
    result.opset = opset;
    if (!given.domain().empty() && given.domain() != "ai.onnx")
        result.refuse("its operator is of the domain " + in_quotes(given.domain()) + ", not of ONNX itself");
    for (const auto& one : given.attribute()) {
        if (!one.ref_attr_name().empty())
            result.refuse("its attribute " + printable(one.name()) + " refers to another");
        if (!result.attributes.emplace(one.name(), attribute_of(one, folder, result)).second)
            result.refuse("its attribute " + printable(one.name()) + " is given twice");
    }
    check_against_schema(result, given);
    return result;
}

/// The shape of an input, with what was open bound. Writes it back for the inference.
extents shape_of_input(onnx::ValueInfoProto& info, const read_options& options) {
    const std::string what = "input " + in_quotes(info.name());
    if (!info.type().has_tensor_type()) throw refusal(what + ": it is no tensor");
    auto& shape = *info.mutable_type()->mutable_tensor_type()->mutable_shape();
    if (const auto given = options.shapes.find(info.name()); given != options.shapes.end()) {
        shape.clear_dim();
        for (const std::int64_t extent : given->second) shape.add_dim()->set_dim_value(extent);
    }
    extents dims;
    for (int axis = 0; axis < shape.dim_size(); ++axis) {
        auto& dim = *shape.mutable_dim(axis);
        const auto named = dim.has_dim_param() ? options.dims.find(dim.dim_param()) : options.dims.end();
        if (axis == 0 && options.batch)
            dim.set_dim_value(*options.batch);
        else if (named != options.dims.end())
            dim.set_dim_value(named->second);
        if (!dim.has_dim_value())
            throw refusal(
                what + ": its axis " + std::to_string(axis) + " is open" +
                (dim.has_dim_param() && !dim.dim_param().empty() ? " (" + printable(dim.dim_param(), 40) + ")" : "") +
                "; " +
                (axis == 0             ? "--batch 1"
                 : dim.has_dim_param() ? "--dim NAME=N"
                                       : "--shape INPUT=1x2x3") +
                " binds it");
        if (dim.dim_value() < 1 || dim.dim_value() > 1 << 26)
            throw refusal(what + ": an extent is below 1 or above 2^26");
        dims.push_back(dim.dim_value());
        if (count(dims) > 1 << 26) throw refusal(what + ": it has more than 2^26 numbers");
    }
    return dims;
}

std::string first_line(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(" \n");
    if (begin == text.npos) return "no reason given";
    return printable(text.substr(begin, text.find('\n', begin) - begin));
}

/// Lets the ONNX library look at the model, and compares the shapes that it infers with those that were computed.
void compare_with_library(onnx::ModelProto& model, const graph& read, std::int64_t opset) {
    if (opset > newest_of_library) return;
    model.set_ir_version(std::min<std::int64_t>(model.ir_version(), onnx::IR_VERSION));
    // Shapes inside the file may be of another batch.
    model.mutable_graph()->clear_value_info();
    for (auto& output : *model.mutable_graph()->mutable_output())
        if (output.type().has_tensor_type()) output.mutable_type()->mutable_tensor_type()->clear_shape();
    try {
        onnx::shape_inference::InferShapes(model);
    } catch (const std::exception& error) {
        throw refusal("the ONNX library finds no shapes: " + first_line(error.what()));
    }
    const auto compare = [&](const onnx::ValueInfoProto& info) {
        const auto found = read.shapes.find(info.name());
        if (found == read.shapes.end() || !info.type().tensor_type().has_shape()) return;
        const auto& shape = info.type().tensor_type().shape();
        bool same = static_cast<std::size_t>(shape.dim_size()) == found->second.size();
        for (int axis = 0; same && axis < shape.dim_size(); ++axis)
            same = !shape.dim(axis).has_dim_value() ||
                   shape.dim(axis).dim_value() == found->second[static_cast<std::size_t>(axis)];
        if (!same)
            throw refusal("value " + in_quotes(info.name()) + ": the importer finds the shape " +
                          text_of(found->second) + ", and the ONNX library another one");
    };
    for (const auto& info : model.graph().value_info()) compare(info);
    for (const auto& info : model.graph().output()) compare(info);
}

void read_initialisers(const onnx::GraphProto& from, const std::filesystem::path& folder, graph& to) {
    if (from.sparse_initializer_size() > 0) throw refusal("the model has sparse initialisers");
    for (const auto& tensor : from.initializer()) {
        const std::string what = "initialiser " + in_quotes(tensor.name());
        if (tensor.name().empty()) throw refusal("an initialiser has no name");
        if (!to.constants.emplace(tensor.name(), array_of(tensor, folder, what)).second)
            throw refusal(what + ": the name is used twice");
    }
}

/// Nodes, each after those it needs, and every value made once.
void read_nodes(const onnx::GraphProto& from, std::int64_t opset, const std::filesystem::path& folder, graph& to) {
    std::set<std::string> made;
    for (const auto& [name, numbers] : to.constants) made.insert(name);
    for (const value& input : to.inputs) made.insert(input.name);
    for (const auto& given : from.node()) {
        node next = node_of(given, opset, folder);
        for (const std::string& name : next.inputs)
            if (!name.empty() && !made.contains(name))
                next.refuse("nothing before it makes its input " + in_quotes(name) +
                            ": it is missing, or the nodes form a cycle or stand in another order");
        for (const std::string& name : next.outputs)
            if (!name.empty() && !made.insert(name).second)
                next.refuse("its output " + in_quotes(name) + " is made twice");
        to.nodes.push_back(std::move(next));
    }
    if (from.output_size() == 0) throw refusal("the model has no output");
    for (const auto& output : from.output()) {
        if (!made.contains(output.name())) throw refusal("output " + in_quotes(output.name()) + ": nothing makes it");
        to.outputs.push_back({output.name(), {}, false});
    }
}

/// Leaves one output, and the nodes that it needs: a classifier's class is often an output beside its probabilities, made
/// by operators that have nothing to do with the network.
void take_output(const std::string& name, onnx::GraphProto& from) {
    auto& outputs = *from.mutable_output();
    outputs.erase(std::remove_if(outputs.begin(), outputs.end(), [&](const auto& one) { return one.name() != name; }),
                  outputs.end());
    if (outputs.empty()) throw refusal("the model has no output " + in_quotes(name));
    std::set<std::string> needed{name};
    google::protobuf::RepeatedPtrField<onnx::NodeProto> kept;
    for (int i = from.node_size() - 1; i >= 0; --i) {
        onnx::NodeProto& one = *from.mutable_node(i);
        if (std::none_of(one.output().begin(), one.output().end(),
                         [&](const auto& output) { return needed.contains(output); }))
            continue;
        for (const std::string& input : one.input())
            if (!input.empty()) needed.insert(input);
        kept.Add(std::move(one));
    }
    std::reverse(kept.begin(), kept.end());
    from.mutable_node()->Swap(&kept);
}

}  // namespace

std::string whole_file(const std::filesystem::path& file) {
    std::error_code status;
    const auto size = std::filesystem::is_regular_file(file, status) ? std::filesystem::file_size(file, status) : 0;
    std::ifstream stream(file, std::ios::binary);
    if (status || !stream) throw refusal("the file does not open");
    if (size >= std::uintmax_t{1} << 31) throw refusal("the file has 2 GiB or more");
    std::string bytes(size, '\0');
    if (!stream.read(bytes.data(), static_cast<std::streamsize>(size))) throw refusal("the file cannot be read");
    return bytes;
}

graph read_model(const std::filesystem::path& file, const read_options& options) {
    return parse_model(whole_file(file), file.has_parent_path() ? file.parent_path() : ".", options);
}

graph parse_model(std::string_view bytes, const std::filesystem::path& folder, const read_options& options) {
    onnx::ModelProto model;
    parse(bytes, model, "ONNX model");
    if (model.ir_version() < 1 || !model.has_graph()) throw refusal("the file is damaged, or no ONNX model");
    const std::int64_t opset = opset_of(model);
    if (model.functions_size() > 0) throw refusal("the model has functions of its own");

    graph result;
    read_initialisers(model.graph(), folder, result);
    std::set<std::string> names;
    for (auto& info : *model.mutable_graph()->mutable_input()) {
        if (info.name().empty() || !names.insert(info.name()).second)
            throw refusal("input " + in_quotes(info.name()) + ": it has no name, or one that is used twice");
        // Files of the first versions list the initialisers among the inputs.
        if (result.constants.contains(info.name())) continue;
        if (const auto bound = options.bound.find(info.name()); bound != options.bound.end()) {
            result.constants.emplace(*bound);
            continue;
        }
        const bool integers = holds_integers(info.type().tensor_type().elem_type(), "input " + in_quotes(info.name()));
        result.inputs.push_back({info.name(), shape_of_input(info, options), integers});
    }
    if (result.inputs.empty()) throw refusal("the model has no input");
    if (!options.output.empty()) take_output(options.output, *model.mutable_graph());
    read_nodes(model.graph(), opset, folder, result);

    for (const auto& [name, numbers] : evaluate(result, random_inputs(result, 1))) {
        result.shapes[name] = numbers.dims;
        for (value& output : result.outputs)
            if (output.name == name) output = {name, numbers.dims, numbers.holds_integers()};
    }
    compare_with_library(model, result, opset);
    return result;
}

array read_tensor(const std::filesystem::path& file) {
    onnx::TensorProto tensor;
    parse(whole_file(file), tensor, "tensor of ONNX");
    return array_of(tensor, {}, "tensor " + in_quotes(tensor.name()));
}

}  // namespace ctnn_import
