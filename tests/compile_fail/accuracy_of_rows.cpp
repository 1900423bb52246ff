// SPDX-License-Identifier: BSL-1.0
// The accuracy of a network that outputs a row of classes for each time step.
// EXPECT: ctnn: these outputs determine no class: a single output has to be a probability, such as that of ctnn::sigmoid, and several have to be one row
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3, 2>, ctnn::gru<4>, ctnn::dense<2, ctnn::softmax>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 3, 2>> inputs{};
using targets = ctnn::tensor<double, ctnn::batch_of<4, net_type::output_shape>>;
constexpr double share = ctnn::accuracy(net, inputs, targets{});
