// SPDX-License-Identifier: BSL-1.0
#include "read/read.hpp"

#include "evaluate_onnx/evaluate.hpp"
#include "graph/operator_call.hpp"
#include "graph/window.hpp"
#include "read/classes.hpp"
#include "read/read_nodes.hpp"
#include "read/schema.hpp"
#include "read/tensor_data.hpp"
#include "simplify/simplify.hpp"
#include "text.hpp"

#include <ctnn/io/error.hpp>

#include <google/protobuf/io/coded_stream.h>
#include <onnx/checker.h>
#include <onnx/shape_inference/implementation.h>

#include <algorithm>
#include <fstream>
#include <set>

namespace ctnn_import {

namespace {

using ctnn::io::detail::in_quotes;
using ctnn::io::detail::printable;

/// The largest batch dimension accepted without --shape.
constexpr std::int64_t most_samples = 1 << 16;

/// Parses exactly one message; trailing bytes are refused.
template <class Message>
void parse(std::string_view bytes, Message& message, const char* kind) {
    if (bytes.empty()) throw refusal("the file is empty");
    google::protobuf::io::CodedInputStream coded(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                                 static_cast<int>(bytes.size()));
    if (!message.ParseFromCodedStream(&coded) || !coded.ConsumedEntireMessage())
        throw refusal(std::string("the file is damaged, or not ") + kind);
}

/// The graph inputs that are not constants, with dynamic dimensions bound by the options.
class input_shapes {
  public:
    input_shapes(onnx::GraphProto& model, const std::set<std::string>& constants, const read_options& options);

    /// The inputs with their shapes, in the model's order. Bound and overridden dimensions are written back to the
    /// model for shape inference, and reported in the notes.
    std::vector<value> all(std::vector<std::string>& notes);

  private:
    using dimension = onnx::TensorShapeProto::Dimension;
    static bool is_open(const dimension& dim) { return !dim.has_dim_value() || dim.dim_value() == -1; }
    static std::string name_of(const dimension& dim) { return dim.has_dim_param() ? dim.dim_param() : ""; }
    static const onnx::TensorShapeProto& shape_of(const onnx::ValueInfoProto& info) {
        return info.type().tensor_type().shape();
    }
    bool has_shape(const onnx::ValueInfoProto& info) const { return options_.shapes.contains(info.name()); }

    void check_names() const;
    void check_batch();
    void replace_shape(onnx::ValueInfoProto& info) const;
    [[noreturn]] void refuse_open(const onnx::ValueInfoProto& info, int axis) const;
    std::string hint(const onnx::ValueInfoProto& info, const std::string& first) const;
    extents bind(onnx::ValueInfoProto& info) const;

    const read_options& options_;
    std::vector<onnx::ValueInfoProto*> inputs_;
    std::map<std::string, std::int64_t> names_;  ///< dim_params and the values they are bound to
};

input_shapes::input_shapes(onnx::GraphProto& model, const std::set<std::string>& constants, const read_options& options)
    : options_(options) {
    for (auto& info : *model.mutable_input()) {
        if (constants.contains(info.name())) continue;
        if (!info.type().has_tensor_type()) throw refusal("input " + in_quotes(info.name()) + ": it is not a tensor");
        inputs_.push_back(&info);
    }
    check_names();
    names_ = options.dims;
    if (!options.batch) return;
    check_batch();
    // Dimensions with the same dim_param are equal in all inputs and axes.
    for (onnx::ValueInfoProto* const info : inputs_) {
        const auto& dims = shape_of(*info).dim();
        if (!has_shape(*info) && !dims.empty() && is_open(dims[0]) && !name_of(dims[0]).empty())
            names_.emplace(name_of(dims[0]), *options.batch);
    }
}

/// Refuses options that name a symbolic dimension or an input that the model lacks.
void input_shapes::check_names() const {
    std::set<std::string> inputs, open;
    const auto listed = [](const std::set<std::string>& names) {
        return names.empty() ? std::string("none") : quoted_list(names);
    };
    for (onnx::ValueInfoProto* const info : inputs_) {
        inputs.insert(info->name());
        for (const dimension& dim : shape_of(*info).dim())
            if (is_open(dim) && !name_of(dim).empty()) open.insert(name_of(dim));
    }
    for (const auto& [name, extent] : options_.dims)
        if (!open.contains(name))
            throw refusal("--dim " + printable(name) + "=" + std::to_string(extent) +
                          ": no open extent of the inputs has this name; those that are open: " + listed(open));
    for (const auto& [name, dims] : options_.shapes)
        if (!inputs.contains(name))
            throw refusal("--shape " + printable(name) + ": the model has no such input; it has " + listed(inputs));
}

/// Refuses a batch size if every batch dimension of the model is fixed to another value.
void input_shapes::check_batch() {
    onnx::ValueInfoProto* other = nullptr;
    for (onnx::ValueInfoProto* const info : inputs_) {
        const auto& dims = shape_of(*info).dim();
        if (dims.empty()) continue;
        if (has_shape(*info) || is_open(dims[0]) || dims[0].dim_value() == *options_.batch) return;
        if (other == nullptr) other = info;
    }
    if (other == nullptr) return;
    throw refusal("input " + in_quotes(other->name()) + ": its axis 0 is " +
                  std::to_string(shape_of(*other).dim(0).dim_value()) +
                  ", and --batch binds only what a model leaves open; " +
                  hint(*other, std::to_string(*options_.batch)) + " imports the model for that shape");
}

/// "--shape x=1x3x8x8", with N for dynamic dimensions.
std::string input_shapes::hint(const onnx::ValueInfoProto& info, const std::string& first) const {
    std::string text = "--shape " + printable(info.name()) + "=";
    const auto& dims = shape_of(info).dim();
    for (int axis = 0; axis < dims.size(); ++axis)
        text += (axis == 0 ? "" : "x") + (axis == 0 && !first.empty() ? first
                                          : is_open(dims[axis])       ? "N"
                                                                      : std::to_string(dims[axis].dim_value()));
    return text;
}

void input_shapes::refuse_open(const onnx::ValueInfoProto& info, int axis) const {
    const std::string name = printable(name_of(shape_of(info).dim(axis)), 40);
    std::string binds = axis == 0 ? "--batch 1" : "";
    if (!name.empty()) binds += (binds.empty() ? "--dim " + name + "=N" : " or --dim " + name + "=1");
    if (binds.empty()) binds = hint(info, "");
    throw refusal("input " + in_quotes(info.name()) + ": its axis " + std::to_string(axis) + " is open" +
                  (name.empty() ? "" : " (" + name + ")") + "; " + binds + " binds it");
}

void input_shapes::replace_shape(onnx::ValueInfoProto& info) const {
    const extents& given = options_.shapes.at(info.name());
    auto& tensor = *info.mutable_type()->mutable_tensor_type();
    if (tensor.has_shape() && static_cast<std::size_t>(tensor.shape().dim_size()) != given.size())
        throw refusal("--shape " + printable(info.name()) + ": it has " + std::to_string(given.size()) +
                      " extents, and the input of the model " + std::to_string(tensor.shape().dim_size()));
    tensor.clear_shape();
    for (const std::int64_t extent : given) tensor.mutable_shape()->add_dim()->set_dim_value(extent);
}

extents input_shapes::bind(onnx::ValueInfoProto& info) const {
    const std::string what = "input " + in_quotes(info.name());
    if (has_shape(info)) replace_shape(info);
    auto& tensor = *info.mutable_type()->mutable_tensor_type();
    if (!tensor.has_shape())
        throw refusal(what + ": the model declares no shape for it; give one by --shape " + printable(info.name()) +
                      "=1x3x8x8, with its own extents");
    auto& shape = *tensor.mutable_shape();
    extents dims;
    for (int axis = 0; axis < shape.dim_size(); ++axis) {
        dimension& dim = *shape.mutable_dim(axis);
        if (is_open(dim)) {
            const auto named = names_.find(name_of(dim));
            if (named != names_.end())
                dim.set_dim_value(named->second);
            else if (axis == 0 && options_.batch)
                dim.set_dim_value(*options_.batch);
            else
                refuse_open(info, axis);
        }
        if (dim.dim_value() < 1 || dim.dim_value() > 1 << 26)
            throw refusal(what + ": an extent is below 1 or above 2^26");
        dims.push_back(dim.dim_value());
        if (count(dims) > 1 << 26) throw refusal(what + ": it has more than 2^26 elements");
    }
    // A batch this large suggests that the model was traced with an entire data set.
    if (dims.size() > 1 && dims[0] > most_samples && !has_shape(info))
        throw refusal(what + ": its first extent is " + std::to_string(dims[0]) + ", and a network takes one sample; " +
                      hint(info, "1") + " imports the model for one, and " + hint(info, "") + " for all of them");
    return dims;
}

std::vector<value> input_shapes::all(std::vector<std::string>& notes) {
    std::vector<value> result;
    for (onnx::ValueInfoProto* const info : inputs_) {
        std::string before;
        for (const dimension& dim : shape_of(*info).dim())
            before += (before.empty() ? "" : " x ") + (!is_open(dim)          ? std::to_string(dim.dim_value())
                                                       : name_of(dim).empty() ? "?"
                                                                              : printable(name_of(dim), 40));
        const bool is_integer =
            holds_integers(info->type().tensor_type().elem_type(), "input " + in_quotes(info->name()));
        result.push_back({info->name(), bind(*info), is_integer});
        if (const std::string now = text_of(result.back().dims); !before.empty() && now != before)
            notes.push_back("The input " + in_quotes(info->name()) + " is imported as " + now +
                            "; the model declares it as " + before + ".");
    }
    return result;
}

std::string first_line(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(" \n");
    if (begin == text.npos) return "no reason given";
    return printable(text.substr(begin, text.find('\n', begin) - begin));
}

/// Compares the shapes that the ONNX library infers with those from evaluation. Skipped if a pool's last window would
/// lie entirely in the padding: the library counts it, as the standard did then, and no other implementation does.
void compare_with_library(onnx::ModelProto& model, const graph& read, std::int64_t opset) {
    if (opset > newest_of_library) return;
    for (const node& what : read.nodes)
        if (what.get<std::int64_t>("ceil_mode", 0) != 0 && leaves_out_last_window(what, read.shapes.at(what.inputs[0])))
            return;
    model.set_ir_version(std::min<std::int64_t>(model.ir_version(), onnx::IR_VERSION));
    // Shapes stored in the file may be for another batch size.
    model.mutable_graph()->clear_value_info();
    for (auto& output : *model.mutable_graph()->mutable_output())
        if (output.type().has_tensor_type()) output.mutable_type()->mutable_tensor_type()->clear_shape();
    try {
        onnx::shape_inference::InferShapes(model);
    } catch (const std::exception& error) {
        throw refusal("the ONNX library infers no shapes: " + first_line(error.what()));
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
            throw refusal("value " + in_quotes(info.name()) + ": the importer infers the shape " +
                          text_of(found->second) + ", and the ONNX library another one");
    };
    for (const auto& info : model.graph().value_info()) compare(info);
    for (const auto& info : model.graph().output()) compare(info);
}

/// Adds a note for each output whose shape differs from the declared one; runtimes accept such a model with a warning.
/// Not called if an input's shape was overridden, as the declared shapes are then for another input.
void note_declared_shapes(const onnx::GraphProto& from, graph& read) {
    for (const auto& info : from.output()) {
        if (!info.type().has_tensor_type() || !info.type().tensor_type().has_shape()) continue;
        const auto& shape = info.type().tensor_type().shape();
        const extents& found = read.shapes.at(info.name());
        bool same = static_cast<std::size_t>(shape.dim_size()) == found.size();
        std::string declared;
        for (int axis = 0; axis < shape.dim_size(); ++axis) {
            const auto& dim = shape.dim(axis);
            const bool is_known = dim.has_dim_value() && dim.dim_value() >= 0;
            declared += (axis == 0 ? "" : " x ") + (is_known ? std::to_string(dim.dim_value()) : "?");
            same = same && (!is_known || dim.dim_value() == found[static_cast<std::size_t>(axis)]);
        }
        if (!same)
            read.notes.push_back("The output " + in_quotes(info.name()) + " is " + text_of(found) +
                                 "; the model declares it as " + (declared.empty() ? "a scalar" : declared) + ".");
    }
}

/// The external data files of initialisers and attributes, in branches too.
void add_external_files(const onnx::GraphProto& from, const std::filesystem::path& folder,
                        std::set<std::filesystem::path>& files) {
    const auto look = [&](const onnx::TensorProto& tensor) {
        if (const std::string location = location_of(tensor); !location.empty()) files.insert(folder / location);
    };
    for (const auto& tensor : from.initializer()) look(tensor);
    for (const auto& node : from.node())
        for (const auto& attribute : node.attribute()) {
            look(attribute.t());
            if (attribute.has_g()) add_external_files(attribute.g(), folder, files);
        }
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

/// The values that a node takes, those that its branches take from outside included.
void add_taken(const onnx::NodeProto& from, std::set<std::string>& to) {
    for (const std::string& input : from.input())
        if (!input.empty()) to.insert(input);
    for (const auto& attribute : from.attribute()) {
        if (!attribute.has_g()) continue;
        for (const auto& one : attribute.g().node()) add_taken(one, to);
        for (const auto& output : attribute.g().output()) to.insert(output.name());
    }
}

/// Prunes the graph to one output and the nodes, inputs and initialisers it depends on: classifiers often output the
/// class beside the probabilities, computed by operators that are not part of the network.
void take_output(const std::string& name, onnx::GraphProto& from) {
    auto& outputs = *from.mutable_output();
    const std::string names = quoted_list(outputs, [](const auto& one) { return one.name(); });
    outputs.erase(std::remove_if(outputs.begin(), outputs.end(), [&](const auto& one) { return one.name() != name; }),
                  outputs.end());
    if (outputs.empty()) throw refusal("the model has no output " + in_quotes(name) + "; it has " + names);
    std::set<std::string> needed{name};
    google::protobuf::RepeatedPtrField<onnx::NodeProto> kept;
    for (int i = from.node_size() - 1; i >= 0; --i) {
        onnx::NodeProto& one = *from.mutable_node(i);
        if (std::none_of(one.output().begin(), one.output().end(),
                         [&](const auto& output) { return needed.contains(output); }))
            continue;
        add_taken(one, needed);
        kept.Add(std::move(one));
    }
    std::reverse(kept.begin(), kept.end());
    from.mutable_node()->Swap(&kept);
    const auto unused = [&](const auto& one) { return !needed.contains(one.name()); };
    auto& inputs = *from.mutable_input();
    inputs.erase(std::remove_if(inputs.begin(), inputs.end(), unused), inputs.end());
    auto& initialisers = *from.mutable_initializer();
    initialisers.erase(std::remove_if(initialisers.begin(), initialisers.end(), unused), initialisers.end());
}

}  // namespace

std::string whole_file(const std::filesystem::path& file) {
    std::error_code status;
    const auto size = std::filesystem::is_regular_file(file, status) ? std::filesystem::file_size(file, status) : 0;
    std::ifstream stream(file, std::ios::binary);
    if (status || !stream) throw refusal("the file cannot be opened");
    if (!std::filesystem::is_regular_file(file)) throw refusal("it is a folder, a pipe or a device, and no file");
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
    parse(bytes, model, "an ONNX model");
    if (model.ir_version() < 1 || !model.has_graph()) throw refusal("the file is damaged, or not an ONNX model");
    if (model.ir_version() > newest_ir)
        throw refusal("the file has version " + std::to_string(model.ir_version()) +
                      " of ONNX's format; the importer knows 1 to " + std::to_string(newest_ir));
    const std::int64_t opset = opset_of(model);
    graph result;
    drop_names(*model.mutable_graph(), result.notes);
    if (!options.output.empty()) take_output(options.output, *model.mutable_graph());
    std::set<std::filesystem::path> files;
    add_external_files(model.graph(), folder, files);
    onnx::GraphProto bodies;
    for (const auto& function : model.functions()) bodies.mutable_node()->MergeFrom(function.node());
    add_external_files(bodies, folder, files);
    result.files.assign(files.begin(), files.end());
    read_initialisers(model.graph(), folder, result);
    std::set<std::string> names, constants;
    for (const auto& [name, numbers] : result.constants) constants.insert(name);
    for (const auto& info : model.graph().input()) {
        if (info.name().empty() || !names.insert(info.name()).second)
            throw refusal("input " + in_quotes(info.name()) + ": it has no name, or one that is used twice");
        // Early IR versions list the initialisers among the inputs.
        if (const auto bound = options.bound.find(info.name());
            bound != options.bound.end() && constants.insert(info.name()).second)
            result.constants.emplace(*bound);
    }
    result.inputs = input_shapes(*model.mutable_graph(), constants, options).all(result.notes);
    if (result.inputs.empty())
        throw refusal(options.output.empty() ? "the model has no input"
                                             : "the output " + in_quotes(options.output) + " depends on no input");
    const bool is_plain = read_nodes(model, opset, folder, result);
    take_quantization(result);

    for (const auto& [name, numbers] : evaluate(result, random_inputs(result, 1))) {
        result.shapes[name] = numbers.dims;
        for (value& output : result.outputs)
            if (output.name == name) output = {name, numbers.dims, numbers.holds_integers()};
    }
    if (options.shapes.empty()) note_declared_shapes(model.graph(), result);
    // The library knows neither operators of other domains nor which branch is taken.
    if (is_plain) compare_with_library(model, result, opset);
    leave_class_to_program(result);
    return result;
}

array read_tensor(const std::filesystem::path& file) {
    onnx::TensorProto tensor;
    parse(whole_file(file), tensor, "an ONNX tensor");
    return array_of(tensor, {}, "tensor " + in_quotes(tensor.name()));
}

}  // namespace ctnn_import
