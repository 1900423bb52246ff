// SPDX-License-Identifier: BSL-1.0
// Nearest-neighbour Resize and Upsample, DepthToSpace and SpaceToDepth.
#include "evaluate_onnx/operators.hpp"
#include "graph/resampling.hpp"

namespace ctnn_import {

namespace {

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
    const auto sources = nearest_sources(of.what, x.dims, scales, sizes);
    const auto strides = strides_of(x.dims);
    extents dims;
    for (const auto& along : sources) dims.push_back(static_cast<std::int64_t>(along.size()));
    array y = reals_of(of, dims);
    const std::vector<std::int64_t> own[]{strides_of(dims)};
    for_each_element(dims, own, [&](std::size_t flat, const std::int64_t*) {
        std::int64_t from = 0;
        for (std::size_t axis = 0; axis < dims.size(); ++axis) {
            const std::int64_t index = static_cast<std::int64_t>(flat) / own[0][axis] % dims[axis];
            from += sources[axis][static_cast<std::size_t>(index)] * strides[axis];
        }
        y.reals()[flat] = of.reals(0)[static_cast<std::size_t>(from)];
    });
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
