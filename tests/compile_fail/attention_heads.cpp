// SPDX-License-Identifier: BSL-1.0
// Four features in three heads.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: wants_features_divisible_by<3
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 4>, ctnn::multi_head_attention<3>>;
net_type net{};
