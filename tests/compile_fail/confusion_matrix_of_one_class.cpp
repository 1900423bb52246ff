// SPDX-License-Identifier: BSL-1.0
// The confusion matrix of a softmax over a single class, whose probability is always 1.
// EXPECT: ctnn: these outputs determine no class: a single output has to be a probability, such as that of ctnn::sigmoid, and several have to be one row
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<1, ctnn::softmax>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<int, ctnn::shape<4>> labels{0, 1, 1, 0};
constexpr auto counts = ctnn::confusion_matrix(net, inputs, labels);
