// SPDX-License-Identifier: BSL-1.0
// An activation is no layer; it used to be left out.
// EXPECT: ctnn::graph: after what it takes a node has layers, such as ctnn::dense<4, ctnn::tanh>

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3>, ctnn::graph<ctnn::node<"y", ctnn::from<"input">, ctnn::relu>>>;
constexpr net_type net{};
constexpr auto y = net({1, 2, 3});
