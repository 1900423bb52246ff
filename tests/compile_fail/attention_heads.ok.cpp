// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 6>, ctnn::multi_head_attention<3>>;
net_type net{};
