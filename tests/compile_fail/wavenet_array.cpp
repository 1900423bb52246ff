// SPDX-License-Identifier: BSL-1.0
// An array without its head.
// EXPECT: ctnn::wavenet: each argument is a wavenet_array of the channels, a window, dilations, a head, and then an activation or gated

#include <ctnn.hpp>

using net_type = ctnn::network<float, ctnn::input<1, 8>,
                               ctnn::wavenet<ctnn::wavenet_array<4, ctnn::window<3>, ctnn::conv1d<1, ctnn::window<1>>,
                                                                 ctnn::dilations<1, 2>>>>;
constexpr net_type net{};
