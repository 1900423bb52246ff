// SPDX-License-Identifier: BSL-1.0
// A pooling layer takes images.
// EXPECT: ctnn::graph: a layer of a node cannot take the shape that it is given

#include <ctnn.hpp>

using net_type =
    ctnn::network<double, ctnn::input<3>,
                  ctnn::graph<ctnn::node<"y", ctnn::from<"input">, ctnn::dense<4>, ctnn::max_pool2d<ctnn::window<2>>>>>;
constexpr net_type net{};
constexpr auto y = net({1, 2, 3});
