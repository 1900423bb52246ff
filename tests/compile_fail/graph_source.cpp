// SPDX-License-Identifier: BSL-1.0
// A node says what it takes before its layers.
// EXPECT: ctnn::graph: after its name a node says what it takes: ctnn::from, or ctnn::sum, ctnn::product, ctnn::concatenate or ctnn::matmul of several of these

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3>, ctnn::graph<ctnn::node<"y", ctnn::dense<4>>>>;
constexpr net_type net{};
constexpr auto y = net({1, 2, 3});
