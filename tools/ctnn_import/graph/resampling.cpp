// SPDX-License-Identifier: BSL-1.0
#include "graph/resampling.hpp"

#include "graph/operator_call.hpp"

#include <algorithm>
#include <cmath>

namespace ctnn_import {

namespace {

struct nearest_rule {
    std::string coordinates, rounding;
};

/// Upsample, and Resize before opset 11, have a fixed rule.
nearest_rule rule_of(const node& of) {
    if (of.op == "Upsample" || of.opset < 11) return {"asymmetric", "floor"};
    return {of.get<std::string>("coordinate_transformation_mode", "half_pixel"),
            of.get<std::string>("nearest_mode", "round_prefer_floor")};
}

double place(const node& of, const std::string& coordinates, std::int64_t index, double scale, std::int64_t from,
             std::int64_t to) {
    const auto x = static_cast<double>(index);
    if (coordinates == "asymmetric") return x / scale;
    if (coordinates == "pytorch_half_pixel" && to == 1) return 0;
    // Symmetric ones differ only where the scale is not the ratio of the lengths, which is refused.
    if (coordinates == "half_pixel" || coordinates == "pytorch_half_pixel" || coordinates == "half_pixel_symmetric")
        return (x + 0.5) / scale - 0.5;
    if (coordinates == "tf_half_pixel_for_nn") return (x + 0.5) / scale;
    if (coordinates == "align_corners")
        return to == 1 ? 0 : x * static_cast<double>(from - 1) / static_cast<double>(to - 1);
    of.refuse("its coordinate_transformation_mode is " + coordinates);
}

std::int64_t rounded(const node& of, const std::string& rounding, double x, std::int64_t extent) {
    // Snap to the nearest multiple of 1/2 that the division missed only by rounding.
    const double twice = std::round(2 * x);
    if (std::abs(2 * x - twice) < 1e-9) x = twice / 2;
    double nearest = 0;
    if (rounding == "floor")
        nearest = std::floor(x);
    else if (rounding == "ceil")
        nearest = std::ceil(x);
    else if (rounding == "round_prefer_floor")
        nearest = std::ceil(x - 0.5);
    else if (rounding == "round_prefer_ceil")
        nearest = std::floor(x + 0.5);
    else
        of.refuse("its nearest_mode is " + rounding);
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(nearest), 0, extent - 1);
}

std::vector<std::int64_t> sources_along(const node& of, std::int64_t from, std::int64_t to, double scale) {
    const nearest_rule rule = rule_of(of);
    std::vector<std::int64_t> sources;
    for (std::int64_t i = 0; i < to; ++i)
        sources.push_back(rounded(of, rule.rounding, place(of, rule.coordinates, i, scale, from, to), from));
    return sources;
}

/// The weights of two neighbours at the distances t and 1 - t, or of four by the cubic of Keys (1981).
std::vector<double> weights_at(bool cubic, double t, double a) {
    if (!cubic) return {1 - t, t};
    const auto near = [&](double d) { return ((a + 2) * d - (a + 3)) * d * d + 1; };
    const auto far = [&](double d) { return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a; };
    return {far(1 + t), near(t), near(1 - t), far(2 - t)};
}

/// Neighbours outside of the input are those at its edge.
std::vector<double> weights_along(const node& of, bool cubic, std::int64_t from, std::int64_t to, double scale) {
    const std::string coordinates = rule_of(of).coordinates;
    const double a = of.get<double>("cubic_coeff_a", -0.75);
    std::vector<double> all(static_cast<std::size_t>(to * from));
    for (std::int64_t i = 0; i < to; ++i) {
        const double x = place(of, coordinates, i, scale, from, to), below = std::floor(x);
        std::int64_t at = static_cast<std::int64_t>(below) - cubic;
        for (const double weight : weights_at(cubic, x - below, a))
            all[static_cast<std::size_t>(i * from + std::clamp<std::int64_t>(at++, 0, from - 1))] += weight;
    }
    return all;
}

}  // namespace

std::vector<resampled_axis> resampled_axes(const node& of, const extents& x, const std::vector<double>& given_scales,
                                           const std::vector<std::int64_t>& given_sizes) {
    const auto mode = of.get<std::string>("mode", "nearest");
    const bool cubic = mode == "cubic", interpolates = cubic || mode == "linear" || mode == "bilinear";
    if (mode != "nearest" && !interpolates) of.refuse("its mode is " + mode);
    if (interpolates && of.get<std::int64_t>("exclude_outside", 0) != 0) of.refuse("its exclude_outside is set");
    std::vector<double> scales = given_scales;
    std::vector<std::int64_t> sizes = given_sizes;
    if (const auto policy = of.get<std::string>("keep_aspect_ratio_policy", "stretch");
        policy != "stretch" && !sizes.empty())
        of.refuse("its keep_aspect_ratio_policy is " + policy);
    if (of.has("axes")) {
        const auto axes = of.get<std::vector<std::int64_t>>("axes", {});
        const std::size_t numbers = std::max(scales.size(), sizes.size());
        if (numbers != axes.size()) of.refuse("it does not have one scale or one size for each of its axes");
        // The other axes keep their extents.
        std::vector<double> all_scales(scales.empty() ? 0 : x.size(), 1);
        std::vector<std::int64_t> all_sizes(sizes.empty() ? extents{} : x);
        for (std::size_t i = 0; i < numbers; ++i) {
            const std::size_t axis = axis_in(of, axes[i], x.size());
            if (!scales.empty()) all_scales[axis] = scales[i];
            if (!sizes.empty()) all_sizes[axis] = sizes[i];
        }
        scales = std::move(all_scales);
        sizes = std::move(all_sizes);
    }
    if (scales.empty() == sizes.empty() || std::max(scales.size(), sizes.size()) != x.size())
        of.refuse("it does not have one scale or one size for each axis");
    std::vector<resampled_axis> all;
    for (std::size_t axis = 0; axis < x.size(); ++axis) {
        const double given = scales.empty() ? 0 : scales[axis];
        if (!scales.empty() && !(given > 0 && given * static_cast<double>(x[axis]) < 0x1p26))
            of.refuse("a scale is not above 0, or too large");
        const std::int64_t to =
            scales.empty() ? sizes[axis]
                           : static_cast<std::int64_t>(std::floor(given * static_cast<double>(x[axis]) + 1e-6));
        if (to < 1 || to > std::int64_t{1} << 26) of.refuse("an axis would have " + std::to_string(to) + " elements");
        if (to < x[axis] && of.opset < 11) of.refuse("it downsamples, which is undefined before opset 11");
        if (interpolates && to < x[axis] && of.get<std::int64_t>("antialias", 0) != 0)
            of.refuse("its antialias is set, and it downsamples");
        if (interpolates && to > (std::int64_t{1} << 26) / x[axis]) of.refuse("its interpolation is too large");
        const double ratio = static_cast<double>(to) / static_cast<double>(x[axis]);
        resampled_axis& one = all.emplace_back(resampled_axis{x[axis], to, {}, {}});
        bool fits = true;
        if (!interpolates || to == x[axis]) {
            one.sources = sources_along(of, x[axis], to, ratio);
            fits = scales.empty() || sources_along(of, x[axis], to, given) == one.sources;
        } else {
            one.weights = weights_along(of, cubic, x[axis], to, ratio);
            fits = scales.empty() || std::abs(given - ratio) <= 1e-6 * ratio;
        }
        if (!fits)
            of.refuse("its scale of " + std::to_string(given) + " does not fit " + std::to_string(x[axis]) +
                      " elements");
    }
    return all;
}

block_order block_order_of(const node& of, const extents& x) {
    const std::int64_t size = of.get<std::int64_t>("blocksize", 0);
    if (x.size() != 4 || size < 1 || size > 1 << 12)
        of.refuse("its input does not have four axes, or its blocksize is not from 1 to 4096");
    const std::int64_t c = x[1], h = x[2], w = x[3];
    if (of.op == "SpaceToDepth") {
        if (h % size != 0 || w % size != 0) of.refuse("the height or width is not divisible by the blocksize");
        return {
            {x[0], c, h / size, size, w / size, size}, {0, 3, 5, 1, 2, 4}, {x[0], c * size * size, h / size, w / size}};
    }
    if (c % (size * size) != 0) of.refuse("the channels are not divisible by the square of the blocksize");
    const auto mode = of.get<std::string>("mode", "DCR");
    if (mode != "DCR" && mode != "CRD") of.refuse("its mode is " + mode);
    const std::int64_t depth = c / (size * size);
    const extents result{x[0], depth, h * size, w * size};
    if (mode == "DCR") return {{x[0], size, size, depth, h, w}, {0, 3, 4, 1, 5, 2}, result};
    return {{x[0], depth, size, size, h, w}, {0, 1, 4, 2, 5, 3}, result};
}

}  // namespace ctnn_import
