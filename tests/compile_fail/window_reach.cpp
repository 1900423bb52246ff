// SPDX-License-Identifier: BSL-1.0
// A window whose last place is 2^64 behind its first: the product begins again at 0.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives

#include <ctnn.hpp>

using large = ctnn::network<float, ctnn::input<1, 8>, ctnn::conv1d<2, ctnn::window<3>, ctnn::dilation<9223372036854775808u>>>;
constexpr std::size_t parameters = large::parameter_count;
