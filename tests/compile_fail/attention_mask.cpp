// SPDX-License-Identifier: BSL-1.0
// An activation in place of the mask.
// EXPECT: ctnn::multi_head_attention: the mask is no_mask or causal_mask
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 3>, ctnn::multi_head_attention<1, ctnn::relu>>;
constexpr net_type net{};
constexpr auto y = net(ctnn::tensor<double, net_type::input_shape>{});
