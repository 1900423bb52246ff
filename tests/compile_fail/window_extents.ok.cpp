// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<1, 4>, ctnn::conv1d<1, ctnn::window<2>>>;
net_type net{};
