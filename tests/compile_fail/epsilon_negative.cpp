// SPDX-License-Identifier: BSL-1.0
// An epsilon below 0.
// EXPECT: ctnn::epsilon: epsilon is at least 0
// ERRORS: 2

#include <ctnn.hpp>

#include <ratio>

using net_type = ctnn::network<double, ctnn::input<4, 3>, ctnn::layer_norm<ctnn::relu, ctnn::epsilon<std::ratio<-1, 1000>>>>;
net_type net{};
