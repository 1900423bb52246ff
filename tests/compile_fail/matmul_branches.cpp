// SPDX-License-Identifier: BSL-1.0
// A single branch.
// EXPECT: ctnn::matmul: the arguments are two branches, such as branch<dense<4>>
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 3>, ctnn::matmul<ctnn::branch<ctnn::permute<1, 0>>>>;
constexpr net_type net{};
constexpr auto y = net(ctnn::tensor<double, net_type::input_shape>{});
