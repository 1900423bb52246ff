// SPDX-License-Identifier: BSL-1.0
// Activations inside a step whose derivatives need what comes before them.
// EXPECT: ctnn::lstm: its activations are elementwise, with derivatives that are computed from their results
// EXPECT: silu

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 1>, ctnn::lstm<2, ctnn::silu>>;
net_type net{};
