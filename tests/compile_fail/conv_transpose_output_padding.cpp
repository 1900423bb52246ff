// SPDX-License-Identifier: BSL-1.0
// As much output padding as the stride.
// EXPECT: ctnn::conv_transpose: the output padding is less than the stride
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<1, 2>, ctnn::conv1d_transpose<1, ctnn::window<3>, ctnn::stride<2>, ctnn::output_padding<2>>>;
net_type net{};
