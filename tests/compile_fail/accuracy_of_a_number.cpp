// SPDX-License-Identifier: BSL-1.0
// The accuracy of a network whose single output is not a probability.
// EXPECT: ctnn: these outputs determine no class: a single output has to be a probability, such as that of ctnn::sigmoid, and several have to be one row
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<int, ctnn::shape<4>> labels{0, 1, 1, 0};
constexpr double share = ctnn::accuracy(net, inputs, labels);
