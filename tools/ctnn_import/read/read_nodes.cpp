// SPDX-License-Identifier: BSL-1.0
#include "read/read_nodes.hpp"

#include "evaluate_onnx/evaluate.hpp"
#include "read/node_reader.hpp"
#include "read/quantized_operators.hpp"
#include "read/schema.hpp"
#include "read/tensor_data.hpp"
#include "read/traditional.hpp"

#include <ctnn/io/error.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace ctnn_import {

namespace {

using ctnn::io::detail::in_quotes;
using ctnn::io::detail::printable;

constexpr std::size_t most_nodes = std::size_t{1} << 20;

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
            of.refuse("its attribute " + printable(given.name()) +
                      " is a graph, a sequence or of another unsupported type");
    }
}

}  // namespace

node_reader::node_reader(const onnx::ModelProto& model, const std::filesystem::path& folder, graph& to)
    : model_(model), folder_(folder), to_(to) {
    for (const auto& [name, numbers] : to.constants) made_.insert(name);
    for (const value& input : to.inputs) made_.insert(input.name);
    for (const auto& output : model.graph().output()) taken_.insert(output.name());
    for (const auto& one : model.graph().node()) taken_.insert(one.input().begin(), one.input().end());
}

void node_reader::read(const onnx::GraphProto& from, scope& in) {
    for (const auto& given : from.node()) read(given, in);
}

std::optional<std::string> node_reader::resolved(const scope& in, const std::string& name) {
    for (const scope* at = &in;; at = at->outer) {
        if (const auto found = at->names.find(name); found != at->names.end()) return found->second;
        if (at->outer != nullptr) continue;
        if (at->prefix.empty() || name.empty()) return name;
        return std::nullopt;
    }
}

std::string node_reader::defined(scope& in, const std::string& name) {
    if (in.prefix.empty() || name.empty()) return name;
    return in.names.emplace(name, in.prefix + name).first->second;
}

onnx::NodeProto node_reader::renamed(const onnx::NodeProto& given, scope& in) {
    onnx::NodeProto result = given;
    for (std::string& name : *result.mutable_input()) {
        const auto whole = resolved(in, name);
        if (!whole)
            throw refusal("node " + in_quotes(given.name()) + " of a function: nothing before it computes its input " +
                          in_quotes(name));
        name = *whole;
    }
    for (std::string& name : *result.mutable_output()) name = defined(in, name);
    if (in.caller == nullptr) return result;
    auto& attributes = *result.mutable_attribute();
    for (auto& one : attributes) {
        if (one.ref_attr_name().empty()) continue;
        const std::string own = one.name();
        const auto& of_caller = in.caller->attribute();
        const auto found = std::find_if(of_caller.begin(), of_caller.end(),
                                        [&](const auto& candidate) { return candidate.name() == one.ref_attr_name(); });
        one.clear_name();
        if (found == of_caller.end()) continue;
        one = *found;
        one.set_name(own);
    }
    // What the caller does not give has its default.
    attributes.erase(
        std::remove_if(attributes.begin(), attributes.end(), [](const auto& one) { return one.name().empty(); }),
        attributes.end());
    return result;
}

void node_reader::read(const onnx::NodeProto& given, scope& in) {
    if (to_.nodes.size() > most_nodes) throw refusal("the model has more than 2^20 nodes");
    const onnx::NodeProto whole = renamed(given, in);
    if (const onnx::FunctionProto* const function = function_of(whole)) return call(whole, *function, in);
    if (whole.domain().empty() || whole.domain() == "ai.onnx") {
        if (whole.op_type() == "If") return choose(whole, in);
        if (whole.op_type() == "Loop") return loop(whole, in);
        if (whole.op_type() == "Scan") return scan(whole, in);
    }
    node next = node_of(whole, in.opset);
    if (is_quantized_operator(whole.domain(), whole.op_type())) {
        is_plain_ = false;
        for (node& one : with_real_numbers(next, to_)) {
            for (const std::string& input : one.inputs)
                if (to_.constants.contains(input)) made_.insert(input);
            state_sign(one);
            add(std::move(one));
        }
        return;
    }
    state_sign(next);
    if (whole.domain() != "ai.onnx.ml") return add(std::move(next));
    is_plain_ = false;
    for (node& one : traditional(
             next, [&](const std::string& name) { return taken_.contains(name); }, to_)) {
        for (const std::string& input : one.inputs)
            if (to_.constants.contains(input)) made_.insert(input);
        add(std::move(one));
    }
}

node node_reader::node_of(const onnx::NodeProto& given, std::int64_t opset) const {
    node result;
    result.op = printable(given.op_type(), 60);
    result.inputs.assign(given.input().begin(), given.input().end());
    result.outputs.assign(given.output().begin(), given.output().end());
    result.name = printable(given.name().empty() ? result.first_output() : given.name());
    result.opset = opset;
    const std::string& domain = given.domain();
    const bool is_quantized = is_quantized_operator(domain, given.op_type());
    if (!domain.empty() && domain != "ai.onnx" && domain != "ai.onnx.ml" && !is_quantized)
        result.refuse("its operator belongs to the domain " + in_quotes(domain) + ", not to ONNX itself");
    for (const auto& one : given.attribute()) {
        if (!one.ref_attr_name().empty())
            result.refuse("its attribute " + printable(one.name()) + " refers to another");
        if (!result.attributes.emplace(one.name(), attribute_of(one, folder_, result)).second)
            result.refuse("its attribute " + printable(one.name()) + " is given twice");
    }
    if (domain != "ai.onnx.ml" && domain != "com.microsoft") check_against_schema(result, given);
    return result;
}

void node_reader::state_sign(node& of) const {
    if (of.op != "QuantizeLinear" && of.op != "DequantizeLinear") return;
    using onnx::TensorProto;
    // Without a zero point the integers of QuantizeLinear are unsigned, and those of DequantizeLinear what they are.
    int type = of.op == "QuantizeLinear" ? TensorProto::UINT8 : TensorProto::INT8;
    for (const auto& input : model_.graph().input())
        if (of.op == "DequantizeLinear" && input.name() == of.inputs[0]) type = input.type().tensor_type().elem_type();
    if (of.has_input(2)) {
        type = TensorProto::UNDEFINED;
        for (const auto& tensor : model_.graph().initializer())
            if (tensor.name() == of.inputs[2]) type = tensor.data_type();
        for (const auto& one : model_.graph().node())
            if (one.op_type() == "Constant" && one.output_size() == 1 && one.output(0) == of.inputs[2])
                for (const auto& given : one.attribute())
                    if (given.name() == "value") type = given.t().data_type();
    }
    if (type != TensorProto::INT8 && type != TensorProto::UINT8 && type != TensorProto::INT32)
        of.refuse(type == TensorProto::UNDEFINED ? "its zero point is no constant" : "its integers are not of 8 bits");
    of.attributes["unsigned"] = std::int64_t{type == TensorProto::UINT8};
}

void node_reader::add(node next) {
    for (const std::string& name : next.inputs)
        if (!name.empty() && !made_.contains(name))
            next.refuse("nothing before it computes its input " + in_quotes(name) +
                        ": it is missing, or the nodes form a cycle or are not topologically sorted");
    for (const std::string& name : next.outputs)
        if (!name.empty() && !made_.insert(name).second)
            next.refuse("its output " + in_quotes(name) + " is made twice");
    to_.nodes.push_back(std::move(next));
}

void node_reader::alias(const std::optional<std::string>& from, const std::string& name, const node& like) {
    if (!from || from->empty()) like.refuse("nothing computes its output " + in_quotes(name));
    node same = like;
    same.op = "Identity";
    same.inputs = {*from};
    same.outputs = {name};
    add(std::move(same));
}

node node_reader::caller_of(const onnx::NodeProto& given, std::int64_t opset) const {
    node result;
    result.op = printable(given.op_type(), 60);
    result.outputs.assign(given.output().begin(), given.output().end());
    result.name = printable(given.name().empty() ? result.first_output() : given.name());
    result.opset = opset;
    return result;
}

const onnx::FunctionProto* node_reader::function_of(const onnx::NodeProto& of) const {
    const onnx::FunctionProto* found = nullptr;
    for (const auto& one : model_.functions()) {
        if (one.name() != of.op_type() || one.domain() != of.domain()) continue;
        if (found != nullptr) throw refusal("the model defines the function " + in_quotes(one.name()) + " twice");
        found = &one;
    }
    return found;
}

void node_reader::call(const onnx::NodeProto& given, const onnx::FunctionProto& function, const scope& from) {
    is_plain_ = false;
    const node caller = caller_of(given, from.opset);
    if (from.depth >= deepest_call) caller.refuse("functions call each other more than 32 deep");
    if (given.input_size() > function.input_size() || given.output_size() > function.output_size())
        caller.refuse("it has more inputs or outputs than its function");
    scope in{nullptr, prefix_of(caller), {}, &given, from.opset, from.depth + 1};
    for (const auto& import : function.opset_import())
        if (import.domain().empty() || import.domain() == "ai.onnx") in.opset = import.version();
    if (in.opset < 1 || in.opset > newest_opset) caller.refuse("its function uses opset " + std::to_string(in.opset));
    for (int i = 0; i < function.input_size(); ++i)
        in.names[function.input(i)] = i < given.input_size() ? given.input(i) : "";
    for (const auto& one : function.node()) read(one, in);
    for (int i = 0; i < given.output_size(); ++i)
        if (!given.output(i).empty()) alias(resolved(in, function.output(i)), given.output(i), caller);
}

void node_reader::choose(const onnx::NodeProto& given, const scope& from) {
    is_plain_ = false;
    const node caller = caller_of(given, from.opset);
    if (from.depth >= deepest_call) caller.refuse("branches are nested more than 32 deep");
    if (given.input_size() != 1) caller.refuse("it has " + std::to_string(given.input_size()) + " inputs");
    const std::string wanted =
        whole_number(caller, given.input(0), "its condition") != 0 ? "then_branch" : "else_branch";
    const onnx::GraphProto* branch = nullptr;
    for (const auto& one : given.attribute())
        if (one.name() == wanted && one.has_g()) branch = &one.g();
    if (branch == nullptr) caller.refuse("its attribute " + wanted + " is missing");
    if (branch->output_size() != given.output_size()) caller.refuse("its branch has another number of outputs");
    scope in{&from, prefix_of(caller), {}, from.caller, from.opset, from.depth + 1};
    for (const auto& tensor : branch->initializer()) {
        const std::string name = defined(in, tensor.name());
        if (name.empty() || !made_.insert(name).second) caller.refuse("its branch has two initialisers of one name");
        to_.constants.emplace(name, array_of(tensor, folder_, "initialiser " + in_quotes(tensor.name())));
    }
    for (const auto& one : branch->node()) read(one, in);
    for (int i = 0; i < given.output_size(); ++i)
        if (!given.output(i).empty()) alias(resolved(in, branch->output(i).name()), given.output(i), caller);
}

std::string node_reader::prefix_of(const node& caller) {
    if (++calls_ > most_calls) caller.refuse("the model has more than 2^16 calls and branches");
    return caller.name + " " + std::to_string(calls_) + "/";
}

std::int64_t node_reader::whole_number(const node& of, const std::string& name, const std::string& what) const {
    std::set<std::string> needed{name};
    for (auto at = to_.nodes.rbegin(); at != to_.nodes.rend(); ++at)
        if (at->op != "Shape" && at->op != "Size" &&
            std::any_of(at->outputs.begin(), at->outputs.end(),
                        [&](const std::string& output) { return needed.contains(output); }))
            needed.insert(at->inputs.begin(), at->inputs.end());
    for (const value& input : to_.inputs)
        if (needed.contains(input.name)) of.refuse(what + " depends on the input " + in_quotes(input.name));
    // Most often it is a constant, under another name.
    std::string source = name;
    for (auto at = to_.nodes.rbegin(); at != to_.nodes.rend(); ++at)
        if (at->op == "Identity" && at->outputs[0] == source) source = at->inputs[0];
    std::map<std::string, array> values;
    if (const auto constant = to_.constants.find(source); constant != to_.constants.end())
        values.insert(*constant);
    else
        // Extents do not depend on values, so any inputs will do.
        values = evaluate(to_, random_inputs(to_, 1));
    const auto found = values.find(source);
    if (found == values.end() || !found->second.holds_integers() || found->second.size() != 1)
        of.refuse(what + (what == "its trip count" ? " is not one integer" : " is not one truth value"));
    return found->second.integers()[0];
}

extents node_reader::extents_of(const node& of, const std::string& name) const {
    if (const auto found = to_.constants.find(name); found != to_.constants.end()) return found->second.dims;
    if (!made_.contains(name)) of.refuse("nothing before it computes its input " + in_quotes(name));
    return evaluate(to_, random_inputs(to_, 1)).at(name).dims;
}

bool read_nodes(const onnx::ModelProto& model, std::int64_t opset, const std::filesystem::path& folder, graph& to) {
    node_reader reader(model, folder, to);
    scope whole;
    whole.opset = opset;
    reader.read(model.graph(), whole);
    if (model.graph().output_size() == 0) throw refusal("the model has no output");
    for (const auto& output : model.graph().output()) {
        if (!reader.has_made(output.name()))
            throw refusal("output " + in_quotes(output.name()) + ": nothing computes it");
        to.outputs.push_back({output.name(), {}, false});
    }
    return reader.is_plain() && model.functions_size() == 0;
}

}  // namespace ctnn_import
