// SPDX-License-Identifier: BSL-1.0
// A trainer in place for a network one of whose layers does not update its parameters as it computes their gradient.
// EXPECT: ctnn::trainer: a layer of this network needs memory for its gradient, which a trainer in_place has not
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<float, ctnn::input<1, 8>, ctnn::conv1d<2, ctnn::window<3>, ctnn::relu>, ctnn::flatten,
                               ctnn::dense<1, ctnn::sigmoid>>;
ctnn::trainer<net_type, ctnn::binary_cross_entropy, ctnn::sgd, 4, ctnn::in_place> training{net_type{}};
