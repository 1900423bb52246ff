// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the benchmarks share: contenders timed in turns, the core's peak measured between them, and a table of ratios.

#include <ctnn/kernel/unroll.hpp>
#include <ctnn/kernel/vector.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace compare {

/// The name under which the peak of the core is measured.
inline const std::string peak_name = "fma peak";

/// Seeded numbers of [-scale, scale], so that no compiler knows them and both contenders get the same.
inline void fill(float* first, std::size_t count, float scale, unsigned seed) {
    std::mt19937 engine{seed};
    std::uniform_real_distribution<float> draw{-scale, scale};
    for (std::size_t i = 0; i < count; ++i) first[i] = draw(engine);
}

/// Ends the program unless both contenders computed the same, within rounding.
inline void must_agree(const std::string& what, const float* left, const float* right, std::size_t count,
                       float tolerance) {
    for (std::size_t i = 0; i < count; ++i) {
        const float size = std::max(1.0f, std::abs(right[i]));
        if (!(std::abs(left[i] - right[i]) <= tolerance * size)) {
            std::fprintf(stderr, "%s: element %zu is %g with ctnn and %g with Eigen\n", what.c_str(), i,
                         static_cast<double>(left[i]), static_cast<double>(right[i]));
            std::exit(1);
        }
    }
}

/// Floating-point operations of one iteration of `run_peak`.
inline constexpr std::size_t peak_chains = 12;
inline constexpr std::size_t peak_rounds = 1000;
inline constexpr std::size_t peak_lanes = ctnn::kernel::native_lanes<float>;
inline constexpr double peak_flops = 2.0 * peak_chains * peak_rounds * peak_lanes;

/// Independent chains of multiply-adds in registers: as fast as this core goes at this moment.
inline void run_peak(benchmark::State& state) {
    using V = ctnn::kernel::register_t<float, peak_lanes>;
    float numbers[3 * peak_lanes];
    fill(numbers, 3 * peak_lanes, 0.9f, 5);
    const V factor = ctnn::kernel::load<V>(numbers), summand = ctnn::kernel::load<V>(numbers + peak_lanes);
    V chain[peak_chains];
    for (V& value : chain) value = ctnn::kernel::load<V>(numbers + 2 * peak_lanes);
    for (auto _ : state) {
        for (std::size_t round = 0; round < peak_rounds; ++round)
            ctnn::kernel::unroll<peak_chains>([&](auto i) CTNN_INLINE { chain[i()] = chain[i()] * factor + summand; });
        // The chains are the same number; without this the compiler would compute it once.
        ctnn::kernel::unroll<peak_chains>([&](auto i) CTNN_INLINE { benchmark::DoNotOptimize(chain[i()]); });
    }
}

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
    /// The median time of one iteration, in nanoseconds.
    double median(const std::string& name) const {
        std::vector<double> times = nanoseconds_.at(name);
        std::sort(times.begin(), times.end());
        const std::size_t middle = times.size() / 2;
        return times.size() % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
    }

  private:
    std::map<std::string, std::vector<double>> nanoseconds_;
};

/// One line of the table: its contenders are called "<name>/ctnn", "<name>/eigen" and, where there is a second way to write
/// it, "<name>/eigen by rows". The faster one counts.
struct contest {
    std::string name;
    /// Operations that the arithmetic needs: 2 a multiply-accumulate.
    double flops;
};

inline void print_table(const collector& times, const std::vector<contest>& contests) {
    const double peak = peak_flops / times.median(peak_name);
    std::printf("\nfma peak of the core: %.1f GFLOP/s; CPU time, medians, ns\n\n", peak);
    std::printf("| %-34s | %10s | %10s | %10s | %12s |\n", "", "ctnn", "Eigen", "ctnn/Eigen", "ctnn of peak");
    std::printf("|%s|%s|%s|%s|%s|\n", std::string(36, '-').c_str(), std::string(12, '-').c_str(),
                std::string(12, '-').c_str(), std::string(12, '-').c_str(), std::string(14, '-').c_str());
    for (const auto& [name, flops] : contests) {
        if (!times.has(name + "/ctnn") || !times.has(name + "/eigen")) continue;
        const double own = times.median(name + "/ctnn");
        double other = times.median(name + "/eigen");
        if (times.has(name + "/eigen by rows")) other = std::min(other, times.median(name + "/eigen by rows"));
        std::printf("| %-34s | %10.1f | %10.1f | %10.2f | %11.1f%% |\n", name.c_str(), own, other, own / other,
                    100 * flops / own / peak);
    }
}

/// Runs what is registered, in turns, and prints the table. `--smoke` makes it as short as possible; any other
/// argument is one of Google Benchmark's (`--benchmark_filter=...`, `--benchmark_out=...`).
inline int run(int argc, char** argv, const std::vector<contest>& contests) {
    std::vector<std::string> arguments{argv[0], "--benchmark_repetitions=15", "--benchmark_min_time=0.02",
                                       "--benchmark_enable_random_interleaving=true"};
    for (int i = 1; i < argc; ++i) {
        if (std::string_view{argv[i]} == "--smoke")
            arguments.insert(arguments.end(), {"--benchmark_repetitions=1", "--benchmark_min_time=0.0001"});
        else
            arguments.emplace_back(argv[i]);
    }
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    int count = static_cast<int>(pointers.size());
    benchmark::Initialize(&count, pointers.data());
    if (benchmark::ReportUnrecognizedArguments(count, pointers.data())) return 1;

    benchmark::RegisterBenchmark(peak_name.c_str(), run_peak);
    collector times;
    benchmark::RunSpecifiedBenchmarks(&times);
    benchmark::Shutdown();
    if (!times.has(peak_name)) {
        std::fprintf(stderr, "no table without \"%s\"; a filter has to let it through\n", peak_name.c_str());
        return 1;
    }
    print_table(times, contests);
    return 0;
}

}  // namespace compare
