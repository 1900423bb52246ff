// SPDX-License-Identifier: BSL-1.0
// Gemm, MatMul and Einsum.
#include "evaluate_onnx/operators.hpp"
#include "graph/einsum.hpp"

namespace ctnn_import {

namespace {

std::vector<array> gemm(const call& of) {
    const array &a = of.input(0), &b = of.input(1);
    if (a.dims.size() != 2 || b.dims.size() != 2)
        of.refuse("the inputs are " + text_of(a.dims) + " and " + text_of(b.dims) + ", and not two matrices");
    const auto &left = of.reals(0), &right = of.reals(1);
    const bool across_a = of.what.get<std::int64_t>("transA", 0) != 0;
    const bool across_b = of.what.get<std::int64_t>("transB", 0) != 0;
    const double alpha = of.what.get<double>("alpha", 1), beta = of.what.get<double>("beta", 1);
    const std::int64_t rows = a.dims[across_a], depth = a.dims[!across_a], columns = b.dims[!across_b];
    if (b.dims[across_b] != depth)
        of.refuse("the matrices of " + text_of(a.dims) + " and " + text_of(b.dims) + " cannot be multiplied");

    limit_work(of, {rows, columns, depth});
    array y = reals_of(of, {rows, columns});
    for (std::int64_t m = 0; m < rows; ++m)
        for (std::int64_t n = 0; n < columns; ++n) {
            double sum = 0;
            for (std::int64_t k = 0; k < depth; ++k)
                sum += left[static_cast<std::size_t>(across_a ? k * rows + m : m * depth + k)] *
                       right[static_cast<std::size_t>(across_b ? n * depth + k : k * columns + n)];
            y.reals()[static_cast<std::size_t>(m * columns + n)] = alpha * sum;
        }
    if (of.has(2)) {
        const array& c = of.input(2);
        const auto& added = of.reals(2);
        if (of.what.opset < 7 && of.what.get<std::int64_t>("broadcast", 0) == 0 && c.dims != y.dims)
            of.refuse("the shape of C differs and broadcast is not set");
        if (broadcast(of.what, y.dims, c.dims) != y.dims) of.refuse("C of " + text_of(c.dims) + " is larger than Y");
        const std::vector<std::int64_t> strides[]{broadcast_strides(c.dims, y.dims)};
        for_each_element(y.dims, strides, [&](std::size_t flat, const std::int64_t* offsets) {
            y.reals()[flat] += beta * added[static_cast<std::size_t>(offsets[0])];
        });
    }
    return {std::move(y)};
}

std::vector<array> matmul(const call& of) {
    extents a = of.input(0).dims, b = of.input(1).dims;
    const auto &left = of.reals(0), &right = of.reals(1);
    if (a.empty() || b.empty()) of.refuse("a scalar is not a matrix");
    const bool a_is_row = a.size() == 1, b_is_column = b.size() == 1;
    if (a_is_row) a.insert(a.begin(), 1);
    if (b_is_column) b.push_back(1);
    const std::int64_t rows = a[a.size() - 2], depth = a.back(), columns = b.back();
    if (b[b.size() - 2] != depth)
        of.refuse("the matrices of " + text_of(of.input(0).dims) + " and " + text_of(of.input(1).dims) +
                  " cannot be multiplied");
    const extents a_outer(a.begin(), a.end() - 2), b_outer(b.begin(), b.end() - 2);
    const extents outer = broadcast(of.what, a_outer, b_outer);
    extents dims = outer;
    dims.insert(dims.end(), {rows, columns});
    limit_work(of, {count(outer), rows, columns, depth});
    array y = reals_of(of, dims);
    const std::vector<std::int64_t> strides[]{broadcast_strides(a_outer, outer), broadcast_strides(b_outer, outer)};
    for_each_element(outer, strides, [&](std::size_t matrix, const std::int64_t* offsets) {
        const double* const from_a = left.data() + offsets[0] * rows * depth;
        const double* const from_b = right.data() + offsets[1] * depth * columns;
        double* const to = y.reals().data() + static_cast<std::int64_t>(matrix) * rows * columns;
        for (std::int64_t m = 0; m < rows; ++m)
            for (std::int64_t k = 0; k < depth; ++k)
                for (std::int64_t n = 0; n < columns; ++n)
                    to[m * columns + n] += from_a[m * depth + k] * from_b[k * columns + n];
    });
    if (a_is_row) y.dims.erase(y.dims.end() - 2);
    if (b_is_column) y.dims.pop_back();
    return {std::move(y)};
}

/// The sum of the products over all letters that the result lacks. The letters of the result come first.
std::vector<array> sums_of_products(const call& of) {
    std::vector<extents> shapes;
    for (std::size_t i = 0; i < of.inputs.size(); ++i) shapes.push_back(of.input(i).dims);
    const einsum how = einsum_of(of.what, shapes);
    std::string letters = how.result;
    for (const auto& [letter, extent] : how.extent_of)
        if (how.result.find(letter) == std::string::npos) letters += letter;
    extents dims, kept;
    for (const char letter : letters) dims.push_back(how.extent_of.at(letter));
    kept.assign(dims.begin(), dims.begin() + static_cast<std::ptrdiff_t>(how.result.size()));
    limit_work(of, dims);
    array y = reals_of(of, kept);
    const auto size = static_cast<std::size_t>(count(dims, kept.size(), dims.size()));
    if (y.size() == 0 || size == 0) return {std::move(y)};
    // The strides of each operand along the letters.
    std::vector<std::vector<std::int64_t>> strides;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        const auto own = strides_of(shapes[i]);
        auto& along = strides.emplace_back(letters.size(), 0);
        for (std::size_t axis = 0; axis < own.size(); ++axis) along[letters.find(how.operands[i][axis])] += own[axis];
    }
    const std::vector<std::int64_t> whole[]{strides_of(dims)};
    for_each_element(dims, whole, [&](std::size_t flat, const std::int64_t*) {
        double product = 1;
        for (std::size_t i = 0; i < shapes.size(); ++i) {
            std::int64_t at = 0;
            for (std::size_t axis = 0; axis < dims.size(); ++axis)
                at += static_cast<std::int64_t>(flat) / whole[0][axis] % dims[axis] * strides[i][axis];
            product *= of.reals(i)[static_cast<std::size_t>(at)];
        }
        y.reals()[flat / size] += product;
    });
    return {std::move(y)};
}

}  // namespace

void add_linear(operation_table& table) {
    table.insert({{"Gemm", gemm}, {"MatMul", matmul}, {"Einsum", sums_of_products}});
}

}  // namespace ctnn_import
