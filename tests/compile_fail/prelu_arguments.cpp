// SPDX-License-Identifier: BSL-1.0
// prelu is an activation itself.
// EXPECT: ctnn::prelu: the argument is an axis
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 3>, ctnn::prelu<ctnn::relu>>;
constexpr net_type net{};
constexpr auto y = net(ctnn::tensor<double, net_type::input_shape>{});
