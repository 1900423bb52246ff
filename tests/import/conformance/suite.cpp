// SPDX-License-Identifier: BSL-1.0
#include "suite.hpp"

#include "command/import_model.hpp"
#include "evaluate_onnx/evaluate.hpp"
#include "graph/operator_call.hpp"
#include "read/read.hpp"
#include "refusal.hpp"
#include "tolerance.hpp"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace conformance {

namespace {

using namespace ctnn_import;
namespace fs = std::filesystem;

/// What the file declares, before the importer reads it.
struct declaration {
    std::vector<std::string> inputs;  ///< those given by the caller
    std::vector<std::string> outputs;
    bool double_precision = false;
};

/// Refuses values for which no numeric tensor can be read.
std::string checked_name(const onnx::ValueInfoProto& value, const std::string& kind) {
    const std::string what = "the " + kind + " \"" + value.name() + "\" ";
    if (value.type().has_sequence_type()) throw refusal(what + "is a sequence");
    if (value.type().has_optional_type()) throw refusal(what + "is optional");
    if (!value.type().has_tensor_type()) throw refusal(what + "is not a tensor");
    if (value.type().tensor_type().elem_type() == onnx::TensorProto::STRING) throw refusal(what + "holds strings");
    return value.name();
}

declaration declaration_of(const fs::path& file) {
    onnx::ModelProto model;
    std::ifstream stream(file, std::ios::binary);
    if (!model.ParseFromIstream(&stream)) throw refusal("the file is damaged, or not an ONNX model");
    declaration all;
    const auto& known = model.graph().initializer();
    for (const auto& input : model.graph().input())
        if (std::none_of(known.begin(), known.end(), [&](const auto& one) { return one.name() == input.name(); }))
            all.inputs.push_back(checked_name(input, "input"));
    for (const auto& output : model.graph().output()) {
        all.outputs.push_back(checked_name(output, "output"));
        all.double_precision |= output.type().tensor_type().elem_type() == onnx::TensorProto::DOUBLE;
    }
    if (all.inputs.empty()) throw refusal("the model has no input");
    return all;
}

/// The inputs and outputs of one data set.
struct data_set {
    std::vector<array> inputs, outputs;
};

std::vector<array> arrays(const fs::path& folder, const std::string& kind) {
    std::vector<array> all;
    for (int i = 0;; ++i) {
        const fs::path file = folder / (kind + "_" + std::to_string(i) + ".pb");
        if (!fs::exists(file)) return all;
        all.push_back(read_tensor(file));
    }
}

std::vector<data_set> data_sets(const fs::path& folder, const declaration& declared) {
    std::vector<data_set> sets;
    for (int i = 0;; ++i) {
        const fs::path at = folder / ("test_data_set_" + std::to_string(i));
        if (!fs::exists(at)) break;
        const data_set& set = sets.emplace_back(data_set{arrays(at, "input"), arrays(at, "output")});
        if (set.inputs.size() != declared.inputs.size())
            throw refusal("the suite gives an optional input that is left out");
        if (set.outputs.size() != declared.outputs.size()) throw refusal("the suite has no data for an output");
    }
    if (sets.empty()) throw refusal("the suite has no data");
    return sets;
}

std::vector<double> numbers_of(const array& from) {
    if (from.holds_integers()) return {from.integers().begin(), from.integers().end()};
    return from.reals();
}

/// The axis along which a network takes one slice of the suite's array at a time, and the number of slices.
struct batch_axis {
    std::size_t axis = 0;
    std::int64_t samples = 1;
};
batch_axis batch_of(const extents& network, const extents& suite) {
    const std::string differ = "the suite's array has " + text_of(suite) + ", and the model " + text_of(network);
    batch_axis result;
    if (network.size() != suite.size()) throw refusal(differ);
    for (std::size_t axis = 0; axis < suite.size(); ++axis) {
        if (network[axis] == suite[axis]) continue;
        if (network[axis] != 1 || result.samples != 1) throw refusal(differ);
        result = {axis, suite[axis]};
    }
    return result;
}
std::vector<double> sample_of(const array& from, const batch_axis& at, std::int64_t sample) {
    const std::vector<double> all = numbers_of(from);
    if (at.samples == 1) return all;
    const std::int64_t inner = count(from.dims, at.axis + 1, from.dims.size());
    std::vector<double> one;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (static_cast<std::int64_t>(i) / inner % at.samples == sample) one.push_back(all[i]);
    return one;
}

/// The array that a data set has for an input of the model. Inputs that an output does not need are left out.
const array& data_of(const value& input, const declaration& declared, const data_set& set) {
    const auto at = std::find(declared.inputs.begin(), declared.inputs.end(), input.name);
    if (at == declared.inputs.end()) throw refusal("an input of another name");
    return set.inputs[static_cast<std::size_t>(at - declared.inputs.begin())];
}

/// The samples of a data set, for one output.
void add_samples(const graph& model, const declaration& declared, const data_set& set, std::size_t output,
                 std::vector<check_vector>& to) {
    std::vector<batch_axis> axes;
    std::int64_t samples = 1;
    for (const value& input : model.inputs) {
        const array& data = data_of(input, declared, set);
        if (data.holds_integers() != input.integers)
            throw refusal("the suite's input has another type than the model declares");
        axes.push_back(batch_of(input.dims, data.dims));
        samples = std::max(samples, axes.back().samples);
    }
    const batch_axis out = batch_of(model.outputs.at(0).dims, set.outputs[output].dims);
    if (out.samples != samples) throw refusal("the suite's output is not a batch of " + std::to_string(samples));
    for (std::int64_t sample = 0; sample < samples; ++sample) {
        check_vector& one = to.emplace_back();
        for (std::size_t i = 0; i < model.inputs.size(); ++i) {
            const auto numbers =
                sample_of(data_of(model.inputs[i], declared, set), axes[i], axes[i].samples == 1 ? 0 : sample);
            one.input.insert(one.input.end(), numbers.begin(), numbers.end());
        }
        one.output = sample_of(set.outputs[output], out, sample);
    }
}

imported_output import_output(const fs::path& file, const read_options& options, const declaration& declared,
                              const std::vector<data_set>& sets, std::size_t output) {
    const graph model = read_model(file, options);
    imported_output made{import_model(model), {}, false};
    for (const data_set& set : sets) add_samples(model, declared, set, output, made.samples);
    return made;
}

/// A batch along the first axis, or the second as in recurrent operators, is split into single samples.
imported_output import_by_sample(const fs::path& file, const read_options& options, const declaration& declared,
                                 const std::vector<data_set>& sets, std::size_t output) {
    try {
        return import_output(file, options, declared, sets, output);
    } catch (const refusal& error) {
        const std::string reason = error.what();
        if (reason.find("--batch") == reason.npos) throw;
        read_options again = options;
        extents dims = sets[0].inputs[0].dims;
        dims.at(reason.find("(axis 1)") != reason.npos ? 1 : 0) = 1;
        again.shapes[declared.inputs[0]] = dims;
        return import_output(file, again, declared, sets, output);
    }
}

/// Whether the importer's evaluation of the model gives the expected outputs for a whole batch.
bool evaluates(const fs::path& file, read_options options, const declaration& declared,
               const std::vector<data_set>& sets) {
    for (std::size_t output = 0; output < declared.outputs.size(); ++output) {
        options.output = declared.outputs[output];
        const graph model = read_model(file, options);
        for (const data_set& set : sets) {
            std::map<std::string, array> inputs;
            for (const value& input : model.inputs) inputs[input.name] = data_of(input, declared, set);
            const array found = evaluate(model, inputs).at(declared.outputs[output]);
            const std::vector<double> a = numbers_of(found), b = numbers_of(set.outputs[output]);
            if (found.dims != set.outputs[output].dims || !std::equal(a.begin(), a.end(), b.begin(), b.end(), near))
                return false;
        }
    }
    return true;
}

}  // namespace

imported_case import_case(const fs::path& folder, bool bind) {
    imported_case result;
    try {
        const fs::path file = folder / "model.onnx";
        const declaration declared = declaration_of(file);
        const std::vector<data_set> sets = data_sets(folder, declared);
        read_options options;
        for (std::size_t i = 1; bind && i < declared.inputs.size(); ++i) {
            options.bound[declared.inputs[i]] = sets[0].inputs[i];
            for (const data_set& set : sets)
                if (set.inputs[i] != sets[0].inputs[i]) throw refusal("its sets of data have other weights");
        }
        std::string right;
        for (std::size_t i = 0; i < declared.outputs.size(); ++i) {
            const std::string name = "\"" + declared.outputs[i] + "\"";
            try {
                options.output = declared.outputs[i];
                result.outputs.push_back(import_by_sample(file, options, declared, sets, i));
                result.outputs.back().double_precision = declared.double_precision;
                right += (right.empty() ? "" : ", ") + name;
            } catch (const refusal& error) {
                const std::string reason = error.what();
                if (reason.find("a bug in the importer") != reason.npos) result.wrong = reason;
                if (result.refused.empty())
                    result.refused = (declared.outputs.size() > 1 ? "output " + name + ": " : "") + reason;
            }
        }
        if (!result.refused.empty() && !right.empty()) result.refused += "; imported and right: " + right;
        try {
            result.evaluated = evaluates(file, options, declared, sets);
            if (!*result.evaluated) result.wrong = "the importer's evaluation of the model gives something else";
        } catch (const refusal&) {}  // it is then refused above, or needs another batch
    } catch (const std::exception& error) { result.refused = error.what(); }
    return result;
}

}  // namespace conformance
