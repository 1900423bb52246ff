// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::decision_trees<1, 1, 8000000>>;
static_assert(net_type::parameter_count > 0);
