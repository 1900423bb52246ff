// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<1>, ctnn::decision_trees<1, 1, 1>>;
constexpr net_type net = [] {
    net_type result{};
    ctnn::get<0>(result).splits = {3, 0.5, 1, 0};   // leaves are 0 and 1, the split is 2
    return result;
}();
constexpr auto y = net({0});
