// SPDX-License-Identifier: BSL-1.0
// Pooling rounds up, transposed convolution does not.
// EXPECT: ctnn::conv_transpose: the options are an activation, stride, dilation, padding, groups, output_padding and
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 4>, ctnn::conv1d_transpose<2, ctnn::window<3>, ctnn::ceil_mode>>;
net_type net{};
