// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 4>, ctnn::conv1d_transpose<4, ctnn::window<3>, ctnn::groups<2>>>;
net_type net{};
