// SPDX-License-Identifier: BSL-1.0
// A loss on probabilities for a network that outputs none.
// EXPECT: ctnn: this loss does not go with the activation of the last layer
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<2, ctnn::sigmoid>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<int, ctnn::shape<4>> labels{0, 1, 1, 0};
constexpr double loss = ctnn::evaluate<ctnn::cross_entropy>(net, inputs, labels);
