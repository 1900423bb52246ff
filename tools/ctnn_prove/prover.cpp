// SPDX-License-Identifier: BSL-1.0
// Decides properties of one network, whose type is in model_type.hpp. Compiled by ctnn-prove.
//
// usage: prover WEIGHTS.safetensors BOXES THREADS < problems
//
// A problem is a line: a name, the numbers of inputs and outputs, the lower bounds of all inputs, their upper bounds,
// the number of disjuncts, and for each disjunct the number of conjuncts and their rows: the coefficients of the
// outputs, a constant, and 1 if the inequality row + constant >= 0 is strict, else 0. An input in the box that
// satisfies all rows of a disjunct refutes the property.
// A verdict is a line: name, proved | refuted | undecided, seconds, boxes, and the counterexample if refuted.

#include "model_type.hpp"

#include <ctnn/io/safetensors.hpp>
#include <ctnn/verify.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <exception>
#include <iostream>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t inputs = model_type::input_shape::size, outputs = model_type::output_shape::size;
using value = model_type::value_type;
using box_type = ctnn::box<value, model_type::input_shape>;
using input_type = ctnn::tensor<value, model_type::input_shape>;

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
        throw std::runtime_error(result.name +
                                 ": it declares another number of inputs or outputs than the network has, " +
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

/// A work queue of boxes, shared by the threads. A box that is not decided after bounding a few boxes is replaced by
/// its undecided sub-boxes.
class pool {
  public:
    pool(const model_type& net, const problem& what, std::size_t budget) : net_{net}, what_{what}, left_{budget} {
        waiting_.push_back(what.inside);
    }

    ctnn::verdict decide(std::size_t threads) {
        {
            std::vector<std::jthread> workers;
            for (std::size_t i = 0; i < threads; ++i) workers.emplace_back([this] { work(); });
        }
        if (refuted_) return ctnn::verdict::refuted;
        return undecided_ || !waiting_.empty() ? ctnn::verdict::undecided : ctnn::verdict::proved;
    }
    const input_type& counterexample() const { return counterexample_; }
    std::size_t boxes() const { return boxes_; }

  private:
    static_assert(ctnn::detail::can_be_proved<model_type>);
    using search_type = ctnn::detail::search<model_type, negation, true>;

    void work() {
        const auto search = std::make_unique<search_type>(net_, what_.unwanted);
        for (box_type here; take(here);) {
            std::vector<box_type> rest;
            const std::size_t before = search->boxes();
            const ctnn::verdict outcome =
                search->decide_some(here, 200, [&](const box_type& later) { rest.push_back(later); });
            const std::lock_guard lock(mutex_);
            const std::size_t used = search->boxes() - before;
            boxes_ += used;
            left_ = left_ > used ? left_ - used : 0;
            if (outcome == ctnn::verdict::refuted && !refuted_) {
                refuted_ = true;
                counterexample_ = search->counterexample();
            }
            undecided_ = undecided_ || outcome == ctnn::verdict::undecided;
            waiting_.insert(waiting_.end(), rest.begin(), rest.end());
            --working_;
            changed_.notify_all();
        }
    }
    bool take(box_type& here) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return refuted_ || left_ == 0 || !waiting_.empty() || working_ == 0; });
        if (refuted_ || left_ == 0 || waiting_.empty()) return false;
        here = waiting_.back();
        waiting_.pop_back();
        ++working_;
        return true;
    }

    const model_type& net_;
    const problem& what_;
    std::size_t left_, boxes_ = 0, working_ = 0;
    std::deque<box_type> waiting_;
    bool refuted_ = false, undecided_ = false;
    input_type counterexample_{};
    std::mutex mutex_;
    std::condition_variable changed_;
};

}  // namespace

int main(int count, char** arguments) {
    try {
        if (count != 4) throw std::runtime_error("usage: prover WEIGHTS.safetensors BOXES THREADS < problems");
        const auto net = std::make_unique<model_type>();
        ctnn::io::load_safetensors(*net, arguments[1]);
        const std::size_t budget = std::stoul(arguments[2]), threads = std::stoul(arguments[3]);
        for (std::string line; std::getline(std::cin, line);) {
            const problem what = parse(line);
            const auto begin = std::chrono::steady_clock::now();
            pool here(*net, what, budget);
            const ctnn::verdict outcome = here.decide(threads);
            const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
            std::printf("%s %s %.3f %zu", what.name.c_str(),
                        outcome == ctnn::verdict::proved    ? "proved"
                        : outcome == ctnn::verdict::refuted ? "refuted"
                                                            : "undecided",
                        seconds, here.boxes());
            if (outcome == ctnn::verdict::refuted)
                for (const value x : here.counterexample()) std::printf(" %.9g", static_cast<double>(x));
            std::printf("\n");
            std::fflush(stdout);
        }
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
