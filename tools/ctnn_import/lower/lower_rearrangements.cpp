// SPDX-License-Identifier: BSL-1.0
// Data movement.
#include "graph/operator_call.hpp"
#include "graph/slices.hpp"
#include "lower/lowering.hpp"

#include <algorithm>
#include <numeric>

namespace ctnn_import {

namespace {

/// A no-op: the same elements in the same order.
void nothing(const job& of) {
    of.wants_live_first();
}

void transpose(const job& of) {
    const extents& x = of.input();
    std::vector<std::int64_t> order(x.size());
    std::iota(order.rbegin(), order.rend(), 0);
    order = of.what.get<std::vector<std::int64_t>>("perm", order);
    of.to.permute(x, {order.begin(), order.end()}, of.what.name);
}

/// Slices one axis after another, updating the extents.
void take(const job& of, extents dims, const std::vector<axis_slice>& slices) {
    for (std::size_t axis = 0; axis < dims.size(); ++axis) {
        const axis_slice& one = slices[axis];
        if (one.count < 1) of.refuse("axis " + std::to_string(axis) + " becomes empty");
        // Slice from the first to the last index taken; then reverse, and subsample.
        const std::int64_t step = one.count == 1 ? 1 : one.step, last = one.first + (one.count - 1) * step;
        const std::int64_t between = (step > 0 ? last - one.first : one.first - last) + 1;
        of.to.slice(view_of(dims, axis, axis + 1), step > 0 ? one.first : last, between, of.what.name);
        dims[axis] = between;
        if (step < 0) of.to.reverse(view_of(dims, axis, axis + 1), of.what.name);
        of.to.every(view_of(dims, axis, axis + 1), step > 0 ? step : -step, of.what.name);
        dims[axis] = one.count;
    }
}

void slice(const job& of) {
    of.wants_live_first();
    take(of, of.input(),
         slice_of(of.what, of.input(), of.list("starts", 1, 10), of.list("ends", 2, 10), of.list("axes", 3, 10),
                  of.what.opset < 10 ? std::vector<std::int64_t>{} : of.list("", 4, 10)));
}
void split(const job& of) {
    of.wants_live_first();
    const extents& x = of.input();
    const std::size_t axis = axis_in(of.what, of.what.get<std::int64_t>("axis", 0), x.size());
    const auto sizes = split_of(of.what, x[axis], of.list("split", 1, 13));
    const std::int64_t first =
        std::accumulate(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(of.output), std::int64_t{0});
    if (sizes[of.output] == 0) of.refuse("its part " + std::to_string(of.output) + " is empty");
    of.to.slice(view_of(x, axis, axis + 1), first, sizes[of.output], of.what.name);
}

/// With constant indices: slices. With a constant table: an embedding.
void gather(const job& of) {
    if (of.live == 1) {
        const array& table = of.constant(0);
        of.reals(0);
        if (axis_in(of.what, of.what.get<std::int64_t>("axis", 0), table.dims.size()) != 0)
            of.refuse("it looks up along another axis than the first");
        const std::int64_t width = count(table.dims, 1, table.dims.size()), length = count(of.input());
        of.to.view({length});
        layer next;
        next.kind = "embedding";
        next.arguments = {std::to_string(table.dims[0]), std::to_string(width)};
        next.parameters = {{"weights", {table.dims[0], width}, table.reals()}};
        next.nodes = {of.what.name};
        of.to.add(std::move(next), {length, width});
        return;
    }
    const extents& x = of.input();
    const std::size_t axis = axis_in(of.what, of.what.get<std::int64_t>("axis", 0), x.size());
    if (!of.constant(1).holds_integers()) of.refuse("its indices are not integers");
    std::vector<std::int64_t> indices = of.constant(1).integers();
    if (indices.empty()) of.refuse("its indices are empty");
    for (std::int64_t& index : indices) index += index < 0 ? x[axis] : 0;
    of.to.pick(view_of(x, axis, axis + 1), indices, of.what.name);
}

/// One live input among constants: zero-padding, to which they are added.
void concat(const job& of) {
    const std::size_t axis = axis_in(of.what, of.what.get<std::int64_t>("axis", 1), of.result().size());
    if (of.what.inputs.size() == 1) return;
    const auto [before, behind] = constants_around(of, of.live, axis);
    of.to.zeros(view_of(of.input(), axis, axis + 1), before, behind, of.what.name);
    const auto [at, numbers] = constant_along(of.result(), constants_of_concat(of, axis), of.result());
    of.to.affine(at, std::vector<double>(numbers.size(), 1), numbers, of.what.name);
}

void expand(const job& of) {
    of.wants_live_first();
    of.to.expand(of.input(), of.result(), of.what.name);
}

/// Repeats the tensor along an axis by concatenating identity branches.
void tile(const job& of) {
    of.wants_live_first();
    extents dims = of.input();
    const auto repeats = of.list("", 1, 6);
    for (std::size_t axis = 0; axis < dims.size(); ++axis) {
        if (repeats[axis] == 1) continue;
        extents wanted = dims;
        wanted[axis] *= repeats[axis];
        if (dims[axis] == 1) {
            of.to.expand(dims, wanted, of.what.name);
        } else {
            if (repeats[axis] > 16) of.refuse("it repeats an axis more than 16 times");
            const axis_view at = view_of(dims, axis, axis + 1);
            extents seen;
            if (at.outer != 1) seen.push_back(at.outer);
            seen.push_back(at.extent * at.inner);
            of.to.view(seen);
            layer next;
            next.kind = "concatenate";
            if (at.outer != 1) next.arguments = {"ctnn::axis<1>"};
            next.branches.resize(static_cast<std::size_t>(repeats[axis]));
            next.nodes = {of.what.name};
            seen.back() *= repeats[axis];
            of.to.add(std::move(next), seen);
        }
        dims = wanted;
    }
}

/// The bias that turns zero-padding into another value: `filling` outside the input, 0 inside.
std::vector<double> filling_of(const job& of, const std::vector<std::int64_t>& before, const extents& inside,
                               double filling) {
    const std::vector<std::int64_t> strides[]{strides_of(of.result())};
    std::vector<double> all(static_cast<std::size_t>(count(of.result())), filling);
    std::int64_t first = 0;
    for (std::size_t axis = 0; axis < before.size(); ++axis) first += before[axis] * strides[0][axis];
    for_each_element(inside, strides, [&](std::size_t, const std::int64_t* offsets) {
        all[static_cast<std::size_t>(first + offsets[0])] = 0;
    });
    return all;
}

/// A layer that pads the axes of a value of these extents; its shape.
extents add_padding(const job& of, const std::string& kind, const extents& dims,
                    const std::vector<std::int64_t>& before, const std::vector<std::int64_t>& behind) {
    std::size_t outermost = 0;
    while (outermost < dims.size() && before[outermost] == 0 && behind[outermost] == 0) ++outermost;
    if (outermost == dims.size()) return {};
    // Axes before the padded ones are merged, but channels stay separate, as convolutions need them.
    extents seen{count(dims, 0, outermost)};
    if (outermost == 0 || (seen[0] == 1 && outermost != 2)) seen.clear();
    seen.insert(seen.end(), dims.begin() + static_cast<std::ptrdiff_t>(outermost), dims.end());
    of.to.view(seen);
    layer next;
    next.kind = kind;
    extents output = seen;
    for (std::size_t axis = outermost; axis < dims.size(); ++axis) {
        next.arguments.push_back("ctnn::pad<" + std::to_string(before[axis]) + ", " + std::to_string(behind[axis]) +
                                 ">");
        output[output.size() - (dims.size() - axis)] += before[axis] + behind[axis];
    }
    next.nodes = {of.what.name};
    of.to.add(std::move(next), extents(output));
    return output;
}

/// Padding by elements of the input: its edge, its mirror image, or its other end.
void pad_by_elements(const job& of, const std::string& mode, const std::vector<std::int64_t>& before,
                     const std::vector<std::int64_t>& behind) {
    extents dims = of.input();
    const auto crops = [](std::int64_t pad) { return pad < 0; };
    if (std::none_of(before.begin(), before.end(), crops) && std::none_of(behind.begin(), behind.end(), crops)) {
        add_padding(of, mode + "_pad", dims, before, behind);
        return;
    }
    for (std::size_t axis = 0; axis < dims.size(); ++axis) {
        const std::int64_t extent = dims[axis];
        std::vector<std::int64_t> indices;
        for (std::int64_t i = -before[axis]; i < extent + behind[axis]; ++i)
            indices.push_back(padded_index(mode, i, extent));
        of.to.pick(view_of(dims, axis, axis + 1), indices, of.what.name);
        dims[axis] += before[axis] + behind[axis];
    }
}

void pad(const job& of) {
    of.wants_live_first();
    const extents& x = of.input();
    const auto mode = of.what.get<std::string>("mode", "constant");
    const auto given = of.list("pads", 1, 11);
    std::vector<std::int64_t> axes = of.what.opset >= 18 ? of.list("", 3, 18) : std::vector<std::int64_t>{};
    if (axes.empty()) {
        axes.resize(x.size());
        std::iota(axes.begin(), axes.end(), 0);
    }
    double filling = of.what.opset < 11 ? of.what.get<double>("value", 0) : 0;
    if (of.what.opset >= 11 && of.what.has_input(2)) filling = of.reals(2)[0];
    extents dims = x;
    std::vector<std::int64_t> before(x.size(), 0), behind = before;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const std::size_t axis = axis_in(of.what, axes[i], x.size());
        before[axis] = given[i];
        behind[axis] = given[axes.size() + i];
    }
    if (mode != "constant") return pad_by_elements(of, mode, before, behind);
    // Negative pads crop.
    for (std::size_t axis = 0; axis < dims.size(); ++axis) {
        const std::int64_t first = std::max<std::int64_t>(0, -before[axis]),
                           end = std::max<std::int64_t>(0, -behind[axis]);
        if (first + end >= dims[axis]) of.refuse("axis " + std::to_string(axis) + " becomes empty");
        of.to.slice(view_of(dims, axis, axis + 1), first, dims[axis] - first - end, of.what.name);
        dims[axis] -= first + end;
        before[axis] += first;
        behind[axis] += end;
    }
    if (add_padding(of, "zero_pad", dims, before, behind).empty()) return;
    if (filling == 0) return;
    const auto [at, numbers] = constant_along(of.result(), filling_of(of, before, dims, filling), of.result());
    of.to.affine(at, std::vector<double>(numbers.size(), 1), numbers, of.what.name);
}

}  // namespace

void add_rearrangement_lowerings(lowering_table& table) {
    for (const char* op : {"Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Dropout", "Cast"})
        table.emplace(op, nothing);
    table.insert({{"Transpose", transpose},
                  {"Slice", slice},
                  {"Split", split},
                  {"Gather", gather},
                  {"Concat", concat},
                  {"Expand", expand},
                  {"Tile", tile},
                  {"Pad", pad}});
}

}  // namespace ctnn_import
