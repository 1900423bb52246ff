// SPDX-License-Identifier: BSL-1.0
// A sum of three and four elements.
// EXPECT: ctnn::graph: the values that a node combines have shapes that do not go together

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3>,
                               ctnn::graph<ctnn::node<"a", ctnn::from<"input">, ctnn::dense<4>>,
                                           ctnn::node<"y", ctnn::sum<ctnn::from<"input">, ctnn::from<"a">>>>>;
constexpr net_type net{};
constexpr auto y = net({1, 2, 3});
