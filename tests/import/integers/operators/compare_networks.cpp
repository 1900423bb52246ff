// SPDX-License-Identifier: BSL-1.0
// Networks of one operator compute the very integers that the runtimes did: which differ, and which models are refused, is
// what the documents say, to the number.
//
// usage: compare_networks KEPT_FOLDER REFUSED              the inputs are those of write.py, the outputs kept here
//        compare_networks KEPT_FOLDER REFUSED FOLDER       FOLDER/NAME.x and the outputs beside it, more of them
#include "network_entry.hpp"
#include "records.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

namespace {

/// The formula is that of write.py.
std::vector<std::int8_t> inputs_of(std::size_t size, std::size_t samples) {
    std::vector<std::int8_t> x(size * samples);
    for (std::size_t i = 0; i < x.size(); ++i) {
        std::uint64_t z = (i + 1) * 0x9E3779B97F4A7C15u;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        const std::size_t sample = i / size, at = i % size;
        const int chosen[]{static_cast<int>(at * 37 % 256), -128, 127, at % 2 != 0 ? 127 : -128};
        x[i] = static_cast<std::int8_t>(sample < 4 ? chosen[sample] : static_cast<int>(z >> 56));
    }
    return x;
}

std::map<std::string, std::string> outputs_in(const std::string& file) {
    std::map<std::string, std::string> result;
    for (auto& [name, bytes] : records_of(file)) result.emplace(name, std::move(bytes));
    return result;
}

struct runtime {
    const char *rounding, *file, *named;
};
constexpr runtime runtimes[]{{"twice", "tflite_micro", "tflite-micro"},
                             {"half_even", "litert", "LiteRT"},
                             {"half_even_float", "onnxruntime", "onnxruntime"}};

/// The file with lines of text that should be equal.
bool is_same(const std::string& named, const std::string& found, const std::string& kept) {
    if (found == kept) return true;
    std::printf("%s: found\n%sand not\n%s", named.c_str(), found.c_str(), kept.c_str());
    return false;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3 && count != 4) return 2;
    const std::string kept = arguments[1];
    std::string found;
    std::size_t values = 0, differences = 0, networks = 0;
    bool is_right = true;
    for (const runtime& one : runtimes) {
        const auto outputs = outputs_in(kept + "/" + one.file + ".bin");
        std::vector<std::string> lines;
        std::size_t of_runtime = 0, differ_of_runtime = 0, networks_of_runtime = 0;
        for (const auto* const list : all_networks())
            for (const network_entry& net : *list) {
                if (net.rounding != std::string(one.rounding)) continue;
                const std::string title = std::string(net.name) + " " + net.rounding + ": ";
                if (!net.is_same_in_constants) {
                    std::printf("%sconstants have other outputs\n", title.c_str());
                    is_right = false;
                }
                const auto record = outputs.find(net.name);
                if (record == outputs.end()) {
                    lines.push_back(title + one.named + " does not run it\n");
                    continue;
                }
                std::string expected = record->second;
                const std::size_t few = expected.size() / net.outputs;
                std::vector<std::int8_t> x = inputs_of(net.inputs, few);
                if (count == 4) {
                    const std::string name = std::string(arguments[3]) + "/" + net.name;
                    const std::string many = whole_text(name + ".x");
                    expected = whole_text(name + "." + one.file);
                    // As signed integers.
                    const char flip = static_cast<char>(many[0] ^ static_cast<char>(x[0]));
                    x.clear();
                    for (const char c : many) x.push_back(static_cast<std::int8_t>(c ^ flip));
                    for (char& c : expected) c = static_cast<char>(c ^ flip);
                }
                const std::size_t samples = x.size() / net.inputs;
                if (samples == 0 || expected.size() != samples * net.outputs) {
                    std::printf("%s%zu bytes of outputs\n", title.c_str(), expected.size());
                    return 1;
                }
                std::size_t differ = 0;
                int most = 0;
                std::vector<std::int8_t> y(net.outputs);
                for (std::size_t sample = 0; sample < samples; ++sample) {
                    net.run(x.data() + sample * net.inputs, y.data());
                    for (std::size_t i = 0; i < net.outputs; ++i) {
                        const int by = std::abs(static_cast<std::int8_t>(expected[sample * net.outputs + i]) - y[i]);
                        differ += by != 0;
                        most = std::max(most, by);
                    }
                }
                if (differ > 0)
                    lines.push_back(title + std::to_string(differ) + " of " + std::to_string(expected.size()) +
                                    " values differ, by " + std::to_string(most) + " at most\n");
                of_runtime += expected.size();
                differ_of_runtime += differ;
                ++networks_of_runtime;
            }
        std::sort(lines.begin(), lines.end());
        for (const std::string& line : lines) found += line;
        std::printf("%s, %s: %zu networks, %zu of %zu values different\n", one.named, one.rounding, networks_of_runtime,
                    differ_of_runtime, of_runtime);
        values += of_runtime, differences += differ_of_runtime, networks += networks_of_runtime;
    }
    std::printf("%zu networks, %zu of %zu values different\n", networks, differences, values);
    if (count == 4) {
        std::printf("%s", found.c_str());
        return is_right ? 0 : 1;
    }
    is_right = is_same("differences", found, whole_text(kept + "/differences.txt")) && is_right;
    is_right = is_same("refusals", whole_text(arguments[2]), whole_text(kept + "/refused.txt")) && is_right;
    return is_right ? 0 : 1;
}
