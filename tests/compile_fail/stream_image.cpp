// SPDX-License-Identifier: BSL-1.0
// An image of height 1 is not a sequence.
// EXPECT: ctnn::stream: a layer cannot take one time step at a time
// EXPECT: layer_number<0>
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 1, 6>, ctnn::conv2d<2, ctnn::window<1>>>;
constexpr net_type net{};
ctnn::stream<net_type> s{net};
