// SPDX-License-Identifier: BSL-1.0
// Training inside constant evaluation.
#include <ctnn.hpp>

using net = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{0, 0, 0, 1, 1, 0, 1, 1};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{0, 1, 1, 0};
constexpr auto trained = ctnn::fit<ctnn::binary_cross_entropy>(ctnn::initialize<net>(ctnn::glorot_uniform{}, 1), inputs,
                                                               targets, ctnn::adam{.learning_rate = 0.1},
                                                               {.epochs = 2});
static_assert(trained.parameter_count == 17);
