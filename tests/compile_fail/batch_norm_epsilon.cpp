// SPDX-License-Identifier: BSL-1.0
// An epsilon in place of the momentum.
// EXPECT: ctnn::batch_norm: the arguments are an activation, an axis, a momentum and an epsilon, in this order
// ERRORS: 2

#include <ctnn.hpp>

#include <ratio>

using net_type = ctnn::network<double, ctnn::input<4, 3>, ctnn::batch_norm<ctnn::relu, ctnn::axis<1>, ctnn::epsilon<std::ratio<1, 1000>>>>;
constexpr net_type net{};
constexpr auto y = net(ctnn::tensor<double, net_type::input_shape>{});
