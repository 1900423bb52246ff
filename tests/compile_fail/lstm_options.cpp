// SPDX-License-Identifier: BSL-1.0
// An option given twice.
// EXPECT: ctnn::lstm: the options are every_step or last_step, initial_state, truncation, an activation, gate_activation, and cell_activation
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 1>, ctnn::lstm<2, ctnn::last_step, ctnn::every_step>>;
net_type net{};
