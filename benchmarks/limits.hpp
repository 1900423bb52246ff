// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The limits of the core, with the registers that the compiler flags allow, measured between the contenders.

#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/kernel/vector/unroll.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <memory>
#include <random>
#include <string>

namespace compare {

/// Seeded random values in [-scale, scale], unknown to the compiler and the same for all contenders.
template <class T>
void fill(T* first, std::size_t count, double scale, unsigned seed) {
    std::mt19937 engine{seed};
    std::uniform_real_distribution<T> draw{static_cast<T>(-scale), static_cast<T>(scale)};
    for (std::size_t i = 0; i < count; ++i) first[i] = draw(engine);
}

/// An optimisation barrier for a pointer and all memory. (With DoNotOptimize of Google Benchmark 1.7 on variables,
/// programs built by g++ 12 with -Os crashed.)
template <class T>
void hide(T*& pointer) {
    asm volatile("" : "+r"(pointer) : : "memory");
}

namespace limits {

/// The prefix of the names of all limits.
inline const std::string prefix = "limit: ";
inline const std::string peak = prefix + "fma peak", latency = prefix + "fma latency", l1 = prefix + "L1 loads",
                         l2 = prefix + "L2 loads";

inline constexpr std::size_t lanes = ctnn::kernel::native_lanes<float>;
inline constexpr std::size_t chains = 12;
inline constexpr std::size_t rounds = 1000;
/// Bytes that fit well into the L1 and the L2 cache.
inline constexpr std::size_t l1_bytes = std::size_t{16} * 1024;
inline constexpr std::size_t l2_bytes = std::size_t{256} * 1024;

/// Work of one iteration: floating-point operations, dependent multiply-adds, bytes.
inline constexpr double peak_flops = 2.0 * chains * rounds * lanes;
inline constexpr double latency_steps = rounds;

/// `Chains` independent chains of multiply-adds in registers: many measure throughput, one measures latency.
template <std::size_t Chains>
void run_chains(benchmark::State& state) {
    using V = ctnn::kernel::register_t<float, lanes>;
    float numbers[3 * lanes];
    fill(numbers, 3 * lanes, 0.9, 5);
    const V factor = ctnn::kernel::load<V>(numbers), summand = ctnn::kernel::load<V>(numbers + lanes);
    V chain[Chains];
    for (V& value : chain) value = ctnn::kernel::load<V>(numbers + 2 * lanes);
    for (auto _ : state) {
        for (std::size_t round = 0; round < rounds; ++round)
            ctnn::kernel::unroll<Chains>([&](auto i) CTNN_INLINE { chain[i()] = chain[i()] * factor + summand; });
        // All chains have the same value, which the compiler would otherwise compute once.
        ctnn::kernel::unroll<Chains>([&](auto i) CTNN_INLINE { benchmark::DoNotOptimize(chain[i()]); });
    }
}

/// Reads `Bytes` of memory once per iteration.
template <std::size_t Bytes>
void run_loads(benchmark::State& state) {
    using V = ctnn::kernel::register_t<float, lanes>;
    constexpr std::size_t count = Bytes / sizeof(float), sums = 8;
    struct block {
        alignas(64) float numbers[count];
    };
    const auto memory = std::make_unique<block>();
    fill(memory->numbers, count, 1, 6);
    for (auto _ : state) {
        const float* from = memory->numbers;
        hide(from);
        V sum[sums]{};
        for (std::size_t i = 0; i < count; i += sums * lanes)
            ctnn::kernel::unroll<sums>(
                [&](auto part) CTNN_INLINE { sum[part()] += ctnn::kernel::load<V>(from + i + part() * lanes); });
        V total{};
        ctnn::kernel::unroll<sums>([&](auto part) CTNN_INLINE { total += sum[part()]; });
        benchmark::DoNotOptimize(total);
    }
}

inline void add() {
    benchmark::RegisterBenchmark(peak.c_str(), run_chains<chains>);
    benchmark::RegisterBenchmark(latency.c_str(), run_chains<1>);
    benchmark::RegisterBenchmark(l1.c_str(), run_loads<l1_bytes>);
    benchmark::RegisterBenchmark(l2.c_str(), run_loads<l2_bytes>);
}

}  // namespace limits
}  // namespace compare
