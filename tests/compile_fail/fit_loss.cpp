// SPDX-License-Identifier: BSL-1.0
// A loss of class probabilities after a sigmoid.
// EXPECT: ctnn: this loss does not go with the activation of the last layer
// EXPECT: loss_is<ctnn::cross_entropy>
// EXPECT: last_activation_is<ctnn::sigmoid>
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{0, 0, 0, 1, 1, 0, 1, 1};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{0, 1, 1, 0};
auto trained = ctnn::fit<ctnn::cross_entropy>(net, inputs, targets, ctnn::sgd{});
