// SPDX-License-Identifier: BSL-1.0
// The axis comes after the activation, not before it.
// EXPECT: ctnn::scale: the arguments are an activation and an axis, in this order
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 3>, ctnn::scale<ctnn::axis<1>, ctnn::relu>>;
constexpr net_type net{};
constexpr auto y = net(ctnn::tensor<double, net_type::input_shape>{});
