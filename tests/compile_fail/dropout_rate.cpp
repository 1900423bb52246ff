// SPDX-License-Identifier: BSL-1.0
// Everything is dropped.
// EXPECT: ctnn::dropout: the rate is at least 0 and less than 1
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4>, ctnn::dropout<std::ratio<2, 2>>>;
net_type net{};
