// SPDX-License-Identifier: BSL-1.0
// An ensemble without networks.
// EXPECT: ctnn::ensemble: there is at least one network
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<1>>;
using committee = ctnn::ensemble<net_type, 0>;
