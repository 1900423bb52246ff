// SPDX-License-Identifier: BSL-1.0
// Two nodes take each other's values.
// EXPECT: ctnn::graph: a node takes a value that no input and no node before it has

#include <ctnn.hpp>

using net_type =
    ctnn::network<double, ctnn::input<3>,
                  ctnn::graph<ctnn::node<"a", ctnn::sum<ctnn::from<"input">, ctnn::from<"b">>, ctnn::dense<3>>,
                              ctnn::node<"b", ctnn::from<"a">, ctnn::dense<3>>>>;
constexpr net_type net{};
constexpr auto y = net({1, 2, 3});
