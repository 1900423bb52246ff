// SPDX-License-Identifier: BSL-1.0
// Data movement, and operators that compute with shapes.
#include "evaluate_onnx/operators.hpp"
#include "graph/slices.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ctnn_import {

namespace {

array like(const call& of, const array& source, extents dims) {
    return source.holds_integers() ? integers_of(of, std::move(dims)) : reals_of(of, std::move(dims));
}
void copy_number(const array& from, std::size_t at, array& to, std::size_t place) {
    if (from.holds_integers())
        to.integers()[place] = from.integers()[at];
    else
        to.reals()[place] = from.reals()[at];
}
/// A strided copy: the elements at first + index * strides, for each index of `dims`.
array gathered(const call& of, const array& source, const extents& dims, std::int64_t first,
               const std::vector<std::int64_t>& strides) {
    array y = like(of, source, dims);
    const std::vector<std::int64_t> one[]{strides};
    for_each_element(dims, one, [&](std::size_t flat, const std::int64_t* offsets) {
        copy_number(source, static_cast<std::size_t>(first + offsets[0]), y, flat);
    });
    return y;
}
std::vector<array> with_dims(const call& of, extents dims) {
    array y = of.input(0);
    y.dims = std::move(dims);
    return {std::move(y)};
}

std::vector<array> identity(const call& of) {
    return {of.input(0)};
}

std::vector<array> dropout(const call& of) {
    if (of.has(2) && of.integers(2) != std::vector<std::int64_t>{0}) of.refuse("it is in training mode");
    if (of.what.opset < 7 && of.what.get<std::int64_t>("is_test", 0) == 0) of.refuse("is_test is not set");
    array mask = integers_of(of, of.input(0).dims);
    std::fill(mask.integers().begin(), mask.integers().end(), 1);
    return {of.input(0), std::move(mask)};
}

std::vector<array> cast(const call& of) {
    // TensorProto data types: 1 float, 11 double; 6 int32, 7 int64, 9 bool, all int64 here.
    const std::int64_t to = of.what.get<std::int64_t>("to", 0);
    const array& x = of.input(0);
    const bool to_real = to == 1 || to == 11, to_integer = to == 6 || to == 7, to_truth = to == 9;
    if (!to_real && !to_integer && !to_truth) of.refuse("casting to type " + std::to_string(to) + " would round");
    if (to_real) return {of.as_reals(0)};
    array y = integers_of(of, x.dims);
    for (std::size_t i = 0; i < y.size(); ++i) {
        if (x.holds_integers()) {
            y.integers()[i] = to_truth ? x.integers()[i] != 0 : x.integers()[i];
        } else {
            const double number = x.reals()[i];
            if (!to_truth && !(std::abs(number) < 0x1p62)) of.refuse("a value is too large for an integer");
            y.integers()[i] = to_truth ? number != 0 : static_cast<std::int64_t>(number);
        }
        if (to == 6 && y.integers()[i] != static_cast<std::int32_t>(y.integers()[i]))
            of.refuse("a value is too large for a 32-bit integer");
    }
    return {std::move(y)};
}

std::vector<array> constant(const call& of) {
    const node& what = of.what;
    if (what.attributes.size() != 1) of.refuse("it needs exactly one attribute");
    if (what.has("value")) return {what.get<array>("value", {})};
    if (what.has("value_float")) return {{{}, std::vector<double>{what.get<double>("value_float", 0)}}};
    if (what.has("value_int")) return {{{}, std::vector<std::int64_t>{what.get<std::int64_t>("value_int", 0)}}};
    if (what.has("value_floats")) {
        auto numbers = what.get<std::vector<double>>("value_floats", {});
        return {{{static_cast<std::int64_t>(numbers.size())}, std::move(numbers)}};
    }
    if (what.has("value_ints")) {
        auto numbers = what.get<std::vector<std::int64_t>>("value_ints", {});
        return {{{static_cast<std::int64_t>(numbers.size())}, std::move(numbers)}};
    }
    of.refuse("its attribute is none of value, value_float, value_floats, value_int and value_ints");
}

std::vector<array> constant_of_shape(const call& of) {
    const extents dims = of.integers(0);
    const array value = of.what.get<array>("value", {{1}, std::vector<double>{0}});
    if (value.size() != 1) of.refuse("value has to have one element");
    array y = like(of, value, dims);
    for (std::size_t i = 0; i < y.size(); ++i) copy_number(value, 0, y, i);
    return {std::move(y)};
}

std::vector<array> shape(const call& of) {
    const extents& dims = of.input(0).dims;
    const auto rank = static_cast<std::int64_t>(dims.size());
    const auto placed = [&](std::int64_t bound) {
        return std::clamp<std::int64_t>(bound < 0 ? bound + rank : bound, 0, rank);
    };
    const std::int64_t begin = placed(of.what.get<std::int64_t>("start", 0));
    const std::int64_t end = std::max(begin, placed(of.what.get<std::int64_t>("end", rank)));
    return {{{end - begin}, extents(dims.begin() + begin, dims.begin() + end)}};
}
std::vector<array> size(const call& of) {
    return {{{}, std::vector<std::int64_t>{static_cast<std::int64_t>(of.input(0).size())}}};
}

std::vector<array> reshape(const call& of) {
    return with_dims(of, reshaped(of.what, of.input(0).dims, of.integers(1)));
}
std::vector<array> flatten(const call& of) {
    const extents& dims = of.input(0).dims;
    std::int64_t axis = of.what.get<std::int64_t>("axis", 1);
    const auto rank = static_cast<std::int64_t>(dims.size());
    if (axis < -rank || axis > rank) of.refuse("there is no axis " + std::to_string(axis));
    const auto at = static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
    return with_dims(of, {count(dims, 0, at), count(dims, at, dims.size())});
}
std::vector<array> squeeze(const call& of) {
    const extents& dims = of.input(0).dims;
    const auto axes = list_from(of, "axes", 1, 13);
    std::vector<bool> out(dims.size());
    for (std::size_t axis = 0; axis < dims.size(); ++axis) out[axis] = axes.empty() && dims[axis] == 1;
    for (const std::int64_t axis : axes) {
        const std::size_t at = axis_in(of.what, axis, dims.size());
        if (dims[at] != 1) of.refuse("the extent of axis " + std::to_string(axis) + " is " + std::to_string(dims[at]));
        out[at] = true;
    }
    extents result;
    for (std::size_t axis = 0; axis < dims.size(); ++axis)
        if (!out[axis]) result.push_back(dims[axis]);
    return with_dims(of, result);
}
std::vector<array> unsqueeze(const call& of) {
    const extents& dims = of.input(0).dims;
    const auto axes = list_from(of, "axes", 1, 13);
    const std::size_t rank = dims.size() + axes.size();
    std::vector<bool> added(rank);
    for (const std::int64_t axis : axes) {
        const std::size_t at = axis_in(of.what, axis, rank);
        if (added[at]) of.refuse("an axis is named twice");
        added[at] = true;
    }
    extents result;
    for (std::size_t axis = 0, from = 0; axis < rank; ++axis) result.push_back(added[axis] ? 1 : dims[from++]);
    return with_dims(of, result);
}

std::vector<array> transpose(const call& of) {
    const extents& dims = of.input(0).dims;
    std::vector<std::int64_t> order(dims.size());
    std::iota(order.rbegin(), order.rend(), 0);
    order = of.what.get<std::vector<std::int64_t>>("perm", order);
    if (order.size() != dims.size()) of.refuse("perm has another number of axes than the input");
    std::vector<bool> seen(dims.size());
    const auto own = strides_of(dims);
    extents result;
    std::vector<std::int64_t> strides;
    for (const std::int64_t axis : order) {
        if (axis < 0) of.refuse("perm has a negative axis");
        const std::size_t at = axis_in(of.what, axis, dims.size());
        if (seen[at]) of.refuse("perm has an axis twice");
        seen[at] = true;
        result.push_back(dims[at]);
        strides.push_back(own[at]);
    }
    return {gathered(of, of.input(0), result, 0, strides)};
}

array sliced(const call& of, const std::vector<axis_slice>& slices) {
    const auto own = strides_of(of.input(0).dims);
    std::int64_t first = 0;
    extents dims;
    std::vector<std::int64_t> strides;
    for (std::size_t axis = 0; axis < slices.size(); ++axis) {
        if (slices[axis].count > 0) first += slices[axis].first * own[axis];
        dims.push_back(slices[axis].count);
        // With one index the step is not used, and may be out of range.
        strides.push_back(slices[axis].count > 1 ? slices[axis].step * own[axis] : 0);
    }
    return gathered(of, of.input(0), dims, first, strides);
}
std::vector<array> slice(const call& of) {
    const auto list = [&](const char* name, std::size_t index) { return list_from(of, name, index, 10); };
    return {sliced(of, slice_of(of.what, of.input(0).dims, list("starts", 1), list("ends", 2), list("axes", 3),
                                of.what.opset < 10 ? std::vector<std::int64_t>{} : list("steps", 4)))};
}
std::vector<array> split(const call& of) {
    const extents& dims = of.input(0).dims;
    const std::size_t axis = axis_in(of.what, of.what.get<std::int64_t>("axis", 0), dims.size());
    std::vector<axis_slice> slices;
    for (const std::int64_t extent : dims) slices.push_back({0, 1, extent});
    std::vector<array> parts;
    std::int64_t first = 0;
    for (const std::int64_t part : split_of(of.what, dims[axis], list_from(of, "split", 1, 13))) {
        slices[axis] = {first, 1, part};
        parts.push_back(sliced(of, slices));
        first += part;
    }
    return parts;
}

std::vector<array> concat(const call& of) {
    extents dims = of.input(0).dims;
    const std::size_t axis = axis_in(of.what, of.what.get<std::int64_t>("axis", 1), dims.size());
    dims[axis] = 0;
    for (std::size_t i = 0; i < of.inputs.size(); ++i) {
        extents part = of.input(i).dims;
        if (part.size() != dims.size()) of.refuse("the inputs have different numbers of dimensions");
        const std::int64_t along = std::exchange(part[axis], dims[axis]);
        if (part != dims || of.input(i).holds_integers() != of.input(0).holds_integers())
            of.refuse("an input of " + text_of(of.input(i).dims) + " does not fit the others");
        dims[axis] += along;
    }
    array y = like(of, of.input(0), dims);
    const std::int64_t inner = count(dims, axis + 1, dims.size()), outer = count(dims, 0, axis);
    std::int64_t start = 0;
    for (std::size_t i = 0; i < of.inputs.size(); ++i) {
        const std::int64_t run = of.input(i).dims[axis] * inner;
        for (std::int64_t row = 0; row < outer; ++row)
            for (std::int64_t at = 0; at < run; ++at)
                copy_number(of.input(i), static_cast<std::size_t>(row * run + at), y,
                            static_cast<std::size_t>(row * dims[axis] * inner + start + at));
        start += run;
    }
    return {std::move(y)};
}

std::vector<array> gather(const call& of) {
    const array& table = of.input(0);
    const auto& indices = of.integers(1);
    const std::size_t axis = axis_in(of.what, of.what.get<std::int64_t>("axis", 0), table.dims.size());
    const std::int64_t rows = table.dims[axis], inner = count(table.dims, axis + 1, table.dims.size());
    const std::int64_t outer = count(table.dims, 0, axis), chosen = static_cast<std::int64_t>(indices.size());
    extents dims(table.dims.begin(), table.dims.begin() + static_cast<std::ptrdiff_t>(axis));
    dims.insert(dims.end(), of.input(1).dims.begin(), of.input(1).dims.end());
    dims.insert(dims.end(), table.dims.begin() + static_cast<std::ptrdiff_t>(axis) + 1, table.dims.end());
    array y = like(of, table, dims);
    for (std::int64_t i = 0; i < chosen; ++i) {
        std::int64_t index = indices[static_cast<std::size_t>(i)];
        if (index < 0) index += rows;
        if (index < 0 || index >= rows) of.refuse("an index is outside the axis of " + std::to_string(rows));
        for (std::int64_t o = 0; o < outer; ++o)
            for (std::int64_t k = 0; k < inner; ++k)
                copy_number(table, static_cast<std::size_t>((o * rows + index) * inner + k), y,
                            static_cast<std::size_t>((o * chosen + i) * inner + k));
    }
    return {std::move(y)};
}

std::vector<array> expand(const call& of) {
    const extents dims = broadcast(of.what, of.input(0).dims, of.integers(1));
    return {gathered(of, of.input(0), dims, 0, broadcast_strides(of.input(0).dims, dims))};
}

/// Repeats the tensor along each axis: an axis of extent r n is treated as two, r with stride 0 and n.
std::vector<array> tile(const call& of) {
    const extents& dims = of.input(0).dims;
    const auto& repeats = of.integers(1);
    if (repeats.size() != dims.size()) of.refuse("repeats does not have one value per axis");
    const auto own = strides_of(dims);
    extents parts, result;
    std::vector<std::int64_t> strides;
    for (std::size_t axis = 0; axis < dims.size(); ++axis) {
        if (repeats[axis] < 0 || repeats[axis] > 1 << 24) of.refuse("a repeat count is below 0 or above 2^24");
        parts.insert(parts.end(), {repeats[axis], dims[axis]});
        strides.insert(strides.end(), {0, own[axis]});
        result.push_back(repeats[axis] * dims[axis]);
    }
    array y = gathered(of, of.input(0), parts, 0, strides);
    y.dims = result;
    return {std::move(y)};
}

std::vector<array> range(const call& of) {
    if (of.input(0).holds_integers()) {
        const std::int64_t start = of.integers(0).at(0), limit = of.integers(1).at(0), step = of.integers(2).at(0);
        if (step == 0) of.refuse("delta is 0");
        const double steps =
            std::ceil((static_cast<double>(limit) - static_cast<double>(start)) / static_cast<double>(step));
        if (steps > 0x1p24) of.refuse("it would produce more than 2^24 elements");
        array y = integers_of(of, {std::max<std::int64_t>(0, static_cast<std::int64_t>(steps))});
        for (std::size_t i = 0; i < y.size(); ++i) y.integers()[i] = start + static_cast<std::int64_t>(i) * step;
        return {std::move(y)};
    }
    of.refuse("its inputs are floating point");
}

/// The triangle of each matrix on one side of a diagonal.
std::vector<array> triangle(const call& of) {
    array y = of.input(0);
    if (y.dims.size() < 2) of.refuse("its input is not a matrix");
    const bool upper = of.what.get<std::int64_t>("upper", 1) != 0;
    std::int64_t diagonal = 0;
    if (of.has(1)) {
        if (of.integers(1).size() != 1) of.refuse("its diagonal is not a scalar");
        diagonal = std::clamp<std::int64_t>(of.integers(1)[0], -(1 << 26), 1 << 26);
    }
    const std::int64_t rows = y.dims[y.dims.size() - 2], columns = y.dims.back();
    for (std::size_t i = 0; i < y.size(); ++i) {
        const auto at = static_cast<std::int64_t>(i);
        const std::int64_t right = at % columns - at / columns % rows - diagonal;
        if (upper ? right >= 0 : right <= 0) continue;
        if (y.holds_integers())
            y.integers()[i] = 0;
        else
            y.reals()[i] = 0;
    }
    return {std::move(y)};
}

std::vector<array> pad(const call& of) {
    const array& x = of.input(0);
    const auto mode = of.what.get<std::string>("mode", "constant");
    const bool wraps = mode == "wrap" && of.what.opset >= 19;
    if (mode != "constant" && mode != "edge" && mode != "reflect" && !wraps) of.refuse("mode is \"" + mode + "\"");
    const auto given = list_from(of, "pads", 1, 11);
    std::vector<std::int64_t> axes = of.what.opset >= 18 && of.has(3) ? of.integers(3) : std::vector<std::int64_t>{};
    if (axes.empty()) {
        axes.resize(x.dims.size());
        std::iota(axes.begin(), axes.end(), 0);
    }
    if (given.size() != 2 * axes.size()) of.refuse("pads does not have two values per axis");
    double filling = of.what.opset < 11 ? of.what.get<double>("value", 0) : 0;
    if (of.what.opset >= 11 && of.has(2)) {
        const array value = of.as_reals(2);
        if (value.size() != 1) of.refuse("the padding value is not a scalar");
        filling = value.reals()[0];
    }
    std::vector<std::int64_t> before(x.dims.size(), 0), behind = before;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const std::size_t axis = axis_in(of.what, axes[i], x.dims.size());
        before[axis] = given[i];
        behind[axis] = given[axes.size() + i];
    }
    extents dims = x.dims;
    for (std::size_t axis = 0; axis < dims.size(); ++axis) {
        if (std::abs(before[axis]) > 1 << 24 || std::abs(behind[axis]) > 1 << 24) of.refuse("pads are above 2^24");
        dims[axis] += before[axis] + behind[axis];
        if (dims[axis] < 0) of.refuse("an axis would have a negative extent");
    }
    array y = like(of, x, dims);
    const auto own = strides_of(x.dims), new_own = strides_of(dims);
    for (std::size_t flat = 0; flat < y.size(); ++flat) {
        std::int64_t offset = 0;
        bool inside = true;
        for (std::size_t axis = 0; axis < dims.size(); ++axis) {
            std::int64_t at = static_cast<std::int64_t>(flat) / new_own[axis] % dims[axis] - before[axis];
            const std::int64_t extent = x.dims[axis];
            if (mode != "constant") at = padded_index(mode, at, extent);
            inside = inside && at >= 0 && at < extent;
            offset += at * own[axis];
        }
        if (!inside && mode != "constant") of.refuse("the padding is wider than its input allows");
        if (inside)
            copy_number(x, static_cast<std::size_t>(offset), y, flat);
        else if (x.holds_integers())
            y.integers()[flat] = static_cast<std::int64_t>(filling);
        else
            y.reals()[flat] = filling;
    }
    return {std::move(y)};
}

}  // namespace

void add_rearrangements(operation_table& table) {
    table.insert({{"Identity", identity},
                  {"Dropout", dropout},
                  {"Cast", cast},
                  {"Constant", constant},
                  {"ConstantOfShape", constant_of_shape},
                  {"Shape", shape},
                  {"Size", size},
                  {"Reshape", reshape},
                  {"Flatten", flatten},
                  {"Squeeze", squeeze},
                  {"Unsqueeze", unsqueeze},
                  {"Transpose", transpose},
                  {"Slice", slice},
                  {"Split", split},
                  {"Concat", concat},
                  {"Gather", gather},
                  {"Expand", expand},
                  {"Tile", tile},
                  {"Range", range},
                  {"Trilu", triangle},
                  {"Pad", pad}});
}

}  // namespace ctnn_import
