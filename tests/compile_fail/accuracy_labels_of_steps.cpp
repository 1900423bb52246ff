// SPDX-License-Identifier: BSL-1.0
// One label per sample for a network that has outputs at every step.
// EXPECT: ctnn: the targets have another shape than the network's outputs
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 1>, ctnn::gru<2>, ctnn::dense<3, ctnn::softmax>>;
constexpr ctnn::tensor<double, ctnn::shape<4, 2, 1>> inputs{};
constexpr ctnn::tensor<int, ctnn::shape<4>> labels{};
constexpr double share = ctnn::accuracy(net_type{}, inputs, labels);
