// SPDX-License-Identifier: BSL-1.0
// A training step by a team of two threads, by one, and by a trainer without shards; and 64 small networks by two threads and by
// one: wall clock. Needs two idle cores.
#include <ctnn.hpp>
#include <ctnn/train/fit_many.hpp>
#include <ctnn/train/sharded.hpp>
#include <ctnn/train/threads.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using dense_net = ctnn::network<float, ctnn::input<784>, ctnn::dense<128, ctnn::relu>, ctnn::dense<10, ctnn::softmax>>;
using image_net = ctnn::network<float, ctnn::input<1, 28, 28>,                              //
                                ctnn::conv2d<8, ctnn::window<3>, ctnn::relu>,               //
                                ctnn::max_pool2d<ctnn::window<2>>,                          //
                                ctnn::conv2d<16, ctnn::window<3>, ctnn::relu, ctnn::same>,  //
                                ctnn::max_pool2d<ctnn::window<2>, ctnn::ceil_mode>,         //
                                ctnn::flatten, ctnn::dense<10, ctnn::softmax>>;

template <class F>
double seconds_of(std::size_t steps, F&& step) {
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < steps; ++i) step();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / static_cast<double>(steps);
}

/// The middle of some times, and how they are printed.
double median(std::vector<double> times) {
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
    return times[times.size() / 2];
}

struct effort {
    std::size_t steps, repetitions;
};

template <class Net, class Optimizer, std::size_t Batch, std::size_t Shards>
bool measure(const char* name, effort how, std::string& numbers) {
    using sharded_type = ctnn::trainer<Net, ctnn::cross_entropy, Optimizer, Batch, ctnn::sharded<Shards>>;
    const auto begin = std::make_unique<Net>(ctnn::initialize<Net>(ctnn::he_uniform{}, 1));
    const auto by_two = std::make_unique<sharded_type>(*begin), by_one = std::make_unique<sharded_type>(*begin);
    const auto whole = std::make_unique<ctnn::trainer<Net, ctnn::cross_entropy, Optimizer, Batch>>(*begin);
    std::mt19937 engine{1};
    std::uniform_real_distribution<float> draw{0, 1};
    std::vector<float> x(Batch * 784), t(Batch * 10);
    for (float& value : x) value = draw(engine);
    for (std::size_t i = 0; i < Batch; ++i) t[10 * i + i % 10] = 1;
    ctnn::team one{1}, two{2};

    std::array<std::vector<double>, 3> times;
    for (std::size_t i = 0; i < how.repetitions; ++i) {
        times[0].push_back(seconds_of(how.steps, [&] { whole->step(x.data(), t.data()); }));
        times[1].push_back(seconds_of(how.steps, [&] { by_one->step(x.data(), t.data(), Batch, 1.0f, one); }));
        times[2].push_back(seconds_of(how.steps, [&] { by_two->step(x.data(), t.data(), Batch, 1.0f, two); }));
    }
    if (!(by_one->network() == by_two->network())) {
        std::fprintf(stderr, "%s: one thread and two computed different parameters\n", name);
        return false;
    }
    const auto least = [&](std::size_t i) { return *std::min_element(times[i].begin(), times[i].end()); };
    std::printf(
        "%-28s %zu shards: unsharded %7.1f us, one thread %7.1f us, two %7.1f us; two threads are %.2f times one, "
        "%.2f times unsharded (minima: %.2f, %.2f)\n",
        name, Shards, 1e6 * median(times[0]), 1e6 * median(times[1]), 1e6 * median(times[2]),
        median(times[1]) / median(times[2]), median(times[0]) / median(times[2]), least(1) / least(2),
        least(0) / least(2));
    char text[200];
    std::snprintf(text, sizeof text, "%s\"%s, %zu shards, two threads of one\": %.4f", numbers.empty() ? "" : ", ",
                  name, Shards, least(1) / least(2));
    numbers += text;
    return true;
}

/// The outputs for 4096 samples.
bool measure_inference(effort how, std::string& numbers) {
    constexpr std::size_t count = 4096;
    const auto net = std::make_unique<dense_net>(ctnn::initialize<dense_net>(ctnn::he_uniform{}, 1));
    ctnn::random_engine engine{1};
    std::vector<float> x(count * 784), by_one(count * 10), by_two(count * 10);
    for (float& value : x) value = ctnn::draw_uniform<float>(engine);
    const ctnn::samples<float, ctnn::shape<784>> samples{x.data(), count};
    ctnn::team one{1}, two{2};
    std::array<std::vector<double>, 2> times;
    for (std::size_t i = 0; i < how.repetitions; ++i) {
        times[0].push_back(seconds_of(1, [&] { ctnn::forward(one, *net, samples, by_one.data()); }));
        times[1].push_back(seconds_of(1, [&] { ctnn::forward(two, *net, samples, by_two.data()); }));
    }
    if (by_one != by_two) {
        std::fprintf(stderr, "inference: one thread and two computed different outputs\n");
        return false;
    }
    const auto least = [&](std::size_t i) { return *std::min_element(times[i].begin(), times[i].end()); };
    std::printf(
        "784-128-10, inference, 4096 samples: one thread %7.1f us, two %7.1f us; two threads are %.2f times one "
        "(minima: %.2f)\n",
        1e6 * median(times[0]), 1e6 * median(times[1]), median(times[0]) / median(times[1]), least(0) / least(1));
    char text[100];
    std::snprintf(text, sizeof text, ", \"784-128-10, inference, two threads of one\": %.4f", least(0) / least(1));
    numbers += text;
    return true;
}

/// A control network, 64 times with different starts and seeds.
bool measure_many(effort how, std::string& numbers) {
    using net_type =
        ctnn::network<double, ctnn::input<4>, ctnn::dense<64, ctnn::tanh>, ctnn::dense<64, ctnn::tanh>, ctnn::dense<2>>;
    constexpr std::size_t count = 64, samples = 64;
    const auto starts = std::make_unique<std::array<net_type, count>>();
    for (std::size_t i = 0; i < count; ++i) (*starts)[i] = ctnn::initialize<net_type>(ctnn::glorot_uniform{}, i);
    ctnn::random_engine engine{1};
    ctnn::tensor<double, ctnn::shape<samples, 4>> x{};
    ctnn::tensor<double, ctnn::shape<samples, 2>> t{};
    for (double& value : x) value = ctnn::draw_normal<double>(engine);
    for (std::size_t i = 0; i < samples; ++i) t(i, 0) = x(i, 0) * x(i, 1), t(i, 1) = x(i, 2) - x(i, 3);
    const auto train = [&](ctnn::team& workers) {
        return std::make_unique<const std::array<ctnn::fitted<net_type>, count>>(
            ctnn::fit_many<ctnn::mean_squared_error, 16>(workers, *starts, x, t, ctnn::adam{}, {.epochs = how.steps}));
    };
    ctnn::team one{1}, two{2};
    std::array<std::vector<double>, 2> times;
    std::size_t best[2]{};
    for (std::size_t i = 0; i < (how.repetitions + 4) / 5; ++i) {
        times[0].push_back(seconds_of(1, [&] { best[0] = ctnn::best_of(*train(one)); }));
        times[1].push_back(seconds_of(1, [&] { best[1] = ctnn::best_of(*train(two)); }));
    }
    if (best[0] != best[1]) {
        std::fprintf(stderr, "64 networks: one thread and two have another best one\n");
        return false;
    }
    const auto least = [&](std::size_t i) { return *std::min_element(times[i].begin(), times[i].end()); };
    std::printf(
        "64 networks of 4-64-64-2, adam: one thread %7.1f ms, two %7.1f ms; two threads are %.2f times one (minima: "
        "%.2f)\n",
        1e3 * median(times[0]), 1e3 * median(times[1]), median(times[0]) / median(times[1]), least(0) / least(1));
    char text[100];
    std::snprintf(text, sizeof text, ", \"64 networks of 4-64-64-2, two threads of one\": %.4f", least(0) / least(1));
    numbers += text;
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    // Short runs, so that some of them have both cores to themselves.
    effort how{20, 101};
    const char* json = nullptr;
    for (int i = 1; i < argc; ++i) {
        if (std::string_view{argv[i]} == "--smoke") {
            how = {1, 1};
        } else if (std::string_view{argv[i]} == "--json" && i + 1 < argc) {
            json = argv[++i];
        } else {
            std::fprintf(stderr, "usage: %s [--smoke] [--json FILE]\n", argv[0]);
            return 1;
        }
    }
    std::string numbers;
    if (!measure<dense_net, ctnn::sgd, 128, 2>("784-128-10, sgd, batch 128", how, numbers) ||
        !measure<dense_net, ctnn::adam, 128, 2>("784-128-10, adam, batch 128", how, numbers) ||
        !measure<dense_net, ctnn::adam, 128, 4>("784-128-10, adam, batch 128", how, numbers) ||
        !measure<image_net, ctnn::adam, 64, 2>("fashion_cnn, adam, batch 64", how, numbers) ||
        !measure<image_net, ctnn::adam, 64, 4>("fashion_cnn, adam, batch 64", how, numbers) ||
        !measure_inference(how, numbers) || !measure_many(how, numbers))
        return 1;
    if (json != nullptr) {
        std::FILE* const file = std::fopen(json, "w");
        if (file == nullptr) return 1;
        std::fprintf(file, "{\"rows\": [], \"numbers\": {%s}}\n", numbers.c_str());
        if (std::fclose(file) != 0) return 1;
    }
    return 0;
}
