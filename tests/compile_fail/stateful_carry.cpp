// SPDX-License-Identifier: BSL-1.0
// The output has another shape than the input that it is to become.
// EXPECT: ctnn::stateful: each carry names an input and an output of the network with one shape, and others remain

#include <ctnn.hpp>

using net_type =
    ctnn::network<float, ctnn::inputs<ctnn::named<"x", ctnn::shape<2>>, ctnn::named<"h", ctnn::shape<3>>>,
                  ctnn::graph<ctnn::node<"h_next", ctnn::concatenate<ctnn::from<"x">, ctnn::from<"h">>>,
                              ctnn::node<"y", ctnn::from<"h_next">, ctnn::dense<1>>, ctnn::outputs<"h_next", "y">>>;
constexpr net_type net{};
ctnn::stateful<net_type, ctnn::carry<"h", "h_next">> running{net};
