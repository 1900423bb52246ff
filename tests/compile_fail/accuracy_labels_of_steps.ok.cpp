// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 1>, ctnn::gru<2, ctnn::last_step>, ctnn::dense<3, ctnn::softmax>>;
constexpr ctnn::tensor<double, ctnn::shape<4, 2, 1>> inputs{};
constexpr ctnn::tensor<int, ctnn::shape<4>> labels{};
constexpr double share = ctnn::accuracy(net_type{}, inputs, labels);
