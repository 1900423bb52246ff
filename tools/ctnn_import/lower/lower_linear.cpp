// SPDX-License-Identifier: BSL-1.0
// Gemm and MatMul with a constant matrix: dense layers.
#include "graph/operator_call.hpp"
#include "lower/lowering.hpp"

#include <algorithm>

namespace ctnn_import {

weight_matrix transposed(const weight_matrix& of) {
    weight_matrix result{of.outputs, of.inputs, std::vector<double>(of.numbers.size())};
    for (std::int64_t i = 0; i < of.inputs; ++i)
        for (std::int64_t o = 0; o < of.outputs; ++o)
            result.numbers[static_cast<std::size_t>(o * of.inputs + i)] =
                of.numbers[static_cast<std::size_t>(i * of.outputs + o)];
    return result;
}

void lower_dense(const job& of, std::int64_t rows, weight_matrix weights) {
    of.to.view(rows == 1 ? extents{weights.inputs} : extents{rows, weights.inputs});
    layer next;
    next.kind = "dense";
    next.arguments = {std::to_string(weights.outputs)};
    next.takes_activation = true;
    next.options = {"ctnn::no_bias"};
    next.multiply_accumulates = rows * weights.inputs * weights.outputs;
    next.nodes = {of.what.name};
    const std::int64_t outputs = weights.outputs;
    next.parameters = {{"weights", {weights.inputs, outputs}, std::move(weights.numbers)}};
    of.to.add(std::move(next), rows == 1 ? extents{outputs} : extents{rows, outputs});
}

namespace {

void gemm(const job& of) {
    const bool across_a = of.what.get<std::int64_t>("transA", 0) != 0;
    const bool across_b = of.what.get<std::int64_t>("transB", 0) != 0;
    const double alpha = of.what.get<double>("alpha", 1), beta = of.what.get<double>("beta", 1);
    if (of.live > 1) of.refuse("its input C is not a constant, and the others are");
    const extents& result = of.result();
    const std::string& name = of.what.name;
    const extents& given = of.dims(1 - of.live);
    weight_matrix weights{given[0], given[1], of.reals(1 - of.live)};
    for (double& number : weights.numbers) number *= alpha;
    if (of.live == 0) {
        if (across_a) of.to.permute(of.input(), {1, 0}, name);
        lower_dense(of, result[0], across_b ? transposed(weights) : std::move(weights));
    } else {
        // Y' = B' A'
        if (!across_b) of.to.permute(of.input(), {1, 0}, name);
        lower_dense(of, result[1], across_a ? std::move(weights) : transposed(weights));
        of.to.permute({result[1], result[0]}, {1, 0}, name);
    }
    if (!of.what.has_input(2)) return;
    std::vector<double> added = of.reals(2);
    for (double& number : added) number *= beta;
    const auto [at, numbers] = constant_along(of.dims(2), added, result);
    of.to.affine(at, std::vector<double>(numbers.size(), 1), numbers, name);
}

/// A batch of constant matrices: a branch with a dense layer for each.
void several_matrices(const job& of) {
    const extents &given = of.dims(1 - of.live), &x = of.input();
    if (of.live != 0 || x.size() < 2) of.refuse("its constant of " + text_of(given) + " is a batch of matrices");
    const std::int64_t rows = x[x.size() - 2], inputs = x.back(), outputs = given.back();
    const extents outer = broadcast(of.what, {x.begin(), x.end() - 2}, {given.begin(), given.end() - 2});
    const std::int64_t batch = count(outer), size = inputs * outputs;
    if (batch > 64) of.refuse("its constant of " + text_of(given) + " is a batch of more than 64 matrices");
    extents wanted = outer;
    wanted.insert(wanted.end(), x.end() - 2, x.end());
    of.to.expand(x, wanted, of.what.name);
    of.to.view({batch, rows * inputs});
    const std::vector<std::int64_t> strides[]{broadcast_strides({given.begin(), given.end() - 2}, outer)};
    layer next;
    next.kind = "concatenate";
    next.nodes = {of.what.name};
    for_each_element(outer, strides, [&](std::size_t which, const std::int64_t* offsets) {
        builder branch({batch, rows * inputs}, false);
        branch.slice({1, batch, rows * inputs}, static_cast<std::int64_t>(which), 1, of.what.name);
        const auto first = of.reals(1).begin() + offsets[0] * size;
        lower_dense(job{{of.model, of.what}, 0, 0, branch}, rows, {inputs, outputs, {first, first + size}});
        branch.view({rows, outputs});
        next.branches.push_back(branch.take());
    });
    of.to.add(std::move(next), {batch * rows, outputs});
}

void matmul(const job& of) {
    const extents& given = of.dims(1 - of.live);
    const std::vector<double>& numbers = of.reals(1 - of.live);
    const extents& x = of.input();
    if (given.empty() || x.empty()) of.refuse("an input is a scalar");
    const bool vector = given.size() == 1;
    if (count(given, 0, vector ? 0 : given.size() - 2) != 1) return several_matrices(of);
    const std::int64_t last = given.back(), before = vector ? 1 : given[given.size() - 2];
    if (of.live == 0) {
        // A vector as the second operand is a column.
        return lower_dense(of, count(x) / x.back(),
                           vector ? weight_matrix{last, 1, numbers} : weight_matrix{before, last, numbers});
    }
    // Y' = X' W', for each matrix of a batch; a vector X is a column.
    const std::int64_t rows = x.size() == 1 ? x[0] : x[x.size() - 2], columns = x.size() == 1 ? 1 : x.back();
    const std::int64_t batch = count(x) / (rows * columns);
    of.to.permute({batch, rows, columns}, {0, 2, 1}, of.what.name);
    lower_dense(of, batch * columns, transposed({before, last, numbers}));
    of.to.permute({batch, columns, before}, {0, 2, 1}, of.what.name);
}

}  // namespace

void add_linear_lowerings(lowering_table& table) {
    table.insert({{"Gemm", gemm}, {"MatMul", matmul}});
}

}  // namespace ctnn_import
