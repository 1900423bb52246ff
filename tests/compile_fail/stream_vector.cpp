// SPDX-License-Identifier: BSL-1.0
// A network of vectors has no time dimension.
// EXPECT: ctnn::stream: a layer cannot take one time step at a time
// EXPECT: layer_number<0>
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4>, ctnn::dense<2>>;
constexpr net_type net{};
ctnn::stream<net_type> s{net};
