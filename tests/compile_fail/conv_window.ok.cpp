// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<1, 3, 3>, ctnn::conv2d<1, ctnn::window<3>>>;
net_type net{};
