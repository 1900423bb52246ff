// SPDX-License-Identifier: BSL-1.0
// Resize and Upsample, DepthToSpace and SpaceToDepth.
#include "graph/operator_call.hpp"
#include "graph/resampling.hpp"
#include "lower/lowering.hpp"
#include "text.hpp"

#include <algorithm>
#include <optional>

namespace ctnn_import {

namespace {

/// The repetition factor if all indices are repeated equally often, in order; otherwise 0.
std::int64_t times_of(const std::vector<std::int64_t>& sources, std::int64_t extent) {
    const auto size = static_cast<std::int64_t>(sources.size());
    if (size % extent != 0) return 0;
    for (std::int64_t i = 0; i < size; ++i)
        if (sources[static_cast<std::size_t>(i)] != i / (size / extent)) return 0;
    return size / extent;
}

/// The option of `linear_resize` for an interpolation; nothing if it has none.
std::optional<std::string> coordinates_of(const node& of, const resampled_axis& how) {
    const auto mode = of.get<std::string>("mode", "nearest");
    if (mode == "cubic") return std::nullopt;
    if (of.op == "Upsample" || of.opset < 11) return "ctnn::asymmetric";
    const auto given = of.get<std::string>("coordinate_transformation_mode", "half_pixel");
    if (given == "align_corners" || (given == "pytorch_half_pixel" && how.to == 1)) return "ctnn::align_corners";
    if (given == "half_pixel" || given == "half_pixel_symmetric" || given == "pytorch_half_pixel") return "";
    if (given == "asymmetric") return "ctnn::asymmetric";
    return std::nullopt;
}

/// Each line along the axis by its two neighbours, or times a constant matrix.
void interpolate(const job& of, const axis_view& at, const resampled_axis& how) {
    if (const auto coordinates = coordinates_of(of.what, how)) {
        const std::size_t axis = of.to.view_axis(at);
        layer next;
        next.kind = "linear_resize";
        next.arguments = {"ctnn::axis<" + std::to_string(axis) + ">", std::to_string(how.to)};
        if (!coordinates->empty()) next.options = {*coordinates};
        next.nodes = {of.what.name};
        extents output = of.to.shape();
        output[axis] = how.to;
        next.multiply_accumulates = 2 * count(output);
        of.to.add(std::move(next), output);
        return;
    }
    of.to.permute({at.outer, at.extent, at.inner}, {0, 2, 1}, of.what.name);
    lower_dense(of, at.outer * at.inner, transposed({how.to, how.from, how.weights}));
    of.to.permute({at.outer, at.inner, how.to}, {0, 2, 1}, of.what.name);
}

void resize(const job& of) {
    of.wants_live_first();
    extents dims = of.input();
    std::vector<double> scales;
    std::vector<std::int64_t> sizes;
    if (of.what.op == "Upsample" && of.what.opset < 9) {
        scales = of.what.get<std::vector<double>>("scales", {});
    } else {
        const std::size_t place = of.what.op == "Upsample" || of.what.opset < 11 ? 1 : 2;
        if (of.what.has_input(place) && of.constant(place).size() > 0) scales = of.reals(place);
        if (of.what.opset >= 11) sizes = of.list("sizes", 3, 11);
    }
    const auto axes = resampled_axes(of.what, dims, scales, sizes);
    for (std::size_t axis = 0; axis < dims.size(); ++axis) {
        if (axes[axis].weights.empty()) continue;
        interpolate(of, view_of(dims, axis, axis + 1), axes[axis]);
        dims[axis] = axes[axis].to;
    }
    if (dims != of.input()) return;
    // Integer factors along the innermost axes are one upsample layer.
    std::vector<std::int64_t> times;
    std::size_t first = dims.size();
    for (std::size_t axis = 0; axis < dims.size(); ++axis) {
        times.push_back(times_of(axes[axis].sources, dims[axis]));
        if (times.back() != 1) first = std::min(first, axis);
    }
    if (first == dims.size()) return;
    if (std::find(times.begin(), times.end(), 0) == times.end()) {
        extents seen{count(dims, 0, first)}, output;
        if (seen[0] == 1) seen.clear();
        seen.insert(seen.end(), dims.begin() + static_cast<std::ptrdiff_t>(first), dims.end());
        if (of.to.shape().size() >= dims.size() - first && squeezed(of.to.shape()) == squeezed(dims) &&
            std::equal(dims.rbegin(), dims.rend() - static_cast<std::ptrdiff_t>(first), of.to.shape().rbegin()))
            seen = of.to.shape();
        of.to.view(seen);
        layer next;
        next.kind = "upsample";
        next.arguments = {list_text({times.begin() + static_cast<std::ptrdiff_t>(first), times.end()})};
        next.nodes = {of.what.name};
        output = seen;
        for (std::size_t axis = first; axis < dims.size(); ++axis)
            output[output.size() - (dims.size() - axis)] *= times[axis];
        of.to.add(std::move(next), output);
        return;
    }
    for (std::size_t axis = 0; axis < dims.size(); ++axis) {
        of.to.pick(view_of(dims, axis, axis + 1), axes[axis].sources, of.what.name);
        dims[axis] = axes[axis].to;
    }
}

void blocks(const job& of) {
    const block_order how = block_order_of(of.what, of.input());
    of.to.permute(how.parts, how.order, of.what.name);
}

}  // namespace

void add_resampling_lowerings(lowering_table& table) {
    table.insert({{"Resize", resize}, {"Upsample", resize}, {"DepthToSpace", blocks}, {"SpaceToDepth", blocks}});
}

}  // namespace ctnn_import
