// SPDX-License-Identifier: BSL-1.0
// The twin of ensemble_of_several_outputs.cpp, without the mistake.

#include <ctnn.hpp>

using net_type =
    ctnn::network<float, ctnn::input<2>,
                  ctnn::graph<ctnn::node<"body", ctnn::from<"input">, ctnn::dense<4, ctnn::relu>>,
                              ctnn::node<"policy", ctnn::from<"body">, ctnn::dense<2, ctnn::softmax>>, ctnn::outputs<"policy">>>;
using committee = ctnn::ensemble<net_type, 3>;
