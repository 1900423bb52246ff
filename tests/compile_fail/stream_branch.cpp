// SPDX-License-Identifier: BSL-1.0
// Branches, one of which looks ahead.
// EXPECT: ctnn::stream: a layer cannot take one time step at a time
// EXPECT: layer_number<0>
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 6>, ctnn::residual<ctnn::conv1d<2, ctnn::window<3>, ctnn::same>>>;
constexpr net_type net{};
ctnn::stream<net_type> s{net};
