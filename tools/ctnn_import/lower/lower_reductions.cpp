// SPDX-License-Identifier: BSL-1.0
// Reductions and global pooling.
#include "graph/operator_call.hpp"
#include "lower/lowering.hpp"

namespace ctnn_import {

namespace {

/// The mean or maximum over the innermost `size` elements.
void pool_rows(const job& of, std::int64_t rows, std::int64_t size, bool largest) {
    if (size == 1) return;
    // Keep the current view if its outermost axis is the rows.
    if (of.to.shape().size() < 2 || of.to.shape()[0] != rows) of.to.view({rows, size});
    layer next;
    next.kind = largest ? "global_max_pool" : "global_average_pool";
    next.nodes = {of.what.name};
    of.to.add(std::move(next), {rows});
}
void global_pool(const job& of) {
    const extents& x = of.input();
    if (x.size() < 3) of.refuse("its input has no spatial axes");
    pool_rows(of, x[0] * x[1], count(x, 2, x.size()), of.what.op == "GlobalMaxPool");
}
void reduce(const job& of) {
    const extents& x = of.input();
    const auto given = of.list("axes", 1, of.what.op == "ReduceSum" ? 13 : 18);
    if (given.empty() && of.what.get<std::int64_t>("noop_with_empty_axes", 0) != 0) return;
    std::vector<bool> reduced(x.size(), given.empty());
    for (const std::int64_t axis : given) reduced[axis_in(of.what, axis, x.size())] = true;
    std::vector<std::size_t> order;
    std::int64_t size = 1;
    for (std::size_t axis = 0; axis < x.size(); ++axis)
        if (!reduced[axis]) order.push_back(axis);
    for (std::size_t axis = 0; axis < x.size(); ++axis)
        if (reduced[axis]) {
            order.push_back(axis);
            size *= x[axis];
        }
    of.to.permute(x, order, of.what.name);
    pool_rows(of, count(x) / size, size, of.what.op == "ReduceMax");
    // A sum is `size` times the mean.
    if (of.what.op == "ReduceSum")
        of.to.affine({1, 1, count(x) / size}, {static_cast<double>(size)}, {0}, of.what.name);
}

}  // namespace

void add_reduction_lowerings(lowering_table& table) {
    table.insert({{"GlobalAveragePool", global_pool},
                  {"GlobalMaxPool", global_pool},
                  {"ReduceMean", reduce},
                  {"ReduceSum", reduce},
                  {"ReduceMax", reduce}});
}

}  // namespace ctnn_import
