// SPDX-License-Identifier: BSL-1.0
// Two targets per sample for a network of one output.
// EXPECT: ctnn::fit: the targets have another shape than the network's outputs
// EXPECT: shape<2>
// EXPECT: shape<1>
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{0, 0, 0, 1, 1, 0, 1, 1};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> targets{0, 1, 1, 0};
constexpr auto trained = ctnn::fit<ctnn::binary_cross_entropy>(net, inputs, targets, ctnn::sgd{});
