// SPDX-License-Identifier: BSL-1.0
// An array with its head.

#include <ctnn.hpp>

using net_type = ctnn::network<float, ctnn::input<1, 8>,
                               ctnn::wavenet<ctnn::wavenet_array<4, ctnn::window<3>, ctnn::dilations<1, 2>,
                                                                 ctnn::conv1d<1, ctnn::window<1>>>>>;
constexpr net_type net{};
