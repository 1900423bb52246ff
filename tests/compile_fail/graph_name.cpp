// SPDX-License-Identifier: BSL-1.0
// A name cannot have a dot, which separates the parts of a parameter's name.
// EXPECT: ctnn::graph: a name has 1 to 40 letters, digits and underscores

#include <ctnn.hpp>

using net_type =
    ctnn::network<double, ctnn::input<3>, ctnn::graph<ctnn::node<"a.b", ctnn::from<"input">, ctnn::dense<4>>>>;
constexpr net_type net{};
constexpr auto y = net({1, 2, 3});
