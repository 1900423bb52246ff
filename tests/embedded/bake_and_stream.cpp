// SPDX-License-Identifier: BSL-1.0
// A baked network and a stream, without exceptions and RTTI: both networks are constants in flash, and the program
// computes the same with them as the compiler.

#include <ctnn.hpp>

#include "exclusive_or.hpp"

#include <cstddef>

namespace {

constexpr ctnn::tensor<float, ctnn::shape<4, 2>> questions{0, 0, 0, 1, 1, 0, 1, 1};
constexpr ctnn::tensor<unsigned char, ctnn::shape<4>> answers{0, 1, 1, 0};
static_assert(ctnn::accuracy(exclusive_or::model, questions, answers) == 1);

/// Predicts the next value of a series whose values arrive one at a time.
using filter_type = ctnn::network<float, ctnn::input<8, 1>, ctnn::gru<4>, ctnn::dense<1>>;
constexpr filter_type filter = ctnn::initialize<filter_type>(ctnn::glorot_uniform{}, 1);
constexpr ctnn::tensor<float, ctnn::shape<8, 1>> series{0, 0.5f, 1, 0.5f, 0, -0.5f, -1, -0.5f};
constexpr auto expected = filter(series);

/// The entire memory of the filter.
ctnn::stream steps{filter};
static_assert(sizeof(steps.state) == 4 * sizeof(float));

}  // namespace

int main() {
    const volatile float one = 1, zero = 0;
    if (ctnn::predict(exclusive_or::model, {one, zero}) != 1) return 1;
    if (ctnn::predict(exclusive_or::model, {one, one}) != 0) return 2;

    for (std::size_t t = 0; t < series.size(); ++t)
        if (!ctnn::near(steps({series[t] * one})[0], expected[t], 1e-6f)) return 3;
    return 0;
}
