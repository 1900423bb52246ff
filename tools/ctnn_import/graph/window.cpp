// SPDX-License-Identifier: BSL-1.0
#include "graph/window.hpp"

#include <algorithm>

namespace ctnn_import {

namespace {

std::vector<std::int64_t> list(const node& of, const char* name, std::size_t length, std::int64_t otherwise) {
    auto numbers = of.get<std::vector<std::int64_t>>(name, std::vector<std::int64_t>(length, otherwise));
    if (numbers.size() != length)
        of.refuse(std::string(name) + " has " + std::to_string(numbers.size()) + " values, and not " +
                  std::to_string(length));
    return numbers;
}

constexpr std::int64_t largest = 1 << 24;

}  // namespace

std::vector<window_axis> window_axes(const node& of, const extents& input, const extents& window) {
    const std::size_t rank = input.size();
    const auto strides = list(of, "strides", rank, 1), dilations = list(of, "dilations", rank, 1);
    const auto pads = list(of, "pads", 2 * rank, 0);
    const auto automatic = of.get<std::string>("auto_pad", "NOTSET");
    const bool ceil_mode = of.get<std::int64_t>("ceil_mode", 0) != 0;
    std::vector<window_axis> axes;
    for (std::size_t i = 0; i < rank; ++i) {
        window_axis axis{input[i], window[i], strides[i], dilations[i], pads[i], pads[rank + i], 0};
        if (axis.window < 1 || axis.stride < 1 || axis.dilation < 1)
            of.refuse("a window, stride or dilation is below 1");
        if (axis.before < 0 || axis.behind < 0) of.refuse("pads are negative");
        if (std::max({axis.input, axis.window, axis.stride, axis.dilation, axis.before, axis.behind}) > largest)
            of.refuse("an extent, stride, dilation or pad is above 2^24");
        if (automatic == "SAME_UPPER" || automatic == "SAME_LOWER") {
            axis.output = (axis.input + axis.stride - 1) / axis.stride;
            const std::int64_t zeros =
                std::max<std::int64_t>(0, (axis.output - 1) * axis.stride + axis.reach() - axis.input);
            axis.before = automatic == "SAME_UPPER" ? zeros / 2 : zeros - zeros / 2;
            axis.behind = zeros - axis.before;
        } else if (automatic == "VALID" || automatic == "NOTSET") {
            if (automatic == "VALID") axis.before = axis.behind = 0;
            const std::int64_t free = axis.input + axis.before + axis.behind - axis.reach();
            if (free < 0) of.refuse("the window is larger than its input with padding");
            axis.output = free / axis.stride + 1;
            if (ceil_mode && free % axis.stride != 0 && axis.output * axis.stride < axis.input + axis.before)
                ++axis.output;
        } else {
            of.refuse("auto_pad is \"" + automatic + "\"");
        }
        axes.push_back(axis);
    }
    return axes;
}

bool leaves_out_last_window(const node& of, const extents& dims) {
    if (dims.size() < 3) return false;
    const auto axes =
        window_axes(of, {dims.begin() + 2, dims.end()}, of.get<std::vector<std::int64_t>>("kernel_shape", {}));
    return std::any_of(axes.begin(), axes.end(), [](const window_axis& axis) {
        const std::int64_t free = axis.input + axis.before + axis.behind - axis.reach();
        return free % axis.stride != 0 && axis.output == free / axis.stride + 1;
    });
}

std::vector<window_axis> transposed_axes(const node& of, const extents& input, const extents& window) {
    const std::size_t rank = input.size();
    const auto list = [&](const char* name, std::size_t length, std::int64_t otherwise) {
        auto numbers = of.get<std::vector<std::int64_t>>(name, std::vector<std::int64_t>(length, otherwise));
        if (numbers.size() != length) of.refuse(std::string(name) + " has the wrong number of values");
        for (const std::int64_t number : numbers)
            if (number < 0 || number > 1 << 24) of.refuse(std::string(name) + " has a value below 0 or above 2^24");
        return numbers;
    };
    const auto strides = list("strides", rank, 1), dilations = list("dilations", rank, 1);
    const auto pads = list("pads", 2 * rank, 0), more = list("output_padding", rank, 0);
    const auto wanted = of.has("output_shape") ? list("output_shape", rank, 0) : std::vector<std::int64_t>{};
    const auto automatic = of.get<std::string>("auto_pad", "NOTSET");
    const bool same = automatic == "SAME_UPPER" || automatic == "SAME_LOWER";
    if (!same && automatic != "NOTSET" && automatic != "VALID") of.refuse("auto_pad is \"" + automatic + "\"");
    std::vector<window_axis> axes;
    for (std::size_t i = 0; i < rank; ++i) {
        window_axis axis{0, window[i], strides[i], dilations[i], pads[i], pads[rank + i], input[i]};
        if (axis.window < 1 || axis.stride < 1 || axis.dilation < 1)
            of.refuse("a window, stride or dilation is below 1");
        const std::int64_t whole = axis.stride * (input[i] - 1) + more[i] + axis.reach();
        if (!wanted.empty() || same) {
            axis.input = wanted.empty() ? input[i] * axis.stride : wanted[i];
            const std::int64_t cropped = whole - axis.input;
            if (cropped < 0) of.refuse("the output is larger than what the windows cover");
            if (cropped % 2 != 0 && of.opset < 11)
                of.refuse(
                    "an odd number of outputs is cropped, and before opset 11 the standard gives two rules for it");
            axis.before = automatic == "SAME_UPPER" ? cropped / 2 : cropped - cropped / 2;
            axis.behind = cropped - axis.before;
        } else {
            axis.input = whole - axis.before - axis.behind;
        }
        if (axis.input < 1) of.refuse("the output is empty");
        axes.push_back(axis);
    }
    return axes;
}

}  // namespace ctnn_import
