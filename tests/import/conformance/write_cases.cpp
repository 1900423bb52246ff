// SPDX-License-Identifier: BSL-1.0
// Imports every case of the ONNX project's conformance suite, and writes the networks as C++.
//
// usage: write_cases DATA_FOLDER OUTPUT_FOLDER FILES
//
// DATA_FOLDER has the folders node, pytorch-converted, pytorch-operator and simple. The program writes a header for
// each network, FILES sources that run them, all_groups.cpp that calls these, data.bin with inputs and expected
// outputs, and verdicts.txt with a line per case: its name, its number of networks, and its verdict if they are right.
#include "spec/cost.hpp"
#include "suite.hpp"
#include "write/write.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>

namespace {

using namespace conformance;
namespace fs = std::filesystem;

/// Networks that take fewer steps than this (of 1048576 by default) are also evaluated as constants.
constexpr double most_constant_steps = 100000;

class writer {
  public:
    writer(fs::path folder, std::size_t files)
        : folder_(std::move(folder)),
          groups_(files),
          data_(folder_ / "data.bin", std::ios::binary),
          verdicts_(folder_ / "verdicts.txt") {}

    void add(const std::string& name, const imported_case& one) {
        std::string verdict = one.refused.empty() ? "pass" : "refused: " + one.refused;
        if (!one.wrong.empty()) verdict = "wrong: " + one.wrong;
        std::replace_if(
            verdict.begin(), verdict.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
        verdicts_ << name << '\t' << one.outputs.size() << '\t' << (one.evaluated ? 1 : 0) << '\t' << verdict << '\n';
        for (const imported_output& output : one.outputs) add(name, output);
    }
    void finish() {
        std::ofstream all(folder_ / "all_groups.cpp");
        std::string calls;
        all << "// Written by write_cases.\n#include \"run_case.hpp\"\n\n";
        for (std::size_t i = 0; i < groups_.size(); ++i) {
            const std::string head = "void group_" + std::to_string(i) + "(conformance::runner& run)";
            std::ofstream source(folder_ / ("group_" + std::to_string(i) + ".cpp"));
            source << "// Written by write_cases.\n#include \"run_case.hpp\"\n\n"
                   << groups_[i].includes << '\n'
                   << head << ";\n"
                   << head << " {\n"
                   << groups_[i].calls << "    static_cast<void>(run);\n}\n";
            all << head << ";\n";
            calls += "    group_" + std::to_string(i) + "(run);\n";
        }
        all << "\nvoid all_groups(conformance::runner& run) {\n" << calls << "}\n";
    }
    std::size_t networks() const { return count_; }

  private:
    void add(const std::string& name, const imported_output& one) {
        const std::string id = "case_" + std::to_string(count_);
        ctnn_import::write_options options;
        options.name = id;
        options.source = name;
        options.double_precision = one.double_precision;
        const auto is_finite = [](double number) { return std::isfinite(number); };
        const ctnn_import::check_vector& first = one.samples.at(0);
        // A nan is no constant expression for clang, and no number that a header has.
        const bool constant = ctnn_import::cost_of(one.net.layers).steps < most_constant_steps &&
                              std::all_of(first.output.begin(), first.output.end(), is_finite);
        if (constant) options.checks = {first};
        std::ofstream(folder_ / (id + ".hpp")) << ctnn_import::header_text(one.net, options);

        group& to = groups_[count_ % groups_.size()];
        to.includes += "#include \"" + id + ".hpp\"\n";
        std::string answer = "{}";
        if (constant) {
            answer = id + "_is_right";
            to.calls += "    constexpr bool " + answer + " =\n        conformance::all_near(" + id + "::model(" + id +
                        "::check_input_0), " + id + "::check_output_0);\n";
        }
        to.calls += "    run(" + id + "::model, \"" + name + "\", " + std::to_string(one.samples.size()) + ", " +
                    std::to_string(offset_) + ", " + answer + ");\n";
        for (const auto& sample : one.samples) {
            write(sample.input);
            write(sample.output);
        }
        ++count_;
    }
    void write(const std::vector<double>& numbers) {
        data_.write(reinterpret_cast<const char*>(numbers.data()),
                    static_cast<std::streamsize>(numbers.size() * sizeof(double)));
        offset_ += numbers.size();
    }

    struct group {
        std::string includes, calls;
    };
    fs::path folder_;
    std::vector<group> groups_;
    std::ofstream data_, verdicts_;
    std::size_t count_ = 0, offset_ = 0;
};

/// The folders of a suite that have a model; those of "real" have a URL instead.
std::vector<fs::path> cases_of(const fs::path& suite) {
    std::vector<fs::path> folders;
    for (const auto& entry : fs::directory_iterator(suite))
        if (fs::exists(entry.path() / "model.onnx")) folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    return folders;
}

}  // namespace

int main(int count, char** arguments) try {
    if (count != 4) {
        std::cerr << "usage: write_cases DATA_FOLDER OUTPUT_FOLDER FILES\n";
        return 2;
    }
    writer to(arguments[2], static_cast<std::size_t>(std::max(1, std::atoi(arguments[3]))));
    for (const std::string suite : {"node", "pytorch-converted", "pytorch-operator", "simple"})
        for (const fs::path& folder : cases_of(fs::path(arguments[1]) / suite))
            to.add(suite + "/" + folder.filename().string(), import_case(folder, suite == "node"));
    to.finish();
    std::cout << to.networks() << " networks\n";
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
