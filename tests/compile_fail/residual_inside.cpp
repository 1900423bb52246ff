// SPDX-License-Identifier: BSL-1.0
// A layer inside a residual that cannot take its input.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: wants_branches_that_bind
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3>, ctnn::residual<ctnn::conv1d<3, ctnn::window<1>>>>;
net_type net{};
