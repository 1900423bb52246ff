// SPDX-License-Identifier: BSL-1.0
// A factor instead of an axis and an extent.
// EXPECT: ctnn::linear_resize: the arguments are an axis, an extent of at least 1, and half_pixel, align_corners or asymmetric
// ERRORS: 2

#include <ctnn.hpp>

using net_type = ctnn::network<float, ctnn::input<2, 4>, ctnn::linear_resize<ctnn::half_pixel, 8>>;
net_type net{};
