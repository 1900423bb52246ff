// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 3>, ctnn::reshape<3, 2>>;
net_type net{};
