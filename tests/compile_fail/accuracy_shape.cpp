// SPDX-License-Identifier: BSL-1.0
// Samples of three values for a network of two inputs.
// EXPECT: ctnn: the samples have another shape than the network expects
// EXPECT: shape<3>
// EXPECT: shape<2>
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 3>> inputs{};
constexpr ctnn::tensor<int, ctnn::shape<4>> labels{};
constexpr double share = ctnn::accuracy(net, inputs, labels);
