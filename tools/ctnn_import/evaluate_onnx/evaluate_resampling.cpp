// SPDX-License-Identifier: BSL-1.0
// Resize and Upsample, DepthToSpace and SpaceToDepth.
#include "evaluate_onnx/operators.hpp"
#include "graph/resampling.hpp"

namespace ctnn_import {

namespace {

/// Resizes one axis.
array resized(const call& of, const array& x, std::size_t axis, const resampled_axis& how) {
    extents dims = x.dims;
    dims[axis] = how.to;
    const std::int64_t inner = count(dims, axis + 1, dims.size()), outer = count(dims, 0, axis);
    limit_work(of, {outer, inner, how.to, how.weights.empty() ? 1 : how.from});
    array y = reals_of(of, dims);
    const auto at = [&](std::int64_t row, std::int64_t place, std::int64_t extent, std::int64_t column) {
        return static_cast<std::size_t>((row * extent + place) * inner + column);
    };
    for (std::int64_t row = 0; row < outer; ++row)
        for (std::int64_t i = 0; i < how.to; ++i)
            for (std::int64_t column = 0; column < inner; ++column) {
                double& to = y.reals()[at(row, i, how.to, column)];
                if (how.weights.empty())
                    to = x.reals()[at(row, how.sources[static_cast<std::size_t>(i)], how.from, column)];
                else
                    for (std::int64_t k = 0; k < how.from; ++k)
                        to += how.weights[static_cast<std::size_t>(i * how.from + k)] *
                              x.reals()[at(row, k, how.from, column)];
            }
    return y;
}

std::vector<array> resize(const call& of) {
    const array& x = of.input(0);
    std::vector<double> scales;
    std::vector<std::int64_t> sizes;
    if (of.what.op == "Upsample" && of.what.opset < 9) {
        scales = of.what.get<std::vector<double>>("scales", {});
    } else {
        const std::size_t place = of.what.op == "Upsample" || of.what.opset < 11 ? 1 : 2;
        if (of.has(place) && of.input(place).size() > 0) scales = of.reals(place);
        if (of.what.opset >= 11 && of.has(3)) sizes = of.integers(3);
    }
    const auto axes = resampled_axes(of.what, x.dims, scales, sizes);
    array y{x.dims, of.reals(0)};
    for (std::size_t axis = 0; axis < axes.size(); ++axis)
        if (axes[axis].to != axes[axis].from) y = resized(of, y, axis, axes[axis]);
    return {std::move(y)};
}

std::vector<array> blocks(const call& of) {
    const block_order how = block_order_of(of.what, of.input(0).dims);
    const auto own = strides_of(how.parts);
    extents dims;
    std::vector<std::int64_t> strides[1];
    for (const std::size_t axis : how.order) {
        dims.push_back(how.parts[axis]);
        strides[0].push_back(own[axis]);
    }
    array y = reals_of(of, how.result);
    for_each_element(dims, strides, [&](std::size_t flat, const std::int64_t* offsets) {
        y.reals()[flat] = of.reals(0)[static_cast<std::size_t>(offsets[0])];
    });
    return {std::move(y)};
}

}  // namespace

void add_resampling(operation_table& table) {
    table.insert({{"Resize", resize}, {"Upsample", resize}, {"DepthToSpace", blocks}, {"SpaceToDepth", blocks}});
}

}  // namespace ctnn_import
