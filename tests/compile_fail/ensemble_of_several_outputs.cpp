// SPDX-License-Identifier: BSL-1.0
// An ensemble of networks with two outputs, whose means have no tensor.
// EXPECT: ctnn::ensemble: its networks have one output tensor
// ERRORS: 1

#include <ctnn.hpp>

using net_type =
    ctnn::network<float, ctnn::input<2>,
                  ctnn::graph<ctnn::node<"body", ctnn::from<"input">, ctnn::dense<4, ctnn::relu>>,
                              ctnn::node<"policy", ctnn::from<"body">, ctnn::dense<2, ctnn::softmax>>, ctnn::outputs<"body", "policy">>>;
using committee = ctnn::ensemble<net_type, 3>;
