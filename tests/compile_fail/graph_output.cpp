// SPDX-License-Identifier: BSL-1.0
// No value has the name of the output.
// EXPECT: ctnn::graph: an output has the name of no value

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3>,
                               ctnn::graph<ctnn::node<"q", ctnn::from<"input">, ctnn::dense<4>>, ctnn::outputs<"y">>>;
constexpr net_type net{};
constexpr auto y = net({1, 2, 3});
