// SPDX-License-Identifier: BSL-1.0
#include "graph/slices.hpp"

#include "graph/operator_call.hpp"

#include <algorithm>
#include <numeric>

namespace ctnn_import {

std::vector<axis_slice> slice_of(const node& of, const extents& dims, const std::vector<std::int64_t>& starts,
                                 const std::vector<std::int64_t>& ends, const std::vector<std::int64_t>& axes,
                                 const std::vector<std::int64_t>& steps) {
    if (starts.size() != ends.size() || (!axes.empty() && axes.size() != starts.size()) ||
        (!steps.empty() && steps.size() != starts.size()) || starts.size() > dims.size())
        of.refuse("starts, ends, axes and steps have different lengths");
    std::vector<axis_slice> result;
    for (const std::int64_t extent : dims) result.push_back({0, 1, extent});
    for (std::size_t i = 0; i < starts.size(); ++i) {
        const std::size_t axis = axes.empty() ? i : axis_in(of, axes[i], dims.size());
        const std::int64_t extent = dims[axis], step = steps.empty() ? 1 : steps[i];
        if (step == 0) of.refuse("a step is 0");
        // Negative bounds count from the end; bounds are clamped to the valid range.
        const auto placed = [&](std::int64_t bound, std::int64_t low, std::int64_t high) {
            if (bound < 0) bound = bound < -extent ? -1 : bound + extent;
            return std::max(low, std::min(bound, high));
        };
        const std::int64_t first = placed(starts[i], 0, step > 0 ? extent : extent - 1);
        const std::int64_t last = step > 0 ? placed(ends[i], 0, extent) : placed(ends[i], -1, extent - 1);
        const std::int64_t distance = step > 0 ? last - first : first - last;
        // A huge step is legal and takes only the first index.
        const std::int64_t width = step > 0 ? step : step < -extent ? extent + 1 : -step;
        result[axis] = {first, step, distance <= 0 ? 0 : (distance - 1) / width + 1};
    }
    return result;
}

std::vector<std::int64_t> split_of(const node& of, std::int64_t extent, const std::vector<std::int64_t>& given) {
    const auto parts = static_cast<std::int64_t>(of.outputs.size());
    if (of.has("num_outputs") && of.get<std::int64_t>("num_outputs", 0) != parts)
        of.refuse("num_outputs is not the number of its outputs");
    std::vector<std::int64_t> sizes = given;
    if (sizes.empty()) {
        // Since opset 18 the last part may be smaller.
        const std::int64_t size = of.opset >= 18 ? (extent + parts - 1) / parts : extent / parts;
        if (of.opset < 18 && extent % parts != 0)
            of.refuse("an axis of " + std::to_string(extent) + " cannot be split into " + std::to_string(parts) +
                      " equal parts");
        sizes.assign(static_cast<std::size_t>(parts), size);
        sizes.back() = extent - (parts - 1) * size;
    }
    if (static_cast<std::int64_t>(sizes.size()) != parts ||
        std::any_of(sizes.begin(), sizes.end(), [&](std::int64_t size) { return size < 0 || size > extent; }) ||
        std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0}) != extent)
        of.refuse("the parts do not add up to the axis of " + std::to_string(extent));
    return sizes;
}

std::int64_t padded_index(const std::string& mode, std::int64_t at, std::int64_t extent) {
    if (mode == "edge") return std::clamp<std::int64_t>(at, 0, extent - 1);
    if (mode == "wrap") return at < 0 ? at + extent : at >= extent ? at - extent : at;
    return at < 0 ? -at : at >= extent ? 2 * (extent - 1) - at : at;
}

extents reshaped(const node& of, const extents& from, const std::vector<std::int64_t>& wanted) {
    const bool zero_is_zero = of.get<std::int64_t>("allowzero", 0) != 0;
    extents to = wanted;
    std::int64_t known = 1;
    std::size_t open = to.size();
    for (std::size_t axis = 0; axis < to.size(); ++axis) {
        if (to[axis] == 0 && !zero_is_zero) {
            if (axis >= from.size()) of.refuse("the shape has a 0 where the input has no axis");
            to[axis] = from[axis];
        }
        if (to[axis] == -1) {
            if (open != to.size()) of.refuse("the shape has more than one -1");
            open = axis;
        } else if (to[axis] < 0 || __builtin_mul_overflow(known, to[axis], &known)) {
            of.refuse("the shape has an extent that is negative or too large");
        }
    }
    const std::int64_t size = count(from);
    if (open != to.size()) {
        if (known == 0 || size % known != 0) of.refuse(text_of(from) + " does not fit the shape");
        to[open] = size / known;
        known *= to[open];
    }
    if (known != size) of.refuse(text_of(from) + " cannot be reshaped to " + text_of(to));
    return to;
}

}  // namespace ctnn_import
