// SPDX-License-Identifier: BSL-1.0
// A label that is not a class, in a constant expression.
// EXPECT: ctnn::fit: a label is not a class of the network
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<2, ctnn::softmax>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<int, ctnn::shape<4>> labels{0, 1, 2, 0};
constexpr auto trained = ctnn::fit<ctnn::cross_entropy>(net, inputs, labels, ctnn::sgd{});
