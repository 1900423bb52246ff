// SPDX-License-Identifier: BSL-1.0
// A pole on a cart, balanced by a network with two heads: one says what to do, the other what the state is worth.
#include "cart.hpp"

#include <ctnn.hpp>

#include <array>
#include <cstddef>
#include <cstdio>

namespace {

// The actor and the critic share what they see of the cart: its position and speed, the pole's angle and its speed.
using actor_critic = ctnn::network<
    float, ctnn::input<4>,
    ctnn::graph<ctnn::node<"seen", ctnn::from<"input">, ctnn::dense<32, ctnn::tanh>>,
                ctnn::node<"policy", ctnn::from<"seen">, ctnn::dense<2, ctnn::softmax>>,
                ctnn::node<"value", ctnn::from<"seen">, ctnn::dense<1>>, ctnn::outputs<"policy", "value">>>;
using both_losses = ctnn::losses<ctnn::cross_entropy, ctnn::mean_squared_error>;

constexpr std::size_t carts = 16, steps = 16, batch = carts * steps;
constexpr float discount = 0.99f;

/// How long the pole stays up on average, if the more probable push is chosen.
double mean_age(const actor_critic& net) {
    ctnn::random_engine engine{99};
    int sum = 0;
    for (int run = 0; run < 20; ++run) {
        cart here;
        here.start(engine);
        while (!here.fell() && here.age < longest) {
            const auto policy = net(here.state).get<"policy">();
            here.push(policy[1] > policy[0]);
        }
        sum += here.age;
    }
    return sum / 20.0;
}

}  // namespace

int main() {
    const auto start = ctnn::initialize<actor_critic>(ctnn::glorot_uniform{}, 1);
    static ctnn::trainer<actor_critic, both_losses, ctnn::adam, batch> learner{
        start, {.learning_rate = 1e-2}, both_losses{{1, 0.5}}};
    const actor_critic& net = learner.network();

    ctnn::random_engine engine{1};
    std::array<cart, carts> all;
    for (cart& here : all) here.start(engine);
    static ctnn::tensor<float, ctnn::shape<batch, 4>> states;
    static ctnn::tensor<float, ctnn::shape<batch, 3>> targets;  // of the policy, then of the value
    std::printf("at first the pole stays up for %.0f steps\n", mean_age(start));

    double age = 0;
    for (int round = 1; round <= 5000 && age < 490; ++round) {
        for (std::size_t c = 0; c < carts; ++c) {
            float rewards[steps]{}, values[steps]{};
            bool right[steps]{}, ended[steps]{};
            for (std::size_t s = 0; s < steps; ++s) {
                const auto [policy, value] = net(all[c].state);
                for (std::size_t i = 0; i < 4; ++i) states(c * steps + s, i) = all[c].state[i];
                values[s] = value[0];
                right[s] = ctnn::draw_uniform<float>(engine, 0.f, 1.f) < policy[1];
                all[c].push(right[s]);
                rewards[s] = all[c].fell() ? 0.f : 1.f - discount;  // so that a value is at most 1
                ended[s] = all[c].fell();
                if (ended[s] || all[c].age == longest) all[c].start(engine);
            }
            // What each step was worth in the end. How much better that is than expected weights the step.
            float worth = net(all[c].state).get<"value">()[0];
            for (std::size_t s = steps; s-- > 0;) {
                worth = rewards[s] + (ended[s] ? 0.f : discount * worth);
                const std::size_t row = c * steps + s;
                const float advantage = 10 * (worth - values[s]);
                targets(row, 0) = right[s] ? 0.f : advantage;
                targets(row, 1) = right[s] ? advantage : 0.f;
                targets(row, 2) = worth;
            }
        }
        learner.step(states, targets);
        if (round % 250 == 0) {
            age = mean_age(net);
            std::printf("after %d rounds for %.0f\n", round, age);
        }
    }
    return age >= 490 ? 0 : 1;
}
