// SPDX-License-Identifier: BSL-1.0
// A path into a layer that has no layers inside.
// EXPECT: ctnn::get: the layer has no branches
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<2>>;
constexpr net_type net{};
constexpr auto layer = ctnn::get<0, 0, 0>(net);
