// SPDX-License-Identifier: BSL-1.0
// Two nodes have one name.
// EXPECT: ctnn::graph: a node has the name of an input or of a node before it

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3>,
                               ctnn::graph<ctnn::node<"y", ctnn::from<"input">, ctnn::dense<4>>,
                                           ctnn::node<"y", ctnn::from<"y">, ctnn::dense<2>>>>;
constexpr net_type net{};
constexpr auto y = net({1, 2, 3});
