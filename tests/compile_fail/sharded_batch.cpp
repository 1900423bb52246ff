// SPDX-License-Identifier: BSL-1.0
// Shards of different sizes.
// EXPECT: ctnn::sharded: a batch is cut into equal shards, at least one
// ERRORS: 1

#include <ctnn.hpp>
#include <ctnn/train/sharded.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<1, ctnn::sigmoid>>;
ctnn::trainer<net_type, ctnn::binary_cross_entropy, ctnn::sgd, 4, ctnn::sharded<3>> training{net_type{}};
