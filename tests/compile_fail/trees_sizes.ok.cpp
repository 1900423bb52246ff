// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::decision_trees<3, 6, 12, ctnn::one_output_per_tree>>;
net_type net{};
