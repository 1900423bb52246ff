// SPDX-License-Identifier: BSL-1.0
// Features along a dimension that does not exist.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: wants_features_along<1
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4>, ctnn::batch_norm<ctnn::identity, ctnn::axis<1>>>;
net_type net{};
