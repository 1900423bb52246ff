// SPDX-License-Identifier: BSL-1.0
// Operators with several live inputs: ctnn branches.
#include "graph/operator_call.hpp"
#include "lower/lowering.hpp"

#include <algorithm>

namespace ctnn_import {

namespace {

/// A layer of this kind with the branches of the live inputs.
layer layer_of(const junction& of, const char* kind) {
    layer next;
    next.kind = kind;
    next.nodes = {of.what.name};
    for (std::optional<builder>& branch : of.branches)
        if (branch) next.branches.push_back(branch->take());
    return next;
}

/// The extents of an input for broadcasting: before opset 7 those of the second are aligned at an axis.
extents dims_of(const junction& of, std::size_t input) {
    extents dims = of.dims(input);
    if (input != 1 || of.what.opset >= 7 || of.what.get<std::int64_t>("broadcast", 0) == 0 || !of.what.has("axis"))
        return dims;
    const extents& first = of.dims(0);
    dims.resize(first.size() - axis_in(of.what, of.what.get<std::int64_t>("axis", 0), first.size()), 1);
    return dims;
}

/// Elementwise sums and products. Constant operands are applied last.
void elementwise(const junction& of) {
    const std::string& op = of.what.op;
    const extents& result = of.result();
    const bool product = op == "Mul" || op == "Div";
    for (std::size_t i = 0; i < of.branches.size(); ++i)
        if (of.branches[i]) of.branches[i]->expand(dims_of(of, i), result, of.what.name);
    // Integers are negated by themselves, after they are rounded.
    if (op == "Sub" && of.branches[1] && !of.model.quantized.empty())
        of.branches[1]->negate(of.what.name);
    else if (op == "Sub")
        of.branches[1]->affine({1, 1, count(result)}, {-1}, {0}, of.what.name);
    if (op == "Div") of.branches[1]->activate("ctnn::reciprocal", of.what.name);
    // Identity branches keep the shape of the fork; the others are viewed with it if possible.
    extents output = squeezed(result);
    for (const std::optional<builder>& branch : of.branches)
        if (branch && squeezed(branch->shape()) == squeezed(result)) output = branch->shape();
    if (squeezed(of.to.shape()) == squeezed(result)) output = of.to.shape();
    for (std::optional<builder>& branch : of.branches)
        if (branch) branch->view(output);
    // Adding the fork itself is a residual connection, in either order; integers are rounded in that of the model.
    layer next = layer_of(of, product ? "product" : "sum");
    if (product) next.multiply_accumulates = (static_cast<std::int64_t>(next.branches.size()) - 1) * count(output);
    if (of.forks && op == "Add" && next.branches[1].empty() && of.model.quantized.empty())
        std::swap(next.branches[0], next.branches[1]);
    of.to.add(std::move(next), output);
    for (std::size_t i = 0; i < of.branches.size(); ++i) {
        if (of.branches[i]) continue;
        const auto [at, numbers] = constant_along(of.dims(i), of.reals(i), result);
        of.to.affine(at, std::vector<double>(numbers.size(), 1), numbers, of.what.name);
    }
    if (op == "Mean") {
        const auto terms = static_cast<double>(of.branches.size());
        of.to.affine({1, 1, count(result)}, {1 / terms}, {0}, of.what.name);
    }
}

/// Concatenation along an axis. Constants are zero-padding at first, to which they are added.
void concatenate(const junction& of) {
    const extents& result = of.result();
    const std::size_t axis = axis_in(of.what, of.what.get<std::int64_t>("axis", 1), result.size());
    const axis_view at = view_of(result, axis, axis + 1);
    // Images stay images if all branches produce images and are concatenated along channels.
    const extents* first = nullptr;
    bool images = at.outer == 1;
    for (const std::optional<builder>& branch : of.branches) {
        if (!branch) {
            images = false;
            continue;
        }
        const extents& own = branch->shape();
        if (first == nullptr) first = &own;
        images = images && own.size() > 1 && own.size() == first->size() &&
                 std::equal(own.begin() + 1, own.end(), first->begin() + 1) && own[0] * at.inner == count(own);
    }
    extents output;
    const std::size_t along = at.outer == 1 ? 0 : 1;
    for (std::size_t i = 0; i < of.branches.size(); ++i) {
        if (!of.branches[i]) continue;
        builder& branch = *of.branches[i];
        const axis_view own{at.outer, of.dims(i)[axis], at.inner};
        if (!images) branch.view(extents_along(own));
        const auto [before, behind] = constants_around(of, i, axis);
        branch.zeros(own, before, behind, of.what.name);
        output = branch.shape();
    }
    output[along] = at.extent;
    layer next = layer_of(of, "concatenate");
    if (along != 0) next.arguments = {"ctnn::axis<1>"};
    of.to.add(std::move(next), output);
    const auto [place, numbers] = constant_along(result, constants_of_concat(of, axis), result);
    of.to.affine(place, std::vector<double>(numbers.size(), 1), numbers, of.what.name);
}

/// A matrix product, batched if the operands are.
void multiply(const junction& of) {
    extents a = of.dims(0), b = of.dims(1);
    builder &left = *of.branches[0], &right = *of.branches[1];
    const bool gemm = of.what.op == "Gemm";
    if (gemm && of.what.get<std::int64_t>("transA", 0) != 0) {
        left.permute(a, {1, 0}, of.what.name);
        std::swap(a[0], a[1]);
    }
    if (gemm && of.what.get<std::int64_t>("transB", 0) != 0) {
        right.permute(b, {1, 0}, of.what.name);
        std::swap(b[0], b[1]);
    }
    if (a.size() == 1) a.insert(a.begin(), 1);
    if (b.size() == 1) b.push_back(1);
    const extents outer = broadcast(of.what, {a.begin(), a.end() - 2}, {b.begin(), b.end() - 2});
    const auto matrices = [&](builder& branch, const extents& own) {
        extents wanted = outer;
        wanted.insert(wanted.end(), own.end() - 2, own.end());
        branch.expand(own, wanted, of.what.name);
        extents seen{own.end() - 2, own.end()};
        if (count(outer) != 1) seen.insert(seen.begin(), count(outer));
        branch.view(seen);
    };
    matrices(left, a);
    matrices(right, b);
    extents output{a[a.size() - 2], b.back()};
    if (count(outer) != 1) output.insert(output.begin(), count(outer));
    layer next = layer_of(of, "matmul");
    next.multiply_accumulates = count(output) * a.back();
    of.to.add(std::move(next), output);
    if (!gemm) return;
    of.to.affine({1, 1, count(output)}, {of.what.get<double>("alpha", 1)}, {0}, of.what.name);
    if (!of.what.has_input(2)) return;
    std::vector<double> added = of.reals(2);
    for (double& number : added) number *= of.what.get<double>("beta", 1);
    const auto [at, numbers] = constant_along(of.dims(2), added, of.result());
    of.to.affine(at, std::vector<double>(numbers.size(), 1), numbers, of.what.name);
}

}  // namespace

void join_branches(const junction& of) {
    const std::string& op = of.what.op;
    const bool two = of.branches.size() >= 2 && of.branches[0] && of.branches[1];
    if (op == "Add" || op == "Sub" || op == "Sum" || op == "Mean" || op == "Mul" || op == "Div") return elementwise(of);
    if (op == "Concat") return concatenate(of);
    if (two && (op == "MatMul" || op == "Gemm")) {
        if (of.branches.size() > 2 && of.branches[2]) of.refuse("none of its inputs is constant");
        return multiply(of);
    }
    of.refuse("it combines two non-constant values, which ctnn does only with Add, Sub, Mul, Div, Concat and MatMul");
}

}  // namespace ctnn_import
