// SPDX-License-Identifier: BSL-1.0
// A layer is not an activation.
// EXPECT: ctnn::activation: the argument is an activation
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4>, ctnn::activation<ctnn::flatten>>;
constexpr net_type net{};
constexpr auto y = net(ctnn::tensor<double, net_type::input_shape>{});
