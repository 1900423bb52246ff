// SPDX-License-Identifier: BSL-1.0
// Integers that stand for real numbers.
#include "evaluate_onnx/operators.hpp"

#include <algorithm>
#include <cmath>

namespace ctnn_import {

namespace {

/// The indices of scale and zero point of an element: by the index along an axis, if there are several.
struct along_axis {
    std::size_t inner = 1, scales = 1;

    along_axis(const call& of, const extents& dims) {
        const array& scale = of.input(1);
        scales = scale.size();
        if (of.has(2) && of.input(2).size() != scales) of.refuse("it has another number of zero points than of scales");
        if (scales == 0) of.refuse("it has no scale");
        if (scale.dims.empty() || scales == 1) return;
        if (scale.dims.size() != 1) of.refuse("it has scales for blocks, which are not supported");
        const std::size_t axis = axis_in(of.what, of.what.get<std::int64_t>("axis", 1), dims.size());
        if (dims[axis] != static_cast<std::int64_t>(scales))
            of.refuse("it has " + std::to_string(scales) + " scales for " + std::to_string(dims[axis]) + " indices");
        inner = static_cast<std::size_t>(count(dims, axis + 1, dims.size()));
    }
    std::size_t operator()(std::size_t element) const { return element / inner % scales; }
};

std::int64_t zero_point(const call& of, std::size_t index) {
    return of.has(2) ? of.integers(2)[index] : 0;
}

std::vector<array> quantize(const call& of) {
    const array x = of.as_reals(0);
    const along_axis which(of, x.dims);
    const std::int64_t least = of.what.get<std::int64_t>("unsigned", 1) != 0 ? 0 : -128;
    array y = integers_of(of, x.dims);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const std::size_t at = which(i);
        const double steps = std::nearbyint(x.reals()[i] / of.reals(1)[at]) + static_cast<double>(zero_point(of, at));
        y.integers()[i] =
            static_cast<std::int64_t>(std::clamp(steps, static_cast<double>(least), static_cast<double>(least) + 255));
    }
    return {std::move(y)};
}

std::vector<array> dequantize(const call& of) {
    const std::vector<std::int64_t>& x = of.integers(0);
    const along_axis which(of, of.input(0).dims);
    array y = reals_of(of, of.input(0).dims);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const std::size_t at = which(i);
        y.reals()[i] = static_cast<double>(x[i] - zero_point(of, at)) * of.reals(1)[at];
    }
    return {std::move(y)};
}

}  // namespace

void add_quantized(operation_table& table) {
    table.insert({{"QuantizeLinear", quantize}, {"DequantizeLinear", dequantize}});
}

}  // namespace ctnn_import
