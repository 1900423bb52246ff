// SPDX-License-Identifier: BSL-1.0
// Decides properties of one network, whose type is in model_type.hpp. Compiled by ctnn-prove.
//
// usage: prover WEIGHTS.safetensors BOXES THREADS CERTIFICATE_BOXES PROGRESS < problems
//
// A problem is a line: a name, the numbers of inputs and outputs, the lower bounds of all inputs, their upper bounds,
// the number of disjuncts, and for each disjunct the number of conjuncts and their rows: the coefficients of the
// outputs, a constant, and 1 if the inequality row + constant >= 0 is strict, else 0. An input in the box that
// satisfies all rows of a disjunct refutes the property.
// A verdict is a line: name, proved | refuted | undecided, seconds, boxes, and the counterexample if refuted, the gap
// if undecided.
// If CERTIFICATE_BOXES is above 0, it is followed by a line `certificate SIZE`, with its cuts if they are at most as many
// and repeat the proof. If PROGRESS is 1, lines `progress SHARE` go before it.

#include "model_type.hpp"

#include <ctnn/io/safetensors.hpp>
#include <ctnn/verify.hpp>
#include <ctnn/verify/parallel.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr std::size_t inputs = model_type::input_shape::size, outputs = model_type::output_shape::size;
using value = model_type::value_type;
using box_type = ctnn::box<value, model_type::input_shape>;

/// The negation of a property in disjunctive normal form, with sizes known only at run time.
struct negation {
    struct row {
        double coefficients[outputs];
        double constant;
        bool is_strict;
    };
    std::vector<std::vector<row>> rows;

    std::size_t disjuncts() const { return rows.size(); }
    std::size_t conjuncts(std::size_t of) const { return rows[of].size(); }
    const row& at(std::size_t disjunct, std::size_t conjunct) const { return rows[disjunct][conjunct]; }
};

struct problem {
    std::string name;
    box_type inside;
    negation unwanted;
};

problem parse(const std::string& line) {
    std::istringstream text(line);
    problem result;
    const auto number = [&] {
        double here = 0;
        if (!(text >> here)) throw std::runtime_error("a problem that ends early: " + line.substr(0, 60));
        return here;
    };
    text >> result.name;
    const double given_inputs = number(), given_outputs = number();
    if (given_inputs != inputs || given_outputs != outputs)
        throw std::runtime_error("it declares another number of inputs or outputs than the network has, which are " +
                                 std::to_string(inputs) + " and " + std::to_string(outputs));
    for (std::size_t i = 0; i < inputs; ++i) result.inside.lower[i] = static_cast<value>(number());
    for (std::size_t i = 0; i < inputs; ++i) result.inside.upper[i] = static_cast<value>(number());
    result.unwanted.rows.resize(static_cast<std::size_t>(number()));
    for (auto& conjunction : result.unwanted.rows) {
        conjunction.resize(static_cast<std::size_t>(number()));
        for (auto& row : conjunction) {
            for (double& coefficient : row.coefficients) coefficient = number();
            row.constant = number();
            row.is_strict = number() != 0;
        }
    }
    if (text >> std::ws && !text.eof()) throw std::runtime_error("a problem that is too long: " + line.substr(0, 60));
    return result;
}

/// Whether a search would repeat the proof in a constant expression.
bool is_repeated(const model_type& net, const problem& what, const std::vector<std::uint32_t>& cuts) {
    const auto proof =
        ctnn::detail::search_for<true>(net, what.unwanted, [&](auto& here) { return here.follow(what.inside, cuts); });
    return proof.outcome == ctnn::verdict::proved;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        if (count != 6)
            throw std::runtime_error(
                "usage: prover WEIGHTS.safetensors BOXES THREADS CERTIFICATE_BOXES PROGRESS < problems");
        const auto net = std::make_unique<model_type>();
        ctnn::io::load_safetensors(*net, arguments[1]);
        ctnn::parallel_options options{.boxes = std::stoul(arguments[2]), .threads = std::stoul(arguments[3])};
        const std::size_t most_cuts = std::stoul(arguments[4]);
        if (std::string(arguments[5]) == "1")
            options.progress = [](double share) {
                std::printf("progress %.6f\n", share);
                std::fflush(stdout);
            };
        for (std::string line; std::getline(std::cin, line);) {
            const problem what = parse(line);
            const auto begin = std::chrono::steady_clock::now();
            const auto found = ctnn::detail::search_parallel<true>(*net, what.inside, what.unwanted, options);
            const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
            std::printf("%s %s %.3f %zu", what.name.c_str(),
                        found.outcome == ctnn::verdict::proved    ? "proved"
                        : found.outcome == ctnn::verdict::refuted ? "refuted"
                                                                  : "undecided",
                        seconds, found.boxes);
            if (found.outcome == ctnn::verdict::refuted)
                for (const value x : found.counterexample)
                    std::printf(" %.*g", sizeof(value) == 4 ? 9 : 17, static_cast<double>(x));
            if (found.outcome == ctnn::verdict::undecided) std::printf(" %.3g", found.gap);
            std::printf("\n");
            if (most_cuts > 0 && found.outcome == ctnn::verdict::proved) {
                std::printf("certificate %zu", found.cuts.size());
                if (found.cuts.size() <= most_cuts && is_repeated(*net, what, found.cuts))
                    for (const std::uint32_t cut : found.cuts) std::printf(" %lu", static_cast<unsigned long>(cut));
                std::printf("\n");
            }
            std::fflush(stdout);
        }
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
