// SPDX-License-Identifier: BSL-1.0
// The epsilon is left out.
// EXPECT: ctnn::layer_norm: the arguments are an activation, an epsilon, and with_affine or no_affine, in this order
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 3>, ctnn::layer_norm<ctnn::relu, ctnn::no_affine>>;
constexpr net_type net{};
constexpr auto y = net(ctnn::tensor<double, net_type::input_shape>{});
