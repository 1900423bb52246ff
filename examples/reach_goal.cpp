// SPDX-License-Identifier: BSL-1.0
// A network with two inputs, an observation and a goal: it moves an arm of two links to where it is told.
#include <ctnn.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <memory>

namespace {

// The observation is the sine and cosine of both joints. The goal joins after what is seen of the arm.
using arm_control =
    ctnn::network<float, ctnn::inputs<ctnn::named<"arm", ctnn::shape<4>>, ctnn::named<"goal", ctnn::shape<2>>>,
                  ctnn::graph<ctnn::node<"seen", ctnn::from<"arm">, ctnn::dense<24, ctnn::tanh>>,
                              ctnn::node<"told", ctnn::concatenate<ctnn::from<"seen">, ctnn::from<"goal">>,
                                         ctnn::dense<32, ctnn::tanh>>,
                              ctnn::node<"speeds", ctnn::from<"told">, ctnn::dense<2>>>>;
static_assert(arm_control::parameter_count == 4 * 24 + 24 + (24 + 2) * 32 + 32 + 32 * 2 + 2);

using vector2 = ctnn::tensor<float, ctnn::shape<2>>;
using vector4 = ctnn::tensor<float, ctnn::shape<4>>;

struct arm {
    float shoulder, elbow;

    vector4 seen() const { return {std::sin(shoulder), std::cos(shoulder), std::sin(elbow), std::cos(elbow)}; }
    /// Where the hand is; both links are 1/2 long.
    vector2 hand() const {
        return {(std::cos(shoulder) + std::cos(shoulder + elbow)) / 2,
                (std::sin(shoulder) + std::sin(shoulder + elbow)) / 2};
    }
    /// Joint speeds that move the hand to the goal: the distance times the damped inverse of the Jacobian matrix.
    vector2 wanted(const vector2& goal) const {
        const vector2 at = hand();
        const float a = -at[1], b = -std::sin(shoulder + elbow) / 2, c = at[0], d = std::cos(shoulder + elbow) / 2;
        const float x = goal[0] - at[0], y = goal[1] - at[1];
        // J^T (J J^T + damping)^-1
        const float p = a * a + b * b + 0.05f, q = a * c + b * d, r = c * c + d * d + 0.05f, det = p * r - q * q;
        const float u = (r * x - q * y) / det, v = (p * y - q * x) / det;
        return {a * u + c * v, b * u + d * v};
    }
};

arm draw_arm(ctnn::random_engine& engine, float straightest, float most_bent) {
    return {ctnn::draw_uniform<float>(engine, -3, 3), ctnn::draw_uniform<float>(engine, straightest, most_bent)};
}

constexpr std::size_t samples = 16384;
using states = ctnn::tensor<float, ctnn::shape<samples, 4>>;
using positions = ctnn::tensor<float, ctnn::shape<samples, 2>>;

}  // namespace

int main() {
    const auto seen = std::make_unique<states>();
    const auto goals = std::make_unique<positions>();
    const auto speeds = std::make_unique<positions>();
    ctnn::random_engine engine{1};
    for (std::size_t i = 0; i < samples; ++i) {
        const arm here = draw_arm(engine, -3, 3);
        // Half of the goals are near, where it matters to be exact.
        const arm there = i % 2 == 0 ? draw_arm(engine, 0.3f, 2.8f)
                                     : arm{here.shoulder + ctnn::draw_uniform<float>(engine, -0.2f, 0.2f),
                                           here.elbow + ctnn::draw_uniform<float>(engine, -0.2f, 0.2f)};
        const vector2 goal = there.hand(), speed = here.wanted(goal);
        const vector4 observation = here.seen();
        std::copy(observation.begin(), observation.end(), seen->data() + 4 * i);
        std::copy(goal.begin(), goal.end(), goals->data() + 2 * i);
        std::copy(speed.begin(), speed.end(), speeds->data() + 2 * i);
    }
    const auto rows = std::make_unique<ctnn::tensor<float, ctnn::shape<samples, 6>>>();
    ctnn::join(rows->data(), ctnn::as_samples(*seen), ctnn::as_samples(*goals));

    const auto net = ctnn::fit<ctnn::mean_squared_error, 32>(ctnn::initialize<arm_control>(ctnn::glorot_uniform{}, 1),
                                                             *rows, *speeds, ctnn::adam{.learning_rate = 3e-3},
                                                             {.epochs = 80, .schedule = ctnn::cosine_decay()});
    std::printf("loss %.4f, then %.4f\n", static_cast<double>(net.history.loss[0]),
                static_cast<double>(net.history.loss[79]));

    // New arms, new goals, the network in the loop.
    constexpr int runs = 200;
    int reached = 0;
    for (int run = 0; run < runs; ++run) {
        arm here = draw_arm(engine, 0.3f, 2.8f);
        const vector2 goal = draw_arm(engine, 0.3f, 2.8f).hand();
        for (int step = 0; step < 200; ++step) {
            const auto speed = net(here.seen(), goal);
            here.shoulder += 0.1f * speed[0];
            here.elbow += 0.1f * speed[1];
        }
        const vector2 at = here.hand();
        if (std::hypot(at[0] - goal[0], at[1] - goal[1]) < 0.05f) ++reached;
    }
    std::printf("the hand came within 5%% of the arm's length of %d of %d goals\n", reached, runs);
    return reached >= 170 ? 0 : 1;
}
