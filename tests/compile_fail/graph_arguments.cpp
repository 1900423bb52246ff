// SPDX-License-Identifier: BSL-1.0
// Layers are in nodes.
// EXPECT: ctnn::graph: the arguments are nodes, at least one, and then the outputs

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3>, ctnn::graph<ctnn::dense<4>, ctnn::outputs<"y">>>;
constexpr net_type net{};
constexpr auto y = net({1, 2, 3});
