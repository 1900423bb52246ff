// SPDX-License-Identifier: BSL-1.0
// A trainer in place for a network one of whose layers does not update its parameters as it computes their gradient.

#include <ctnn.hpp>

using net_type = ctnn::network<float, ctnn::input<1, 8>, ctnn::conv1d<2, ctnn::window<3>, ctnn::relu>, ctnn::flatten,
                               ctnn::dense<1, ctnn::sigmoid>>;
ctnn::trainer<net_type, ctnn::binary_cross_entropy, ctnn::sgd, 4> training{net_type{}};
