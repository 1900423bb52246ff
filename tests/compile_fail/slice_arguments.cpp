// SPDX-License-Identifier: BSL-1.0
// An empty slice.
// EXPECT: ctnn::slice: the arguments are an axis, the first index and a count of at least 1
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3, 4>, ctnn::slice<ctnn::axis<1>, 2, 0>>;
constexpr net_type net{};
constexpr auto y = net(ctnn::tensor<double, net_type::input_shape>{});
