// SPDX-License-Identifier: BSL-1.0
// A loss of class probabilities after a sigmoid.
// EXPECT: ctnn: this loss does not go with the activation of the last layer
// EXPECT: loss_is<ctnn::cross_entropy>
// EXPECT: last_activation_is<ctnn::sigmoid>
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr net_type net{};
ctnn::trainer<net_type, ctnn::cross_entropy, ctnn::adam, 8> training{net};
