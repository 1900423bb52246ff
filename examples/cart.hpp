// SPDX-License-Identifier: BSL-1.0
// A pole on a cart, for the examples that learn to balance it.
#pragma once

#include <ctnn/math/cos.hpp>
#include <ctnn/math/sin.hpp>
#include <ctnn/random.hpp>
#include <ctnn/tensor.hpp>

#include <cmath>

constexpr int longest = 500;

/// Barto, Sutton and Anderson, "Neuronlike adaptive elements that can solve difficult learning control problems", 1983.
struct cart {
    ctnn::tensor<float, ctnn::shape<4>> state{};
    int age = 0;

    void start(ctnn::random_engine& engine) {
        for (float& number : state) number = ctnn::draw_uniform<float>(engine, -0.05f, 0.05f);
        age = 0;
    }
    void push(bool right) {
        constexpr float gravity = 9.8f, half_length = 0.5f, pole_mass = 0.1f, mass = 1.1f, interval = 0.02f;
        const float sine = ctnn::math::sin(state[2]), cosine = ctnn::math::cos(state[2]);
        const float force = (right ? 10.f : -10.f) + pole_mass * half_length * state[3] * state[3] * sine;
        const float turn =
            (gravity * sine - cosine * force / mass) / (half_length * (4.f / 3 - pole_mass * cosine * cosine / mass));
        const float push = force / mass - pole_mass * half_length * turn * cosine / mass;
        state[0] += interval * state[1];
        state[1] += interval * push;
        state[2] += interval * state[3];
        state[3] += interval * turn;
        ++age;
    }
    bool fell() const { return std::abs(state[0]) > 2.4f || std::abs(state[2]) > 0.2095f; }
};
