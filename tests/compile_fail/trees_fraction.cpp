// SPDX-License-Identifier: BSL-1.0
// A child that is a fraction, between its own number and the next, in a constant expression.
// EXPECT: ctnn::decision_trees: its tables are not those of trees
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<1>, ctnn::decision_trees<1, 1, 1>>;
constexpr net_type net = [] {
    net_type result{};
    ctnn::get<0>(result).splits = {3, 0.5, 2.5, 0};   // leaves are 0 and 1, the split is 2
    return result;
}();
constexpr auto y = net({0});
