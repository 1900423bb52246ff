// SPDX-License-Identifier: BSL-1.0
// Runs the networks that write_cases has written, and compares the verdicts with the checked-in ones.
//
// usage: run_cases CASES_FOLDER VERDICTS DOCUMENT [--update | --spoiled]
//
// VERDICTS is the table with a line per case, DOCUMENT the page with the summary. --update rewrites both. --spoiled
// checks that errors are detected: it expects other values than the suite, and every case has to be wrong.
#include "run_case.hpp"
#include "summary.hpp"

#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

void all_groups(conformance::runner& run);

namespace {

using namespace conformance;

std::string text_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<double> numbers_of_file(const std::string& path) {
    const std::string bytes = text_of_file(path);
    std::vector<double> numbers(bytes.size() / sizeof(double));
    std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(double));
    return numbers;
}

struct results {
    std::vector<verdict> verdicts;
    std::size_t ran = 0, evaluated = 0;  ///< cases with networks, and those that the evaluator was compared with
};

/// Lines of write_cases: name, networks, whether the evaluator was compared, and the verdict if all networks are right.
results judge(const std::string& path, const runner& run) {
    results all;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        std::istringstream parts(line);
        verdict one;
        std::size_t networks = 0, evaluated = 0;
        parts >> one.name >> networks >> evaluated;
        std::getline(parts >> std::ws, one.text);
        if (run.right(one.name) != networks) one.text = "wrong: the network answers something else than the suite";
        all.ran += networks > 0;
        all.evaluated += evaluated;
        all.verdicts.push_back(one);
    }
    return all;
}

/// Whether a file has this text; if not, the text is written to the working directory.
bool same(const std::string& path, const std::string& kept, const std::string& text) {
    if (kept == text) return true;
    const std::string here = path.substr(path.find_last_of('/') + 1);
    std::ofstream(here) << text;
    std::cout << path << " says something else than this run, which is in " << here << " of the working directory\n";
    return false;
}

int check_that_spoiled_is_wrong(const results& all) {
    std::size_t wrong = 0;
    for (const verdict& one : all.verdicts) wrong += one.wrong();
    std::cout << "other numbers expected: " << wrong << " of " << all.ran << " cases wrong\n";
    return wrong == all.ran && wrong > 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
    const std::string option = count == 5 ? arguments[4] : "";
    if (count < 4 || count > 5 || (count == 5 && option != "--update" && option != "--spoiled")) {
        std::cerr << "usage: run_cases CASES_FOLDER VERDICTS DOCUMENT [--update | --spoiled]\n";
        return 2;
    }
    const std::string cases = arguments[1], table_path = arguments[2], document_path = arguments[3];
    runner run(numbers_of_file(cases + "/data.bin"), option == "--spoiled");
    all_groups(run);
    const results all = judge(cases + "/verdicts.txt", run);
    if (option == "--spoiled") return check_that_spoiled_is_wrong(all);

    std::string table;
    bool any_wrong = all.verdicts.empty();
    for (const verdict& one : all.verdicts) {
        table += one.name + ": " + one.text + '\n';
        any_wrong |= one.wrong();
        if (one.wrong()) std::cout << one.name << ": " << one.text << '\n';
    }
    const std::string old_document = text_of_file(document_path);
    const std::string document = with_part(old_document, summary(all.verdicts, run.constants(), all.evaluated));
    if (option == "--update") {
        std::ofstream(table_path) << table;
        std::ofstream(document_path) << document;
    }
    bool kept = same(table_path, text_of_file(table_path), table);
    kept = same(document_path, text_of_file(document_path), document) && kept;
    std::cout << "also in constant evaluation: " << run.constants()
              << " networks; evaluator compared: " << all.evaluated << " cases\n"
              << four_numbers(all.verdicts) << '\n';
    return kept && !any_wrong ? 0 : 1;
}
