// SPDX-License-Identifier: BSL-1.0
#include "summary.hpp"

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

namespace conformance {

namespace {

constexpr std::size_t line_length = 120;

struct counts {
    std::size_t cases = 0, passed = 0, refused = 0, wrong = 0;

    void add(const verdict& one) {
        ++cases;
        passed += one.passed();
        refused += one.refused();
        wrong += one.wrong();
    }
};

/// A reason without the names and shapes of its case, and the operator that it is about.
struct reason {
    std::string text, op;
};
reason reason_of(const std::string& refused) {
    static const std::regex whole(R"re(^refused: (?:output "[^"]*": )?(?:node "[^"]*" \((\w+)\): )?(.*)$)re");
    static const std::regex names(R"re("[^"]*")re"), shapes(R"re(\d+( x \d+)+)re");
    std::string text = refused.substr(0, refused.find("; imported and right"));
    std::smatch match;
    if (!std::regex_match(text, match, whole)) return {text, ""};
    const std::string op = match[1];
    text = match[2];
    text = std::regex_replace(text, names, "\"...\"");
    return {std::regex_replace(text, shapes, "..."), op};
}

/// Wraps words into lines; `head` begins the first, and the others are indented by as much.
std::string wrapped(const std::string& head, const std::string& text) {
    std::string result, line = head;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        if (line.size() + 1 + word.size() > line_length) {
            result += line + '\n';
            line.assign(head.size(), ' ');
        }
        if (!line.empty() && line.back() != ' ') line += ' ';
        line += word;
    }
    return result + line + '\n';
}

std::string row(const std::string& name, const counts& of) {
    std::ostringstream text;
    text << "| " << name << " | " << of.cases << " | " << of.passed << " | " << of.refused << " | " << of.wrong
         << " |\n";
    return text.str();
}

}  // namespace

std::string four_numbers(const std::vector<verdict>& all) {
    counts of;
    for (const verdict& one : all) of.add(one);
    std::ostringstream text;
    text << "cases " << of.cases << ", passed " << of.passed << ", refused " << of.refused << ", wrong " << of.wrong;
    return text.str();
}

std::string summary(const std::vector<verdict>& all, std::size_t constants, std::size_t evaluated) {
    std::map<std::string, counts> suites;
    std::map<std::string, std::pair<std::size_t, std::set<std::string>>> reasons;
    counts together;
    for (const verdict& one : all) {
        suites[one.name.substr(0, one.name.find('/'))].add(one);
        together.add(one);
        if (!one.refused()) continue;
        const reason why = reason_of(one.text);
        auto& [cases, ops] = reasons[why.text];
        ++cases;
        if (!why.op.empty()) ops.insert(why.op);
    }
    std::string text = "| suite | cases | pass | refused | wrong |\n|---|---|---|---|---|\n";
    for (const auto& [name, of] : suites) text += row('`' + name + '`', of);
    text += row("total", together) + '\n';
    text += wrapped("", std::to_string(constants) +
                            " networks, those that take few steps, were also right in constant evaluation. In " +
                            std::to_string(evaluated) +
                            " cases, refused ones among them, the importer's own evaluation of the model in double "
                            "precision was compared too.");
    text += "\nWhy cases are refused, and for which operators:\n\n";

    std::vector<std::pair<std::string, std::pair<std::size_t, std::set<std::string>>>> sorted(reasons.begin(),
                                                                                              reasons.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second.first > b.second.first; });
    for (const auto& [why, of] : sorted) {
        std::string line = std::to_string(of.first) + (of.first == 1 ? " case: " : " cases: ") + why;
        const char* separator = " (";
        for (const std::string& op : of.second) {
            line += separator + ('`' + op + '`');
            separator = ", ";
        }
        text += wrapped("- ", line + (of.second.empty() ? "" : ")"));
    }
    return text;
}

std::string with_part(const std::string& text, const std::string& part) {
    const std::string begin = "<!-- begin: verdicts -->\n", end = "<!-- end: verdicts -->\n";
    const std::size_t from = text.find(begin), to = text.find(end);
    if (from == text.npos || to == text.npos || to < from)
        throw std::runtime_error("the document has no place for the verdicts");
    return text.substr(0, from + begin.size()) + '\n' + part + '\n' + text.substr(to);
}

}  // namespace conformance
