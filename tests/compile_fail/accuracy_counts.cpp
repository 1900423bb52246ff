// SPDX-License-Identifier: BSL-1.0
// Four samples and three labels.
// EXPECT: ctnn: there are not as many targets as inputs
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<int, ctnn::shape<3>> labels{};
double share = ctnn::accuracy(net, inputs, labels);
