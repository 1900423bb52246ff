// SPDX-License-Identifier: BSL-1.0
// The bias option comes after the activation, which is missing.
// EXPECT: ctnn::dense: the number of outputs is followed by an activation, and then with_bias or no_bias
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3>, ctnn::dense<4, ctnn::no_bias>>;
constexpr net_type net{};
constexpr auto y = net(ctnn::tensor<double, net_type::input_shape>{});
