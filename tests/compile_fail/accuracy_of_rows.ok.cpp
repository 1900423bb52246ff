// SPDX-License-Identifier: BSL-1.0
// The twin of accuracy_of_rows.cpp, without the mistake.

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3, 2>, ctnn::gru<4, ctnn::last_step>, ctnn::dense<2, ctnn::softmax>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 3, 2>> inputs{};
using targets = ctnn::tensor<double, ctnn::batch_of<4, net_type::output_shape>>;
constexpr double share = ctnn::accuracy(net, inputs, targets{});
