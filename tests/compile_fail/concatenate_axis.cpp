// SPDX-License-Identifier: BSL-1.0
// The axis comes first, not after the branches.
// EXPECT: ctnn::concatenate: the arguments are an axis, if it is not the outermost, and then branches
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 3>, ctnn::concatenate<ctnn::branch<>, ctnn::branch<>, ctnn::axis<1>>>;
constexpr net_type net{};
constexpr auto y = net(ctnn::tensor<double, net_type::input_shape>{});
