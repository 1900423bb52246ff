// SPDX-License-Identifier: BSL-1.0
// The axis comes after the activation, which is missing.
// EXPECT: ctnn::batch_norm: the arguments are an activation, an axis, a momentum and an epsilon, in this order
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 3>, ctnn::batch_norm<ctnn::axis<1>>>;
constexpr net_type net{};
constexpr auto y = net(ctnn::tensor<double, net_type::input_shape>{});
