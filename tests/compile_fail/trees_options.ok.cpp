// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>,
                               ctnn::decision_trees<1, 2, 4, ctnn::average_of_trees>>;
net_type net{};
