// SPDX-License-Identifier: BSL-1.0
// The twin of input_batch_shape.cpp, without the mistake.

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr net_type net{};
constexpr auto y = net(ctnn::tensor<double, ctnn::shape<8, 2>>{});
