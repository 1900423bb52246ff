// SPDX-License-Identifier: BSL-1.0
// No node has this name.
// EXPECT: ctnn::get: no graph of the network has a node with this name

#include <ctnn.hpp>

using net_type = ctnn::network<
    double, ctnn::inputs<ctnn::named<"state", ctnn::shape<3>>, ctnn::named<"goal", ctnn::shape<2>>>,
    ctnn::graph<ctnn::node<"policy", ctnn::from<"state">, ctnn::dense<2>>,
                ctnn::node<"value", ctnn::from<"goal">, ctnn::dense<1>>, ctnn::outputs<"policy", "value">>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<3>> state{1, 2, 3};
constexpr ctnn::tensor<double, ctnn::shape<2>> goal{1, 2};
constexpr auto& p = ctnn::get<"polcy", 0>(net);
