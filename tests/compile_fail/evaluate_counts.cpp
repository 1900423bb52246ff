// SPDX-License-Identifier: BSL-1.0
// Four samples and three targets.
// EXPECT: ctnn: there are not as many targets as inputs
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<2, ctnn::softmax>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<int, ctnn::shape<3>> labels{};
auto result = ctnn::evaluate<ctnn::cross_entropy>(net, inputs, labels);
