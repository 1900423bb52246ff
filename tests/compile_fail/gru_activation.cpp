// SPDX-License-Identifier: BSL-1.0
// Gates that are no probabilities one by one.
// EXPECT: ctnn::gru: its activations are elementwise, with derivatives that are computed from their results
// EXPECT: softmax

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 1>, ctnn::gru<2, ctnn::gate_activation<ctnn::softmax>>>;
net_type net{};
