// SPDX-License-Identifier: BSL-1.0
// One const network in two threads: the speed-up in calls per second over one thread. Needs two idle cores.
#include <ctnn.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstdio>
#include <memory>
#include <random>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using net_type = ctnn::network<float, ctnn::input<784>, ctnn::dense<128, ctnn::relu>, ctnn::dense<10, ctnn::softmax>>;

double seconds_of(const net_type& net, std::size_t calls) {
    ctnn::tensor<float, ctnn::shape<784>> x{};
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < calls; ++i) {
        const auto y = net(x);
        x[0] = y[0];
        benchmark::ClobberMemory();
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The time of the slowest of `threads` threads.
double seconds_of(const net_type& net, std::size_t calls, unsigned threads) {
    std::vector<double> seconds(threads);
    std::barrier start(threads);
    std::vector<std::thread> running;
    for (unsigned t = 0; t < threads; ++t)
        running.emplace_back([&, t] {
            start.arrive_and_wait();
            seconds[t] = seconds_of(net, calls);
        });
    for (std::thread& thread : running) thread.join();
    return *std::max_element(seconds.begin(), seconds.end());
}

}  // namespace

int main(int argc, char** argv) {
    // Short runs, so that some of them have both cores to themselves.
    std::size_t calls = 500, repetitions = 400;
    const char* json = nullptr;
    for (int i = 1; i < argc; ++i) {
        if (std::string_view{argv[i]} == "--smoke") {
            calls = 10;
            repetitions = 1;
        } else if (std::string_view{argv[i]} == "--json" && i + 1 < argc) {
            json = argv[++i];
        } else {
            std::fprintf(stderr, "usage: %s [--smoke] [--json FILE]\n", argv[0]);
            return 1;
        }
    }
    const auto net = std::make_unique<net_type>();
    std::mt19937 engine{1};
    std::uniform_real_distribution<float> draw{-0.1f, 0.1f};
    const auto randomize = [&](auto& tensor) {
        for (float& value : tensor) value = draw(engine);
    };
    ctnn::for_each_tensor(randomize, *net);

    double one = seconds_of(*net, calls, 1), two = seconds_of(*net, calls, 2);
    for (std::size_t i = 1; i < repetitions; ++i) {
        one = std::min(one, seconds_of(*net, calls, 1));
        two = std::min(two, seconds_of(*net, calls, 2));
    }
    const double scaling = 2 * one / two;
    std::printf("784-128-10: two threads make %.2f times as many calls a second as one\n", scaling);
    if (json != nullptr) {
        std::FILE* const file = std::fopen(json, "w");
        if (file == nullptr) return 1;
        std::fprintf(file, "{\"rows\": [], \"numbers\": {\"calls a second with two threads\": %.4f}}\n", scaling);
        if (std::fclose(file) != 0) return 1;
    }
    return 0;
}
