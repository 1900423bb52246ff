// SPDX-License-Identifier: BSL-1.0
// A pole on a cart, balanced without gradients: an evolution strategy tries changes of all parameters on all cores, and
// moves towards those that kept the pole up for longer.
//
// Salimans, Ho, Chen, Sidor and Sutskever, "Evolution strategies as a scalable alternative to reinforcement learning",
// 2017.
#include "cart.hpp"

#include <ctnn.hpp>
#include <ctnn/train/threads.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace {

/// Pushes to the right if the output is positive.
using policy = ctnn::network<float, ctnn::input<4>, ctnn::dense<8, ctnn::tanh>, ctnn::dense<1, ctnn::tanh>>;

constexpr std::size_t pairs = 32;
constexpr float deviation = 0.5f, rate = 0.3f;

/// How long the pole stays up on average.
float mean_age(const policy& net, std::uint64_t seed, int runs) {
    ctnn::random_engine engine{seed};
    int sum = 0;
    for (int run = 0; run < runs; ++run) {
        cart here;
        here.start(engine);
        while (!here.fell() && here.age < longest) here.push(net(here.state)[0] > 0);
        sum += here.age;
    }
    return static_cast<float>(sum) / static_cast<float>(runs);
}

/// Adds a random change times a factor to every parameter. The seed is all that has to be known of a change.
void add_change(policy& net, std::uint64_t seed, float factor) {
    ctnn::random_engine engine{seed};
    ctnn::for_each_tensor(
        [&](auto& tensor) {
            for (float& parameter : tensor) parameter += factor * ctnn::draw_normal<float>(engine);
        },
        net);
}

/// One generation: half of the changes are the others with the opposite sign, and only the order of the results counts.
template <class Workers>
void evolve(policy& net, std::uint64_t generation, Workers& workers) {
    std::array<std::uint64_t, pairs> seeds{};
    ctnn::random_engine engine{generation};
    for (std::uint64_t& seed : seeds) seed = engine();
    std::array<float, 2 * pairs> ages{};
    workers(ages.size(), [&](std::size_t i) {
        policy changed = net;
        add_change(changed, seeds[i / 2], i % 2 == 0 ? deviation : -deviation);
        ages[i] = mean_age(changed, generation, 4);
    });
    std::array<std::pair<float, std::size_t>, 2 * pairs> order{};
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = {ages[i], i};
    std::sort(order.begin(), order.end());
    std::array<float, 2 * pairs> rank{};  // from -1/2, the worst, to 1/2
    for (std::size_t place = 0; place < order.size(); ++place)
        rank[order[place].second] = static_cast<float>(place) / static_cast<float>(order.size() - 1) - 0.5f;
    for (std::size_t pair = 0; pair < pairs; ++pair)
        add_change(net, seeds[pair], rate / (pairs * deviation) * (rank[2 * pair] - rank[2 * pair + 1]));
}

template <class Workers>
policy search(Workers& workers, bool prints) {
    policy net{};
    for (std::uint64_t generation = 1; generation <= 200; ++generation) {
        evolve(net, generation, workers);
        const float age = mean_age(net, 99, 20);
        if (prints && (generation % 5 == 0 || age == longest))
            std::printf("after %2d generations the pole stays up for %.0f steps\n", static_cast<int>(generation), age);
        if (age == longest) break;
    }
    return net;
}

}  // namespace

int main() {
    ctnn::team cores, alone{1};
    const policy net = search(cores, true);
    if (!(search(alone, false) == net)) {
        std::puts("one thread found another policy");
        return 1;
    }
    const float age = mean_age(net, 7, 1000);
    std::printf("of 500 steps from 1000 other starts: %.1f; one thread found the same policy, to the bit\n", age);
    return age >= 490 ? 0 : 1;
}
