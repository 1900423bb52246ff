// SPDX-License-Identifier: BSL-1.0
// The twin of window_reach.cpp, without the mistake.

#include <ctnn.hpp>

using large = ctnn::network<float, ctnn::input<1, 8>, ctnn::conv1d<2, ctnn::window<3>, ctnn::dilation<3>>>;
constexpr std::size_t parameters = large::parameter_count;
