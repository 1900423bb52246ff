// SPDX-License-Identifier: BSL-1.0
// The value of a node is used nowhere.
// EXPECT: ctnn::graph: no output and no other node takes the value of a node

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3>,
                               ctnn::graph<ctnn::node<"a", ctnn::from<"input">, ctnn::dense<4>>,
                                           ctnn::node<"y", ctnn::from<"input">, ctnn::dense<2>>>>;
constexpr net_type net{};
constexpr auto y = net({1, 2, 3});
