// SPDX-License-Identifier: BSL-1.0
// flatten cannot stream.
// EXPECT: ctnn::stream: a layer cannot take one time step at a time
// EXPECT: layer_number<1>
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 6>, ctnn::gru<2>, ctnn::flatten, ctnn::dense<1>>;
constexpr net_type net{};
ctnn::stream<net_type> s{net};
