// SPDX-License-Identifier: BSL-1.0
// An option given twice.
// EXPECT: ctnn::conv: the options are an activation, stride, dilation, padding, groups and no_bias, each at most once
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 4>, ctnn::conv1d<2, ctnn::window<3>, ctnn::relu, ctnn::tanh>>;
net_type net{};
