// SPDX-License-Identifier: BSL-1.0
// Target rows of three values for a network of two outputs.
// EXPECT: ctnn: the targets have another shape than the network's outputs
// EXPECT: shape<3>
// EXPECT: shape<2>
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<2, ctnn::softmax>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<double, ctnn::shape<4, 3>> targets{};
auto result = ctnn::accuracy(net, inputs, targets);
