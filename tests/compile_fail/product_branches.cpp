// SPDX-License-Identifier: BSL-1.0
// Layers in place of branches.
// EXPECT: ctnn::product: the arguments are branches, at least one, such as branch<dense<4>>
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 3>, ctnn::product<ctnn::gru<3>, ctnn::dense<3>>>;
constexpr net_type net{};
constexpr auto y = net(ctnn::tensor<double, net_type::input_shape>{});
