// SPDX-License-Identifier: BSL-1.0
// Imports every case of the ONNX project's conformance suite, and writes the networks as C++.
//
// usage: write_cases DATA_FOLDER OUTPUT_FOLDER FILES
//
// DATA_FOLDER has the folders node, pytorch-converted, pytorch-operator and simple. Written are a header for each
// network, FILES sources that run them, data.bin with inputs and expected outputs, and verdicts.txt with a line a case.
#include "cost.hpp"
#include "evaluate.hpp"
#include "import_model.hpp"
#include "operation.hpp"
#include "read.hpp"
#include "refusal.hpp"
#include "write.hpp"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace ctnn_import;
namespace fs = std::filesystem;

/// The inputs and outputs of one set of data.
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

/// The names of the inputs that a caller gives, as the file has them.
std::vector<std::string> input_names(const fs::path& file) {
    onnx::ModelProto model;
    std::ifstream stream(file, std::ios::binary);
    if (!model.ParseFromIstream(&stream)) throw refusal("the file is damaged, or no ONNX model");
    std::vector<std::string> names;
    for (const auto& input : model.graph().input()) {
        const auto& known = model.graph().initializer();
        if (std::none_of(known.begin(), known.end(), [&](const auto& one) { return one.name() == input.name(); }))
            names.push_back(input.name());
    }
    return names;
}
std::vector<std::string> output_names(const fs::path& file) {
    onnx::ModelProto model;
    std::ifstream stream(file, std::ios::binary);
    model.ParseFromIstream(&stream);
    std::vector<std::string> names;
    for (const auto& output : model.graph().output()) names.push_back(output.name());
    return names;
}

/// The axis along which a network takes one index of what the suite gives, and how many there are.
struct batch_axis {
    std::size_t axis = 0;
    std::int64_t samples = 1;
};
batch_axis batch_of(const extents& network, const extents& suite) {
    batch_axis result;
    if (network.size() != suite.size())
        throw refusal("the suite's array has " + text_of(suite) + ", and the model " + text_of(network));
    for (std::size_t axis = 0; axis < suite.size(); ++axis) {
        if (network[axis] == suite[axis]) continue;
        if (network[axis] != 1 || result.samples != 1)
            throw refusal("the suite's array has " + text_of(suite) + ", and the model " + text_of(network));
        result = {axis, suite[axis]};
    }
    return result;
}
std::vector<double> sample_of(const array& from, const batch_axis& at, std::int64_t sample) {
    std::vector<double> all(from.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = from.holds_integers() ? static_cast<double>(from.integers()[i]) : from.reals()[i];
    if (at.samples == 1) return all;
    const std::int64_t inner = count(from.dims, at.axis + 1, from.dims.size());
    std::vector<double> one;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (static_cast<std::int64_t>(i) / inner % at.samples == sample) one.push_back(all[i]);
    return one;
}

/// One network of a case, with its samples.
struct result {
    network net;
    std::vector<check_vector> samples;
    bool double_precision = false;
};

/// Whether a model computes with doubles.
bool is_double(const fs::path& file) {
    onnx::ModelProto model;
    std::ifstream stream(file, std::ios::binary);
    return model.ParseFromIstream(&stream) && model.graph().output_size() > 0 &&
           model.graph().output(0).type().tensor_type().elem_type() == onnx::TensorProto::DOUBLE;
}

result import_output(const fs::path& file, read_options options, const std::vector<data_set>& sets,
                     std::size_t output) {
    const graph model = read_model(file, options);
    result made{import_model(model), {}, is_double(file)};
    for (const data_set& set : sets) {
        std::vector<batch_axis> axes;
        std::int64_t samples = 1;
        for (std::size_t i = 0; i < model.inputs.size(); ++i) {
            if (set.inputs[i].holds_integers() != model.inputs[i].integers)
                throw refusal("the suite's input has another type than the model says");
            axes.push_back(batch_of(model.inputs[i].dims, set.inputs[i].dims));
            samples = std::max(samples, axes.back().samples);
        }
        const array& expected = set.outputs.at(output);
        const batch_axis out = batch_of(model.outputs.at(0).dims, expected.dims);
        if (out.samples != samples) throw refusal("the suite's output is no batch of " + std::to_string(samples));
        for (std::int64_t sample = 0; sample < samples; ++sample) {
            check_vector& one = made.samples.emplace_back();
            for (std::size_t i = 0; i < model.inputs.size(); ++i) {
                const auto numbers = sample_of(set.inputs[i], axes[i], axes[i].samples == 1 ? 0 : sample);
                one.input.insert(one.input.end(), numbers.begin(), numbers.end());
            }
            one.output = sample_of(expected, out, sample);
        }
    }
    return made;
}

/// A batch along the first axis, or along the second as recurrent operators have it, becomes single samples.
result import_by_sample(const fs::path& file, const read_options& options, const std::vector<data_set>& sets,
                        std::size_t output, const std::string& input) {
    try {
        return import_output(file, options, sets, output);
    } catch (const refusal& error) {
        const std::string reason = error.what();
        if (reason.find("--batch") == reason.npos) throw;
        read_options again = options;
        extents dims = sets[0].inputs[0].dims;
        if (reason.find("(axis 1)") != reason.npos)
            dims.at(1) = 1;
        else
            dims.at(0) = 1;
        again.shapes[input] = dims;
        return import_output(file, again, sets, output);
    }
}

/// All outputs of a case. In the suite of nodes every input but the first is bound, because weights come as inputs.
std::vector<result> import_case(const fs::path& folder, bool bind) {
    const fs::path file = folder / "model.onnx";
    std::vector<data_set> sets;
    const auto names = input_names(file);
    if (names.empty()) throw refusal("the model has no input");
    for (int i = 0; fs::exists(folder / ("test_data_set_" + std::to_string(i))); ++i) {
        const fs::path at = folder / ("test_data_set_" + std::to_string(i));
        sets.push_back({arrays(at, "input"), arrays(at, "output")});
        if (sets.back().inputs.size() != names.size())
            throw refusal("the suite gives an optional input that is left out");
    }
    if (sets.empty()) throw refusal("the suite gives no data");
    read_options options;
    for (std::size_t i = 1; bind && i < names.size(); ++i) options.bound[names[i]] = sets[0].inputs[i];
    if (bind)
        std::erase_if(sets, [&](const data_set& set) {
            return !std::equal(set.inputs.begin() + 1, set.inputs.end(), sets[0].inputs.begin() + 1);
        });
    std::vector<result> all;
    const auto outputs = output_names(file);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        options.output = outputs[i];
        all.push_back(import_by_sample(file, options, sets, i, names[0]));
    }
    return all;
}

class writer {
  public:
    writer(fs::path folder, std::size_t files)
        : folder_(std::move(folder)),
          groups_(files),
          data_(folder_ / "data.bin", std::ios::binary),
          verdicts_(folder_ / "verdicts.txt") {}

    void add(const std::string& name, const std::vector<result>& networks) {
        verdicts_ << name << "\trun " << networks.size() << '\n';
        for (const result& one : networks) add(name, one);
    }
    void refuse(const std::string& name, const std::string& reason) {
        verdicts_ << name << "\trefused: " << reason << '\n';
    }

    void finish() {
        for (std::size_t i = 0; i < groups_.size(); ++i) {
            std::ofstream source(folder_ / ("group_" + std::to_string(i) + ".cpp"));
            source << "// Written by write_cases.\n#include \"run_case.hpp\"\n\n"
                   << groups_[i].includes << "\nvoid group_" << i << "(conformance::runner& run) {\n"
                   << groups_[i].calls << "    static_cast<void>(run);\n}\n";
        }
    }
    std::size_t networks() const { return count_; }

  private:
    void add(const std::string& name, const result& one) {
        const std::string number = std::to_string(count_);
        write_options options;
        options.name = "case_" + number;
        options.source = name;
        options.tolerance = 1e-4;
        options.double_precision = one.double_precision;
        // Small networks also answer in constant evaluation.
        const double steps = cost_of(one.net.layers).steps;
        if (steps < 20000) options.checks.assign(one.samples.begin(), one.samples.begin() + 1);
        std::ofstream(folder_ / ("case_" + number + ".hpp")) << header_text(one.net, options);
        group& to = groups_[count_ % groups_.size()];
        to.includes += "#include \"case_" + number + ".hpp\"\n";
        to.calls += "    run(" + number + ", case_" + number + "::model, \"" + name + "\", " +
                    std::to_string(one.samples.size()) + ", " + std::to_string(offset_) + ");\n";
        for (const check_vector& sample : one.samples)
            for (const std::vector<double>* numbers : {&sample.input, &sample.output})
                for (const double one_number : *numbers) {
                    data_.write(reinterpret_cast<const char*>(&one_number), sizeof one_number);
                    ++offset_;
                }
        ++count_;
    }

    struct group {
        std::string includes, calls;
    };
    fs::path folder_;
    std::vector<group> groups_;
    std::ofstream data_, verdicts_;
    std::size_t count_ = 0, offset_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) return 2;
    const fs::path data = arguments[1];
    writer to(arguments[2], static_cast<std::size_t>(std::atoi(arguments[3])));
    for (const std::string suite : {"node", "pytorch-converted", "pytorch-operator", "simple"}) {
        std::vector<fs::path> folders;
        for (const auto& entry : fs::directory_iterator(data / suite))
            if (fs::exists(entry.path() / "model.onnx")) folders.push_back(entry.path());
        std::sort(folders.begin(), folders.end());
        for (const fs::path& folder : folders) {
            const std::string name = suite + "/" + folder.filename().string();
            try {
                to.add(name, import_case(folder, suite == "node"));
            } catch (const std::exception& error) { to.refuse(name, error.what()); }
        }
    }
    to.finish();
    std::cout << to.networks() << " networks\n";
}
