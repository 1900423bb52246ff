// SPDX-License-Identifier: BSL-1.0
// The twin of sharded_batch.cpp, without the mistake.

#include <ctnn.hpp>
#include <ctnn/train/sharded.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<1, ctnn::sigmoid>>;
ctnn::trainer<net_type, ctnn::binary_cross_entropy, ctnn::sgd, 4, ctnn::sharded<2>> training{net_type{}};
