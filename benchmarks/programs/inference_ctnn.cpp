// SPDX-License-Identifier: BSL-1.0
// Evaluates 4-64-64-2 once, to measure compile time and program size. In ctnn.
#include "random.hpp"

#include <ctnn.hpp>

#include <cstdio>

using net_type =
    ctnn::network<float, ctnn::input<4>, ctnn::dense<64, ctnn::tanh>, ctnn::dense<64, ctnn::tanh>, ctnn::dense<2>>;

int main(int argc, char**) {
    static net_type net;
    random_numbers draw{static_cast<std::uint32_t>(argc)};
    const auto randomize = [&](auto& tensor) {
        for (float& value : tensor) value = draw();
    };
    ctnn::for_each_tensor(randomize, net);
    const float x = static_cast<float>(argc);
    const auto y = net({x, 0.5f * x, 0.25f * x, 0.125f * x});
    std::printf("%.4f %.4f\n", static_cast<double>(y[0]), static_cast<double>(y[1]));
}
