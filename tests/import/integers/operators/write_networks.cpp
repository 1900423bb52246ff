// SPDX-License-Identifier: BSL-1.0
// Imports each model of models.bin with the rounding of the runtimes that have run it, and writes the networks as C++.
//
// usage: write_networks MODELS OUTPUT_FOLDER FILES
//
// The program writes FILES sources with the networks, networks.cpp with the list of all, and refused.txt: a line for each
// import that was refused, with its name, its rule and the reason.
#include "command/import_model.hpp"
#include "read/read.hpp"
#include "read/tflite.hpp"
#include "records.hpp"
#include "refusal.hpp"
#include "write/write.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>

namespace {

using namespace ctnn_import;

struct source {
    std::string headers, entries;
};

void add(const std::string& name, const graph& model, const std::string& rounding, source& to) {
    write_options options;
    options.name = name + "_" + rounding;
    options.rounding = rounding;
    to.headers += integer_header_text(import_model(model), options);
    to.entries += "    entry_of<" + options.name + "::model, " + options.name + "::pattern>(\"" + name + "\", \"" +
                  rounding + "\"),\n";
    // The same in a constant, of an input that needs no long evaluation.
    to.headers += "namespace " + options.name + " {\ninline constexpr auto pattern = in_a_constant<model>();\n}\n\n";
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) return 2;
    const std::string folder = arguments[2];
    std::vector<source> sources(std::stoul(arguments[3]));
    std::ofstream refused(folder + "/refused.txt");
    std::size_t next = 0;
    try {
        for (const auto& [file, bytes] : records_of(arguments[1])) {
            const std::string name = file.substr(0, file.find('.'));
            const bool is_tflite = file.ends_with(".tflite");
            for (const std::string rounding : {"twice", "half_even", "half_even_float"}) {
                if (is_tflite == (rounding == "half_even_float")) continue;
                try {
                    add(name, is_tflite ? parse_tflite(bytes) : parse_model(bytes, {}), rounding,
                        sources[next++ % sources.size()]);
                } catch (const refusal& error) { refused << name << ' ' << rounding << ": " << error.what() << '\n'; }
            }
        }
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    std::string lists, calls;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const std::string list = "networks_" + std::to_string(i);
        std::ofstream(folder + "/" + list + ".hpp") << sources[i].headers;
        std::ofstream(folder + "/" + list + ".cpp")
            << "// Written by write_networks.\n#include \"network_entry.hpp\"\n#include \"" << list
            << ".hpp\"\n\nextern const std::vector<network_entry> " << list << ";\nconst std::vector<network_entry> "
            << list << "{\n"
            << sources[i].entries << "};\n";
        lists += "extern const std::vector<network_entry> " + list + ";\n";
        calls += (i > 0 ? ", &" : "&") + list;
    }
    std::ofstream(folder + "/networks.cpp")
        << "// Written by write_networks.\n#include \"network_entry.hpp\"\n\n"
        << lists << "\nstd::vector<const std::vector<network_entry>*> all_networks() {\n    return {" << calls
        << "};\n}\n";
}
