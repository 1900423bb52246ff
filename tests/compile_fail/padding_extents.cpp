// SPDX-License-Identifier: BSL-1.0
// Three-dimensional padding of an image.
// EXPECT: ctnn::window: there is one value for all dimensions, or one for each
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<1, 4, 4>, ctnn::max_pool2d<ctnn::window<2>, ctnn::padding<ctnn::pad<1>, ctnn::pad<0>, ctnn::pad<0>>>>;
net_type net{};
