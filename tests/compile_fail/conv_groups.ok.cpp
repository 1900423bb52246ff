// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 4>, ctnn::conv1d<2, ctnn::window<3>, ctnn::groups<2>>>;
net_type net{};
