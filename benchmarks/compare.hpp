// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Shared by the benchmarks: rows whose contenders are verified and then timed interleaved, a table of ratios, and
/// JSON.

#include "limits.hpp"
#include "support/allocations.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace compare {

/// A contender of a row, its largest error relative to double precision, and its allocations per call.
struct contender {
    std::string name;
    double error;
    double allocations;
};

/// The minimum work of a call: operations, 2 per multiply-accumulate, and bytes of parameters, each read once.
struct work {
    double flops, bytes;
};

/// A row of the table.
struct contest {
    std::string name;
    work needed;
    std::vector<contender> contenders;
};

/// Marks the call of a contender that leaves inlining to the compiler, which would inline less in a program with many
/// contenders than in one with a single contender.
#define CTNN_BENCH_FLATTEN [[gnu::flatten]]

/// All rows of the program, in order.
inline std::vector<contest>& contests() {
    static std::vector<contest> all;
    return all;
}

/// The largest error, max |given - wanted| / max(1, |wanted|). Ends the program if it is above `allowed`.
template <class T>
double checked_error(const std::string& who, const T* given, const double* wanted, std::size_t count, double allowed) {
    double largest = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double value = static_cast<double>(given[i]);
        const double error = std::abs(value - wanted[i]) / std::max(1.0, std::abs(wanted[i]));
        if (!(error <= allowed)) {
            std::fprintf(stderr, "%s: number %zu is %g and should be %g\n", who.c_str(), i, value, wanted[i]);
            std::exit(1);
        }
        largest = std::max(largest, error);
    }
    return largest;
}

/// Allocations per call.
template <class Call>
double allocations_of(Call&& call) {
    constexpr std::size_t calls = 8;
    const std::size_t before = support::allocations();
    for (std::size_t i = 0; i < calls; ++i) call();
    return static_cast<double>(support::allocations() - before) / calls;
}

/// Rows of calls whose first input depends on the result of the previous call, so that calls do not overlap.
///
/// `make()` returns a pointer to a new contender: `input()` points to its inputs and `evaluate()` returns a pointer to
/// its outputs. `wanted` are the concatenated outputs of the first calls with the same inputs.
template <class T>
class calls {
  public:
    calls(const std::string& name, work needed, std::vector<T> x, std::vector<double> wanted,
          std::size_t call_count = 1)
        : x_{std::move(x)}, wanted_{std::move(wanted)}, call_count_{call_count}, row_{contests().size()} {
        contests().push_back({name, needed, {}});
    }

    template <class Make>
    void add(const std::string& name, const Make& make) const {
        contest& row = contests()[row_];
        const std::string whole_name = row.name + "/" + name;
        const auto tried = make();
        std::copy(x_.begin(), x_.end(), tried->input());
        const std::size_t outputs = wanted_.size() / call_count_;
        double error = 0;
        for (std::size_t i = 0; i < call_count_; ++i)
            error = std::max(error, checked_error(whole_name, tried->evaluate(), wanted_.data() + i * outputs, outputs,
                                                  std::is_same_v<T, float> ? 2e-5 : 1e-12));
        row.contenders.push_back({name, error, allocations_of([&] { tried->evaluate(); })});

        benchmark::RegisterBenchmark(whole_name.c_str(), [make, x = x_](benchmark::State& state) {
            constexpr T share = static_cast<T>(1e-6);
            const auto owned = make();
            auto* runs = owned.get();
            std::copy(x.begin(), x.end(), runs->input());
            // The compiler has to assume that the contender's memory is visible elsewhere.
            hide(runs);
            const T first = x[0];
            for (auto _ : state) {
                const T* y = runs->evaluate();
                runs->input()[0] = first + share * y[0];
                benchmark::ClobberMemory();
            }
        });
    }

  private:
    std::vector<T> x_;
    std::vector<double> wanted_;
    std::size_t call_count_, row_;
};

/// Rows of training steps, alternating between two batches.
///
/// `make()` returns a pointer to a new contender: `step(i)` trains on batch i and returns the loss, `parameters()`
/// copies all parameters. `start` are the parameters before the first step, `wanted` those after `checked_steps` steps;
/// the error of a contender is |parameters - wanted| / |start - wanted|.
class steps {
  public:
    static constexpr std::size_t checked_steps = 20;
    static constexpr std::size_t batches = 2;

    steps(const std::string& name, double flops, std::vector<double> start, std::vector<double> wanted)
        : start_{std::move(start)}, wanted_{std::move(wanted)}, row_{contests().size()} {
        contests().push_back({name, {flops, 0}, {}});
    }

    template <class Make>
    void add(const std::string& name, const Make& make) const {
        contest& row = contests()[row_];
        const std::string whole_name = row.name + "/" + name;
        const auto tried = make();
        for (std::size_t i = 0; i < checked_steps; ++i) tried->step(i % batches);
        const double error = error_of(tried->parameters());
        // Implementations add Adam's epsilon in different places.
        if (!(error <= 0.02)) {
            std::fprintf(stderr, "%s: the parameters are wrong after %zu steps, by %g of their way\n",
                         whole_name.c_str(), checked_steps, error);
            std::exit(1);
        }
        row.contenders.push_back({name, error, allocations_of([&] { tried->step(0); })});

        benchmark::RegisterBenchmark(whole_name.c_str(), [make](benchmark::State& state) {
            const auto owned = make();
            auto* runs = owned.get();
            hide(runs);
            std::size_t batch = 0;
            for (auto _ : state) {
                const auto loss = runs->step(batch);
                benchmark::DoNotOptimize(loss);
                benchmark::ClobberMemory();
                batch = (batch + 1) % batches;
            }
        });
    }

  private:
    double error_of(const std::vector<double>& parameters) const {
        if (parameters.size() != wanted_.size()) return std::numeric_limits<double>::infinity();
        double difference = 0, way = 0;
        for (std::size_t i = 0; i < wanted_.size(); ++i) {
            difference += (parameters[i] - wanted_[i]) * (parameters[i] - wanted_[i]);
            way += (start_[i] - wanted_[i]) * (start_[i] - wanted_[i]);
        }
        return std::sqrt(difference / way);
    }

    std::vector<double> start_, wanted_;
    std::size_t row_;
};

/// Collects the times of all repetitions instead of printing them.
class collector : public benchmark::BenchmarkReporter {
  public:
    bool ReportContext(const Context&) override { return true; }
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs)
            if (run.run_type == Run::RT_Iteration && !run.error_occurred)
                nanoseconds_[run.run_name.function_name].push_back(run.GetAdjustedCPUTime());
    }

    bool has(const std::string& name) const { return nanoseconds_.count(name) > 0; }
    std::size_t repetitions(const std::string& name) const { return nanoseconds_.at(name).size(); }
    /// The shortest and the median time of one iteration, in nanoseconds.
    double minimum(const std::string& name) const {
        const std::vector<double>& times = nanoseconds_.at(name);
        return *std::min_element(times.begin(), times.end());
    }
    double median(const std::string& name) const {
        std::vector<double> times = nanoseconds_.at(name);
        std::sort(times.begin(), times.end());
        const std::size_t middle = times.size() / 2;
        return times.size() % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
    }

  private:
    std::map<std::string, std::vector<double>> nanoseconds_;
};

/// The limits of the core in this run: GFLOP/s, ns, GB/s, GB/s.
struct core_limits {
    double peak, latency, l1, l2;

    explicit core_limits(const collector& times)
        : peak{limits::peak_flops / times.minimum(limits::peak)},
          latency{times.minimum(limits::latency) / limits::latency_steps},
          l1{limits::l1_bytes / times.minimum(limits::l1)},
          l2{limits::l2_bytes / times.minimum(limits::l2)} {}
};

inline bool is_eigen(const std::string& contender) {
    return contender.starts_with("eigen");
}

inline void print_table(const collector& times, const core_limits& core) {
    std::printf("\nfma peak %.1f GFLOP/s, fma latency %.2f ns, loads from L1 %.0f GB/s, from L2 %.0f GB/s\n", core.peak,
                core.latency, core.l1, core.l2);
    std::printf("CPU time in ns; ratios are those of the shortest times\n\n");
    std::printf("| %-40s | %10s | %10s | %10s | %10s | %10s | %-24s | %9s | %7s |\n", "", "ctnn", "median", "Eigen",
                "ctnn/Eigen", "best peer", "who", "ctnn/best", "of peak");
    std::printf("|%s|", std::string(42, '-').c_str());
    for (const std::size_t width : {12u, 12u, 12u, 12u, 12u, 26u, 11u, 9u})
        std::printf("%s|", std::string(width, '-').c_str());
    std::printf("\n");
    for (const contest& row : contests()) {
        const std::string own_name = row.name + "/ctnn";
        if (!times.has(own_name)) continue;
        const double own = times.minimum(own_name);
        constexpr double none = std::numeric_limits<double>::infinity();
        double eigen = none, best = none;
        std::string who = "none is here";
        for (const contender& other : row.contenders) {
            const std::string name = row.name + "/" + other.name;
            if (other.name == "ctnn" || !times.has(name)) continue;
            const double time = times.minimum(name);
            if (is_eigen(other.name)) eigen = std::min(eigen, time);
            if (time < best) {
                best = time;
                who = other.name;
            }
        }
        const auto number = [](double value, int digits) {
            char text[32] = "not here";
            if (value < none) std::snprintf(text, sizeof(text), "%.*f", digits, value);
            return std::string{text};
        };
        std::printf("| %-40s | %10.1f | %10.1f | %10s | %10s | %10s | %-24s | %9s | %6.1f%% |\n", row.name.c_str(), own,
                    times.median(own_name), number(eigen, 1).c_str(),
                    number(eigen < none ? own / eigen : none, 2).c_str(), number(best, 1).c_str(), who.c_str(),
                    number(best < none ? own / best : none, 2).c_str(), 100 * row.needed.flops / own / core.peak);
    }
}

/// Writes the measurements; no name has a character that JSON would escape.
inline bool write_json(const std::string& path, const collector& times, const core_limits& core) {
    std::FILE* const file = std::fopen(path.c_str(), "w");
    if (file == nullptr) return false;
    std::fprintf(file,
                 "{\n  \"limits\": {\"fma peak, GFLOP/s\": %.3f, \"fma latency, ns\": %.4f, \"L1 loads, GB/s\": %.2f, "
                 "\"L2 loads, GB/s\": %.2f},\n  \"rows\": [",
                 core.peak, core.latency, core.l1, core.l2);
    const char* between_rows = "";
    for (const contest& row : contests()) {
        std::fprintf(file, "%s\n    {\"name\": \"%s\", \"flops\": %.0f, \"bytes\": %.0f, \"contenders\": {",
                     between_rows, row.name.c_str(), row.needed.flops, row.needed.bytes);
        between_rows = ",";
        const char* between = "";
        for (const contender& other : row.contenders) {
            const std::string name = row.name + "/" + other.name;
            if (!times.has(name)) continue;
            std::fprintf(file,
                         "%s\n      \"%s\": {\"min\": %.3f, \"median\": %.3f, \"repetitions\": %zu, \"error\": %.3g, "
                         "\"allocations\": %g}",
                         between, other.name.c_str(), times.minimum(name), times.median(name), times.repetitions(name),
                         other.error, other.allocations);
            between = ",";
        }
        std::fprintf(file, "}}");
    }
    std::fprintf(file, "\n  ]\n}\n");
    return std::fclose(file) == 0;
}

/// Runs the registered benchmarks interleaved, prints the table and, with `--json FILE`, writes it. `--smoke` makes the
/// run as short as possible; any other argument is passed to Google Benchmark: `--benchmark_filter=...`,
/// `--benchmark_repetitions=31`.
inline int run(int argc, char** argv) {
    std::vector<std::string> arguments{argv[0], "--benchmark_repetitions=15", "--benchmark_min_time=0.01",
                                       "--benchmark_enable_random_interleaving=true"};
    std::string json;
    constexpr std::string_view filter = "--benchmark_filter=";
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument == "--smoke") {
            arguments.insert(arguments.end(), {"--benchmark_repetitions=1", "--benchmark_min_time=0.0001"});
        } else if (argument == "--json" && i + 1 < argc) {
            json = argv[++i];
        } else if (argument.starts_with(filter)) {
            // The limits are always measured.
            arguments.push_back(argument + "|" + limits::prefix);
        } else {
            arguments.push_back(argument);
        }
    }
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    int count = static_cast<int>(pointers.size());
    benchmark::Initialize(&count, pointers.data());
    if (benchmark::ReportUnrecognizedArguments(count, pointers.data())) return 1;

    limits::add();
    collector times;
    benchmark::RunSpecifiedBenchmarks(&times);
    benchmark::Shutdown();
    const core_limits core{times};
    print_table(times, core);
    if (!json.empty() && !write_json(json, times, core)) {
        std::fprintf(stderr, "cannot write %s\n", json.c_str());
        return 1;
    }
    return 0;
}

}  // namespace compare
