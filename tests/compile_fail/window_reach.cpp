// SPDX-License-Identifier: BSL-1.0
// A window whose last element is 2^64 after its first: the product wraps to 0.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives

#include <ctnn.hpp>

using large = ctnn::network<float, ctnn::input<1, 8>, ctnn::conv1d<2, ctnn::window<3>, ctnn::dilation<9223372036854775808u>>>;
constexpr std::size_t parameters = large::parameter_count;
