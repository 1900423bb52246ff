// SPDX-License-Identifier: BSL-1.0
// A batch of no samples.
// EXPECT: ctnn::fit: a batch has at least one sample
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{0, 0, 0, 1, 1, 0, 1, 1};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{0, 1, 1, 0};
constexpr auto trained = ctnn::fit<ctnn::binary_cross_entropy, 0>(net, inputs, targets, ctnn::sgd{});
