// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 3>, ctnn::permute<1, 0>>;
net_type net{};
