// SPDX-License-Identifier: BSL-1.0
// A residual has two branches, of which the first is the input.
// EXPECT: ctnn::get: the layer has no branch with this number
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::residual<ctnn::dense<2>>>;
constexpr net_type net{};
constexpr auto layer = ctnn::get<0, 2, 0>(net);
