// SPDX-License-Identifier: BSL-1.0
// ctnn-import: converts ONNX models to ctnn headers.
#include "command/command.hpp"
#include "command/prove.hpp"
#include "refusal.hpp"

#include <ctnn/io/error.hpp>

#include <CLI/CLI.hpp>

#include <iostream>

namespace {

using ctnn_import::command;

/// The options that bind dimensions; --dim and --shape may be repeated.
void add_bindings(CLI::App& app, command& what, std::vector<std::string>& dims, std::vector<std::string>& shapes) {
    app.add_option("--batch", what.read.batch, "binds the first extent of the inputs, the batch size: usually 1")
        ->check(CLI::PositiveNumber);
    app.add_option("--dim", dims, "NAME=N: binds an extent that the model names");
    app.add_option("--shape", shapes, "INPUT=1x3x8x8: the whole shape of an input");
}

/// The options of ctnn-prove, which is run if properties are given.
CLI::Option* add_proofs(CLI::App& app, std::vector<std::string>& properties) {
    CLI::Option* const property = app.add_option(
        "--property", properties, "p.vnnlib: proves it, and writes the proofs beside the header; may be repeated");
    property->needs("--output");
    app.add_option("--boxes", "the most boxes of the search for a property")->needs(property);
    app.add_option("--certificate-boxes", "the most boxes that the compiler is given for one")->needs(property);
    app.add_option("--compiler", "compiles the search: g++")->needs(property);
    app.add_option("--build", "keeps the compiled search in this folder")->needs(property);
    return property;
}

/// The arguments of ctnn-prove: its own, and after -- those that it gives back to this program.
std::vector<std::string> arguments_of_proofs(const CLI::App& app, const ctnn_import::command& what,
                                             const std::vector<std::string>& properties, const std::string& program) {
    std::vector<std::string> own{what.model.string()}, others{"--"};
    own.insert(own.end(), properties.begin(), properties.end());
    own.push_back("--ctnn-import=" + program);
    for (const CLI::Option* option : app.get_options()) {
        const std::string name = option->get_name();
        if (option->count() == 0 || name == "--property" || option->get_positional()) continue;
        const bool is_own = name == "--output" || name == "--name" || name == "--boxes" ||
                            name == "--certificate-boxes" || name == "--compiler" || name == "--build";
        std::vector<std::string>& to = is_own ? own : others;
        if (option->get_items_expected_max() == 0)
            to.push_back(name);
        else
            for (const std::string& value : option->results()) to.push_back(name + "=" + value);
    }
    own.insert(own.end(), others.begin(), others.end());
    return own;
}

}  // namespace

int main(int count, char** arguments) {
    command what;
    std::vector<std::string> dims, shapes, states, modules, properties;
    CLI::App app(
        "Converts a model of ONNX, Keras or TensorFlow Lite to a C++ header: the network as a type, its weights, and a "
        "contract of "
        "static_asserts.\n"
        "Whatever is not understood exactly is refused: nothing is written and the exit code is 2.");
    app.name("ctnn-import");
    app.add_option("model", what.model,
                   "the file: model.onnx, model.keras, model.h5, model.tflite, weights.safetensors, a model.json of "
                   "RTNeural, or a capture (.nam, GuitarML)")
        ->required();
    app.add_option("-o,--output", what.output, "the header to write");
    app.add_option("--name", what.name, "the namespace of its contents: kws, my::kws");
    app.add_option("--inputs", what.inputs, "x.npy: samples along the first axis");
    app.add_option("--expected", what.expected, "y.npy: the expected outputs, which are compared");
    app.add_option("--labels", what.labels, "labels.npy: the class of each sample");
    app.add_option("--min-accuracy", what.min_accuracy, "the minimum accuracy on these samples, from 0 to 1")
        ->check(CLI::Range(0.0, 1.0));
    app.add_option("--max-bytes", what.max_bytes, "the maximum size of the parameters in bytes");
    app.add_option("--max-macs", what.max_macs, "the maximum number of multiply-accumulates of a call");
    app.add_option("--check-vectors", what.check_vectors, "how many inputs and outputs the header contains")
        ->capture_default_str();
    app.add_option("--tolerance", what.tolerance, "of the outputs: |y - expected| <= tolerance max(1, |expected|)")
        ->capture_default_str();
    app.add_option("--dtype", what.dtype, "float or double")
        ->capture_default_str()
        ->check(CLI::IsMember({"float", "double"}));
    app.add_option(
           "--rounding", what.rounding,
           "of a model of integers: twice (that of tflite-micro; .tflite unless given), once, half_even (that of "
           "LiteRT), or half_even_float (that of onnxruntime; ONNX unless given)")
        ->check(CLI::IsMember({"twice", "once", "half_even", "half_even_float"}));
    app.add_option("--take", what.read.output, "the name of the output, if the model has several");
    app.add_option("--weights-file", what.weights_file,
                   "writes the weights to this safetensors file instead of the header");
    app.add_flag("--report", what.report, "prints each layer, its cost, and its difference from the model");
    add_bindings(app, what, dims, shapes);
    app.add_option("--into", what.into, "a header with `using NAME = ctnn::network<...>;` that takes the weights")
        ->check(CLI::ExistingFile);
    app.add_option("--layout", what.layout, "the framework of the weights: torch, keras or ctnn")
        ->capture_default_str()
        ->check(CLI::IsMember({"torch", "keras", "ctnn"}));
    app.add_option("--type", what.type, "the name of the network, if the header has several");
    app.add_option("--map", modules,
                   "LAYER=MODULE: which module of the file a layer takes: 0=fc1, 2.1.0=block.conv, 1=lstm#1");
    app.add_option("--state", states, "INPUT=OUTPUT: an output that is the input of the next step; may be repeated");
    app.add_option("--length", what.length,
                   "the number of time steps, for RTNeural models and captures: 1, unless given")
        ->check(CLI::PositiveNumber);
    app.add_option(
           "--channels", what.channels,
           "of a capture with networks of several sizes, the channels of the one to take: the largest, unless given")
        ->check(CLI::PositiveNumber);
    const CLI::Option* const property = add_proofs(app, properties);
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) { return app.exit(error) == 0 ? 0 : 2; }
    try {
        for (const std::string& text : dims) ctnn_import::bind_dim(text, what.read);
        for (const std::string& text : shapes) ctnn_import::bind_shape(text, what.read);
        for (const std::string& text : states) ctnn_import::bind_state(text, what);
        for (const std::string& text : modules) ctnn_import::bind_module(text, what.weights);
        if (property->count() > 0) {
            const auto program = ctnn_import::own_path(arguments[0]);
            ctnn_import::run_prover(program, arguments_of_proofs(app, what, properties, program.string()));
        }
        std::cout << ctnn_import::run(what);
        return 0;
    } catch (const std::exception& error) {
        // Exceptions of the standard library may contain file names.
        std::cerr << "ctnn-import: " << ctnn::io::detail::printable(error.what(), 100000) << '\n';
        return 2;
    }
}
