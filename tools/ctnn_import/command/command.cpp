// SPDX-License-Identifier: BSL-1.0
#include "command/command.hpp"

#include "command/import_model.hpp"
#include "evaluate_ctnn/interpret.hpp"
#include "graph/operator_call.hpp"
#include "read/capture.hpp"
#include "read/formats.hpp"
#include "read/header.hpp"
#include "read/keras.hpp"
#include "read/tflite.hpp"
#include "spec/cost.hpp"
#include "text.hpp"
#include "write/write.hpp"

#include <ctnn/io/whole_file.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iomanip>
#include <random>
#include <sstream>

namespace ctnn_import {

namespace {

/// The name of a file for a message.
std::string shown(const std::filesystem::path& file) {
    return ctnn::io::detail::printable(file.string(), 4096);
}

/// Prefixes refusals with the name of the file.
template <class F>
auto about(const std::filesystem::path& file, F f) {
    try {
        return f();
    } catch (const refusal& error) { throw refusal(shown(file) + ": " + error.what()); }
}

/// The samples of an array file, one row for each.
std::vector<std::vector<double>> rows_of(const std::filesystem::path& file, std::size_t size) {
    return about(file, [&] {
        const array given = read_npy(file);
        std::vector<double> numbers;
        if (given.holds_integers())
            numbers.assign(given.integers().begin(), given.integers().end());
        else
            numbers = given.reals();
        const bool one =
            given.size() == size && (given.dims.empty() || given.dims[0] == 1 ||
                                     given.dims[0] != static_cast<std::int64_t>(size) || given.dims.size() == 1);
        const std::size_t rows = one ? 1 : given.dims.empty() ? 0 : static_cast<std::size_t>(given.dims[0]);
        if (rows == 0 || given.size() != rows * size)
            throw refusal("found an array of " + text_of(given.dims) + ", expected " + std::to_string(size) +
                          " values per sample");
        std::vector<std::vector<double>> result;
        for (std::size_t row = 0; row < rows; ++row)
            result.emplace_back(numbers.begin() + static_cast<std::ptrdiff_t>(row * size),
                                numbers.begin() + static_cast<std::ptrdiff_t>((row + 1) * size));
        return result;
    });
}

std::vector<std::int64_t> labels_of(const std::filesystem::path& file, std::size_t samples, std::int64_t classes) {
    return about(file, [&] {
        const array given = read_npy(file);
        if (!given.holds_integers() || given.size() != samples)
            throw refusal("found an array of " + text_of(given.dims) + ", expected an integer for each of " +
                          std::to_string(samples) + " samples");
        for (const std::int64_t label : given.integers())
            if (label < 0 || label >= classes)
                throw refusal("found the label " + std::to_string(label) + ", expected a class from 0 to " +
                              std::to_string(classes - 1));
        return given.integers();
    });
}

/// An upper bound of the parameters that a file can fill, at two bytes or more each. The constant covers shared PReLU
/// slopes, which fill several.
std::int64_t room_in(const std::filesystem::path& weights) {
    std::error_code status;
    const std::uintmax_t size = std::filesystem::file_size(weights, status);
    return (std::int64_t{1} << 20) + (status ? 0 : static_cast<std::int64_t>(size / 2));
}

/// An import: the network, its reference, and the graph of an ONNX model.
struct subject {
    network imported;
    std::function<std::vector<double>(const std::vector<double>&)> answer;
    std::optional<graph> model;

    std::vector<double> random_sample(std::uint64_t seed) const {
        if (model) return flat(*model, random_inputs(*model, seed));
        // An embedding takes integer symbols; 0 and 1 are always valid.
        const bool symbols = imported.layers[0].kind == "embedding";
        std::mt19937_64 engine(seed);
        std::vector<double> sample(static_cast<std::size_t>(count(imported.input)));
        for (double& number : sample)
            number = symbols ? static_cast<double>(engine() % 2) : static_cast<double>(engine() >> 40) * 0x1p-23 - 1;
        return sample;
    }
};

/// Whether a model is one of signals, not in ONNX: RTNeural's, or a capture.
bool is_signal_model(const std::filesystem::path& model) {
    return model.extension() == ".json" || model.extension() == ".aidax" || is_capture(model);
}
network import_signal_model(const command& what) {
    return is_capture(what.model) ? import_capture(what.model, what.length, {.channels = what.channels})
                                  : import_rtneural(what.model, what.length);
}

subject subject_of(command& what) {
    const std::string extension = what.model.extension().string();
    const bool keras = is_keras(what.model), tflite = !keras && is_tflite(what.model);
    about(what.model, [&] {
        if ((keras || tflite) && !what.into.empty())
            throw refusal(std::string("it is a file of ") + (keras ? "Keras" : "TensorFlow Lite") +
                          ", and --into takes weights as safetensors; without --into it is read whole");
        if (!keras && !tflite)
            if (const std::string foreign = foreign_format(what.model); !foreign.empty()) throw refusal(foreign);
    });
    if (!what.into.empty() || is_signal_model(what.model)) {
        subject result;
        what.weights.layout = what.layout == "torch"   ? framework::torch
                              : what.layout == "keras" ? framework::keras
                                                       : framework::ctnn;
        if (what.into.empty()) {
            result.imported = about(what.model, [&] { return import_signal_model(what); });
        } else {
            const network declared = about(
                what.into, [&] { return network_of_header(what.into, what.type, what.dtype, room_in(what.model)); });
            result.imported = about(what.model, [&] { return import_weights(what.model, declared, what.weights); });
        }
        result.answer = [layers = result.imported.layers](const std::vector<double>& sample) {
            return interpret(layers, sample).back();
        };
        return result;
    }
    if (extension == ".safetensors")
        throw refusal(shown(what.model) + ": weights need the network that takes them: --into HEADER");
    graph model = about(what.model, [&] {
        return keras    ? read_keras(what.model, what.read)
               : tflite ? read_tflite(what.model, what.read)
                        : read_model(what.model, what.read);
    });
    network imported = about(what.model, [&] { return import_model(model); });
    return {std::move(imported), [model](const std::vector<double>& sample) { return answer(model, sample); },
            std::move(model)};
}

/// The parts of a state, with the names that the network has for the model's.
std::vector<std::pair<std::string, std::string>> carries_of(const command& what, const subject& model) {
    std::vector<std::pair<std::string, std::string>> result;
    const auto find = [&](const std::string& name, const std::vector<value>& values,
                          const std::vector<named_shape>& named, const char* kind) -> const named_shape& {
        for (std::size_t i = 0; i < values.size() && i < named.size(); ++i)
            if (values[i].name == name) return named[i];
        throw refusal(shown(what.model) + ": --state names " + ctnn::io::detail::in_quotes(name) +
                      ", which is none of its several " + kind);
    };
    for (const auto& [in, out] : what.states) {
        const layer& graph = model.imported.layers.at(0);
        const named_shape& from =
            find(in, model.model ? model.model->inputs : std::vector<value>{}, graph.inputs, "inputs");
        const named_shape& to =
            find(out, model.model ? model.model->outputs : std::vector<value>{}, graph.outputs, "outputs");
        if (from.dims != to.dims)
            throw refusal(shown(what.model) + ": --state makes the output " + ctnn::io::detail::in_quotes(out) +
                          " of " + text_of(to.dims) + " the input " + ctnn::io::detail::in_quotes(in) + " of " +
                          text_of(from.dims));
        result.emplace_back(from.name, to.name);
    }
    if (!result.empty() && (result.size() == model.imported.layers[0].inputs.size() ||
                            result.size() == model.imported.layers[0].outputs.size()))
        throw refusal(shown(what.model) + ": --state leaves no other input, or no other output");
    return result;
}

/// Compares the user's expected outputs with the model's.
void compare_expected(const command& what, const subject& model, const std::vector<std::vector<double>>& inputs,
                      const std::vector<std::vector<double>>& expected) {
    about(what.expected, [&] {
        if (expected.size() != inputs.size())
            throw refusal("found " + std::to_string(expected.size()) + " samples, expected as many as inputs, " +
                          std::to_string(inputs.size()));
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const auto found = model.answer(inputs[i]);
            for (std::size_t k = 0; k < found.size(); ++k)
                if (!(std::abs(found[k] - expected[i][k]) <= what.tolerance * std::max(1.0, std::abs(expected[i][k]))))
                    throw refusal("sample " + std::to_string(i) + ", output " + std::to_string(k) + ": found " +
                                  std::to_string(expected[i][k]) + ", and the model computes " +
                                  std::to_string(found[k]));
        }
    });
}

std::size_t class_of(const std::vector<double>& outputs) {
    if (outputs.size() == 1) return outputs[0] >= 0.5;
    return static_cast<std::size_t>(std::max_element(outputs.begin(), outputs.end()) - outputs.begin());
}

void check_accuracy(const command& what, const subject& model, const labelled_samples& samples) {
    std::size_t right = 0;
    for (std::size_t i = 0; i < samples.labels.size(); ++i)
        right += class_of(model.answer(samples.inputs[i])) == static_cast<std::size_t>(samples.labels[i]);
    const double accuracy = static_cast<double>(right) / static_cast<double>(samples.labels.size());
    if (accuracy < *what.min_accuracy)
        throw refusal(shown(what.model) + ": the model's accuracy is " + std::to_string(accuracy) +
                      ", and its contract requires " + std::to_string(*what.min_accuracy));
}

void check_limits(const command& what, const cost& whole, bool is_of_integers) {
    const std::int64_t bytes = whole.parameters * (is_of_integers ? 1 : what.dtype == "double" ? 8 : 4);
    if (what.max_bytes && bytes > *what.max_bytes)
        throw refusal(shown(what.model) + ": its parameters take " + std::to_string(bytes) +
                      " bytes, and its contract allows " + std::to_string(*what.max_bytes));
    if (what.max_macs && whole.multiply_accumulates > *what.max_macs)
        throw refusal(shown(what.model) + ": it takes " + std::to_string(whole.multiply_accumulates) +
                      " multiply-accumulates, and its contract allows " + std::to_string(*what.max_macs));
}

void check_names(const command& what) {
    if (!what.name.empty() && !is_namespace_name(what.name))
        throw refusal("\"" + what.name + "\" cannot be the name of a namespace");
    if (!what.output.empty() && what.name.empty()) throw refusal("--output needs --name as well");
    if (what.output.empty() && !what.report) throw refusal("there is nothing to do without --output or --report");
    if (what.min_accuracy && (what.inputs.empty() || what.labels.empty()))
        throw refusal("--min-accuracy needs --inputs and --labels");
    if (!what.expected.empty() && what.inputs.empty()) throw refusal("--expected needs --inputs");
    if (!what.labels.empty() && what.inputs.empty()) throw refusal("--labels needs --inputs");
    const bool weights = !what.into.empty(), signals = !weights && is_signal_model(what.model);
    if ((weights || signals) &&
        (what.read.batch || !what.read.dims.empty() || !what.read.shapes.empty() || !what.read.output.empty()))
        throw refusal("--batch, --dim, --shape and --take are for models of ONNX and Keras");
    if (!weights && (!what.type.empty() || !what.weights.map.empty() || what.layout != command().layout))
        throw refusal("--layout, --type and --map need --into");
    if ((weights || signals) && !what.states.empty()) throw refusal("--state is for models of ONNX and Keras");
    if (!signals && what.length) throw refusal("--length is for RTNeural models and captures");
    if (what.channels != 0 && (weights || !is_capture(what.model))) throw refusal("--channels is for captures");
    if (!(what.tolerance > 0)) throw refusal("--tolerance has to be above 0");
}

/// Rejects outputs that would overwrite an input or each other, links resolved.
void check_outputs(const command& what, const subject& model, const std::filesystem::path& weights) {
    using ctnn::io::detail::is_same_file;
    std::vector<std::pair<const char*, const std::filesystem::path*>> inputs{{"the model", &what.model},
                                                                             {"the header of --into", &what.into},
                                                                             {"the file of --inputs", &what.inputs},
                                                                             {"the file of --expected", &what.expected},
                                                                             {"the file of --labels", &what.labels}};
    if (model.model)
        for (const std::filesystem::path& file : model.model->files) inputs.emplace_back("data of the model", &file);
    for (const std::filesystem::path* const output : {&what.output, &weights})
        for (const auto& [name, input] : inputs)
            if (!output->empty() && !input->empty() && is_same_file(*output, *input))
                throw refusal(shown(*output) + ": it is " + name + ", which would be overwritten");
    if (!weights.empty() && is_same_file(what.output, weights))
        throw refusal(shown(what.output) + ": header and weights would be the same file");
}

std::string report(const command& what, const subject& model) {
    const network& imported = model.imported;
    std::vector<layer_difference> all(imported.layers.size());
    if (model.model) all = differences(*model.model, imported, model.random_sample(1), what.dtype == "double");
    std::ostringstream text;
    text << std::left << std::setw(52) << "layer" << std::right << std::setw(16) << "output" << std::setw(12)
         << "parameters" << std::setw(12) << "MACs" << std::setw(12) << "steps" << std::setw(12) << "difference"
         << "  nodes\n";
    const auto line = [&](const std::string& spec, const std::string& output, const cost& of, const std::string& worst,
                          const std::string& nodes) {
        text << std::left << std::setw(52) << spec << ' ' << std::right << std::setw(15) << output << std::setw(12)
             << of.parameters << std::setw(12) << of.multiply_accumulates << std::setw(12)
             << static_cast<std::int64_t>(of.steps) << std::setw(12) << worst << "  " << nodes << '\n';
    };
    for (std::size_t i = 0; i < imported.layers.size(); ++i) {
        const layer& one = imported.layers[i];
        std::string spec = spec_text(one), nodes;
        for (std::size_t at = 0; (at = spec.find("ctnn::")) != spec.npos;) spec.erase(at, 6);
        for (const std::string& name : one.nodes) nodes += (nodes.empty() ? "" : ", ") + comment_text(name);
        std::ostringstream worst;
        if (all[i].value.empty())
            worst << '-';
        else
            worst << std::setprecision(2) << all[i].worst;
        line(spec, text_of(one.output), cost_of(one), worst.str(), nodes);
    }
    line("total", text_of(imported.output), cost_of(imported.layers), "", "");
    text << "steps: of constant evaluation, at most (clang's default limit is 1048576); difference: from the model, "
            "with parameters as "
         << what.dtype << "\n";
    return text.str();
}

}  // namespace

std::string run(const command& given) {
    check_names(given);
    command what = given;
    subject model = subject_of(what);
    model.imported.carries = carries_of(what, model);
    const network& imported = model.imported;
    std::string printed;
    if (what.report) printed = report(what, model);

    write_options options;
    options.name = what.name;
    options.source = what.model.filename().string();
    options.double_precision = what.dtype == "double";
    options.tolerance = what.tolerance;
    options.max_bytes = what.max_bytes;
    options.max_macs = what.max_macs;
    options.min_accuracy = what.min_accuracy;
    const auto size = static_cast<std::size_t>(count(imported.input));
    std::vector<std::vector<double>> inputs, expected;
    if (!what.inputs.empty()) inputs = rows_of(what.inputs, size);
    if (!what.expected.empty()) {
        expected = rows_of(what.expected, static_cast<std::size_t>(count(imported.output)));
        compare_expected(what, model, inputs, expected);
    }
    if (!what.labels.empty()) {
        const std::int64_t outputs = count(imported.output);
        options.samples = {inputs, labels_of(what.labels, inputs.size(), outputs == 1 ? 2 : outputs)};
    }
    if (what.min_accuracy) check_accuracy(what, model, options.samples);
    const bool is_of_integers = imported.quantized_input.exists();
    if (!what.rounding.empty() && !is_of_integers) throw refusal("--rounding is for models of integers");
    options.rounding = !what.rounding.empty() ? what.rounding : is_tflite(what.model) ? "twice" : "half_even_float";
    for (std::size_t i = 0; i < what.check_vectors; ++i) {
        const std::vector<double> input = i < inputs.size() ? inputs[i] : model.random_sample(i + 1);
        options.checks.push_back({input, i < expected.size() ? expected[i] : model.answer(input)});
        // Missing values are inputs like others; an output that is not finite cannot be compared.
        wants_finite(options.checks.back().output, options.double_precision,
                     i < inputs.size() ? "the output for sample " + std::to_string(i) + " of --inputs"
                                       : std::string("the output for random inputs (--inputs gives others)"));
    }
    const cost whole = cost_of(imported.layers);
    check_limits(what, whole, is_of_integers);
    if (what.output.empty()) return printed;

    std::filesystem::path weights = what.weights_file;
    if (weights.empty() && whole.parameters > most_parameters_in_header)
        weights = std::filesystem::path(what.output).replace_extension(".safetensors");
    if (!weights.empty()) {
        if (what.min_accuracy)
            throw refusal("--min-accuracy needs the weights in the header, and not in " + shown(weights));
        options.weights_file = weights.filename().string();
    }
    check_outputs(what, model, weights);
    const std::string header = about(what.model, [&] {
        return is_of_integers ? integer_header_text(imported, options) : header_text(imported, options);
    });
    const std::string numbers = weights.empty() ? std::string() : safetensors_bytes(imported, options.double_precision);
    ctnn::io::detail::staged_files both;
    if (!weights.empty()) both.add(weights, numbers);
    both.add(what.output, header);
    both.commit();
    // A header written to standard output has to be the only text there.
    if (!ctnn::io::detail::is_replaced(what.output)) return printed;
    return printed + shown(what.output) + ": " + std::to_string(imported.layers.size()) + " layers, " +
           std::to_string(whole.parameters) + " parameters, " + std::to_string(whole.multiply_accumulates) +
           " multiply-accumulates" + (weights.empty() ? "" : "; weights in " + shown(weights)) + "\n";
}

void bind_dim(const std::string& text, read_options& options) {
    const std::size_t equals = text.find('=');
    const std::string number = equals == text.npos ? "" : text.substr(equals + 1);
    if (number.empty() || number.size() > 9 || number.find_first_not_of("0123456789") != number.npos)
        throw refusal("--dim " + text + ": expected NAME=N");
    options.dims[text.substr(0, equals)] = std::stoll(number);
}

void bind_state(const std::string& text, command& what) {
    const std::size_t at = text.find('=');
    if (at == text.npos || at == 0 || at + 1 == text.size()) throw refusal("--state takes INPUT=OUTPUT, not " + text);
    what.states.emplace_back(text.substr(0, at), text.substr(at + 1));
}

void bind_module(const std::string& text, weights_options& options) {
    const std::size_t equals = text.find('=');
    if (equals == text.npos || equals == 0) throw refusal("--map " + text + ": expected LAYER=MODULE");
    options.map[text.substr(0, equals)] = text.substr(equals + 1);
}

void bind_shape(const std::string& text, read_options& options) {
    const std::size_t equals = text.rfind('=');
    extents dims;
    for (std::size_t begin = equals + 1; equals != text.npos && begin <= text.size();) {
        const std::size_t end = std::min(text.find('x', begin), text.size());
        const std::string number = text.substr(begin, end - begin);
        if (number.empty() || number.size() > 9 || number.find_first_not_of("0123456789") != number.npos) break;
        dims.push_back(std::stoll(number));
        begin = end + 1;
        if (begin > text.size()) {
            options.shapes[text.substr(0, equals)] = dims;
            return;
        }
    }
    throw refusal("--shape " + text + ": expected INPUT=1x3x8x8");
}

}  // namespace ctnn_import
