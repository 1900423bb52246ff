// SPDX-License-Identifier: BSL-1.0
// Five samples and four targets.
// EXPECT: ctnn::fit: there are not as many targets as inputs
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<5, 2>> inputs{};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{0, 1, 1, 0};
constexpr auto trained = ctnn::fit<ctnn::binary_cross_entropy>(net, inputs, targets, ctnn::sgd{});
