// SPDX-License-Identifier: BSL-1.0
// NEEDS-IMPORT: cartpole.onnx
// A policy that balances a pole on a cart, imported by ctnn-import: in three boxes of states it never pushes to the wrong
// side, whatever the state in the box, or this program does not compile. In a fourth box it does, and the search says where.
// A fifth, in import/cartpole_leans_left.vnnlib, takes more than one box: a search in the build finds its certificate, which the
// compiler repeats in a file of its own.
#include <cartpole.hpp>

#include <ctnn.hpp>
#include <ctnn/verify.hpp>

#include <cstdio>

// Position and speed of the cart, angle and angular speed of the pole. Output 0 pushes to the left, output 1 to the right.
using states = ctnn::box<float, cartpole::model_type::input_shape>;
using ctnn::output;
constexpr auto pushes_left = output<0> > output<1>;
constexpr auto pushes_right = output<1> > output<0>;

static_assert(ctnn::proves(cartpole::model,
                           states{.lower = {-0.2564f, -0.0590f, -0.0823f, -0.3947f},
                                  .upper = {-0.2396f, -0.0422f, -0.0655f, -0.3780f}},
                           pushes_left));
static_assert(ctnn::proves(cartpole::model,
                           states{.lower = {-0.2529f, 0.1336f, -0.0613f, -0.6265f},
                                  .upper = {-0.2367f, 0.1497f, -0.0451f, -0.6104f}},
                           pushes_left));
static_assert(ctnn::proves(cartpole::model,
                           states{.lower = {-0.2611f, -0.2493f, -0.0515f, -0.0701f},
                                  .upper = {-0.2562f, -0.2444f, -0.0466f, -0.0651f}},
                           pushes_right));

int main() {
    const states fourth{.lower = {0.4315f, -0.3025f, 0.0703f, 0.3756f}, .upper = {0.4385f, -0.2955f, 0.0773f, 0.3826f}};
    const auto found = ctnn::prove(cartpole::model, fourth, pushes_left);
    if (found.outcome != ctnn::verdict::refuted) return 1;
    const auto& x = found.counterexample;
    const auto y = cartpole::model(x);
    std::printf("refuted: at (%.4f, %.4f, %.4f, %.4f) it computes %.4f and %.4f\n", x[0], x[1], x[2], x[3], y[0], y[1]);
    const bool is_proved = ctnn::proves(cartpole::model, fourth, output<0> < 10 && output<1> > -10);
    return fourth.contains(x) && !(y[0] > y[1]) && is_proved ? 0 : 1;
}
