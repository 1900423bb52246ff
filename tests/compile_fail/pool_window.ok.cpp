// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<1, 4>, ctnn::average_pool1d<ctnn::window<4>>>;
net_type net{};
