// SPDX-License-Identifier: BSL-1.0
// An order that names a dimension twice.
// EXPECT: ctnn::permute: each dimension from 0 on occurs exactly once in the order
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 3>, ctnn::permute<1, 1>>;
net_type net{};
