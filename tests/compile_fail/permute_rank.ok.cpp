// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 3, 4>, ctnn::permute<1, 0, 2>>;
net_type net{};
