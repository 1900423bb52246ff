// SPDX-License-Identifier: BSL-1.0
// Three states and two goals.
// EXPECT: ctnn::join: the tensors have different numbers of samples

#include <ctnn.hpp>

using net_type = ctnn::network<
    double, ctnn::inputs<ctnn::named<"state", ctnn::shape<3>>, ctnn::named<"goal", ctnn::shape<2>>>,
    ctnn::graph<ctnn::node<"policy", ctnn::from<"state">, ctnn::dense<2>>,
                ctnn::node<"value", ctnn::from<"goal">, ctnn::dense<1>>, ctnn::outputs<"policy", "value">>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<3>> state{1, 2, 3};
constexpr ctnn::tensor<double, ctnn::shape<2>> goal{1, 2};
constexpr auto rows = ctnn::join(ctnn::tensor<double, ctnn::shape<3, 3>>{}, ctnn::tensor<double, ctnn::shape<2, 2>>{});
