// SPDX-License-Identifier: BSL-1.0
// Convolutions and pooling.
#include "graph/operator_call.hpp"
#include "graph/window.hpp"
#include "lower/lowering.hpp"
#include "text.hpp"

#include <algorithm>

namespace ctnn_import {

namespace {

/// "ctnn::stride<2, 1>", or with one number if all are equal.
std::string option(const char* name, std::vector<std::int64_t> numbers) {
    if (std::adjacent_find(numbers.begin(), numbers.end(), std::not_equal_to<>{}) == numbers.end()) numbers.resize(1);
    return std::string("ctnn::") + name + "<" + list_text(numbers) + ">";
}
std::vector<std::int64_t> each(const std::vector<window_axis>& axes, std::int64_t window_axis::*which) {
    std::vector<std::int64_t> numbers;
    for (const window_axis& axis : axes) numbers.push_back(axis.*which);
    return numbers;
}
bool all_are(const std::vector<window_axis>& axes, std::int64_t window_axis::*which, std::int64_t number) {
    return std::all_of(axes.begin(), axes.end(), [&](const window_axis& axis) { return axis.*which == number; });
}

std::string pad_text(std::int64_t before, std::int64_t behind) {
    return "ctnn::pad<" + std::to_string(before) + (before == behind ? "" : ", " + std::to_string(behind)) + ">";
}
void add_padding(const std::vector<window_axis>& axes, std::vector<std::string>& options) {
    if (all_are(axes, &window_axis::before, 0) && all_are(axes, &window_axis::behind, 0)) return;
    std::vector<std::string> pads;
    for (const window_axis& axis : axes) pads.push_back(pad_text(axis.before, axis.behind));
    if (std::adjacent_find(pads.begin(), pads.end(), std::not_equal_to<>{}) == pads.end()) pads.resize(1);
    options.push_back("ctnn::padding<" + comma_list(pads) + ">");
}

/// The extents of one sample, 1-D or 2-D.
extents images_of(const job& of) {
    const extents& x = of.input();
    if (x.size() != 3 && x.size() != 4) of.refuse("its input of " + text_of(x) + " is not a batch of 1-D or 2-D data");
    if (x[0] != 1) refuse_batch(of.what, x[0]);
    return {x.begin() + 1, x.end()};
}

/// Folds a preceding zero_pad layer into the padding of the convolution.
void take_padding_before(const job& of, std::vector<window_axis>& axes, extents& images) {
    const layer* const before = of.to.last();
    if (before == nullptr || before->kind != "zero_pad" || before->output != images ||
        before->arguments.size() > axes.size() || of.what.get<std::string>("auto_pad", "NOTSET") != "NOTSET")
        return;
    const extents from = before->input;
    // zero_pad pads the innermost axes.
    const std::size_t without = axes.size() - before->arguments.size();
    for (std::size_t i = without; i < axes.size(); ++i) {
        const std::string& text = before->arguments[i - without];  // "ctnn::pad<1, 2>"
        const std::int64_t first = std::stoll(text.substr(text.find('<') + 1));
        axes[i].before += first;
        axes[i].behind += axes[i].input - from[i + 1] - first;
        axes[i].input = from[i + 1];
    }
    of.to.drop_last();
    images = from;
}

/// Transposes an array: axis i of the result is axis order[i] of `from`.
std::vector<double> reordered(const array& from, const std::vector<std::size_t>& order) {
    const auto own = strides_of(from.dims);
    extents dims;
    std::vector<std::int64_t> strides;
    for (const std::size_t axis : order) {
        dims.push_back(from.dims[axis]);
        strides.push_back(own[axis]);
    }
    std::vector<double> result(from.size());
    const std::vector<std::int64_t> one[]{strides};
    for_each_element(dims, one, [&](std::size_t flat, const std::int64_t* offsets) {
        result[flat] = from.reals()[static_cast<std::size_t>(offsets[0])];
    });
    return result;
}

void conv(const job& of) {
    of.wants_live_first();
    extents images = images_of(of);
    of.reals(1);
    const array& weights = of.constant(1);
    const extents window(weights.dims.begin() + 2, weights.dims.end());
    auto axes = window_axes(of.what, {images.begin() + 1, images.end()}, window);
    take_padding_before(of, axes, images);
    const bool line = axes.size() == 1;
    const std::int64_t filters = weights.dims[0], groups = of.what.get<std::int64_t>("group", 1);
    layer next;
    next.kind = line ? "conv1d" : "conv2d";
    next.arguments = {std::to_string(filters), option("window", window)};
    next.takes_activation = true;
    if (!all_are(axes, &window_axis::stride, 1))
        next.options.push_back(option("stride", each(axes, &window_axis::stride)));
    if (!all_are(axes, &window_axis::dilation, 1))
        next.options.push_back(option("dilation", each(axes, &window_axis::dilation)));
    if (line && axes[0].behind == 0 && axes[0].before > 0 && axes[0].before == axes[0].reach() - 1)
        next.options.push_back("ctnn::causal");
    else
        add_padding(axes, next.options);
    if (groups != 1) next.options.push_back("ctnn::groups<" + std::to_string(groups) + ">");
    next.nodes = {of.what.name};
    extents dims = window;
    dims.insert(dims.end(), {weights.dims[1], filters});
    next.parameters = {
        {"weights", dims,
         reordered(weights, line ? std::vector<std::size_t>{2, 1, 0} : std::vector<std::size_t>{2, 3, 1, 0})}};
    if (of.what.has_input(2))
        next.parameters.push_back({"bias", {filters}, of.reals(2)});
    else
        next.options.push_back("ctnn::no_bias");
    extents output{filters};
    for (const window_axis& axis : axes) output.push_back(axis.output);
    next.multiply_accumulates = count(output) * weights.dims[1] * count(window);
    of.to.view(images);
    of.to.add(std::move(next), output);
}

void conv_transpose(const job& of) {
    of.wants_live_first();
    const extents images = images_of(of);
    of.reals(1);
    const array& weights = of.constant(1);
    const extents inputs(images.begin() + 1, images.end()), window(weights.dims.begin() + 2, weights.dims.end());
    const bool line = inputs.size() == 1;
    const auto axes = transposed_axes(of.what, inputs, window);
    const std::int64_t groups = of.what.get<std::int64_t>("group", 1), filters = weights.dims[1] * groups;
    std::vector<std::int64_t> more;
    for (const window_axis& axis : axes) {
        // The output_padding: the requested length minus what the windows cover after cropping.
        more.push_back(axis.input - (axis.stride * (axis.output - 1) + axis.reach() - axis.before - axis.behind));
        if (more.back() < 0 || (more.back() > 0 && more.back() >= axis.stride) || axis.before + axis.behind < 0)
            of.refuse("its output_padding is not below the stride");
    }
    layer next;
    next.kind = line ? "conv1d_transpose" : "conv2d_transpose";
    next.arguments = {std::to_string(filters), option("window", window)};
    next.takes_activation = true;
    if (!all_are(axes, &window_axis::stride, 1))
        next.options.push_back(option("stride", each(axes, &window_axis::stride)));
    if (!all_are(axes, &window_axis::dilation, 1))
        next.options.push_back(option("dilation", each(axes, &window_axis::dilation)));
    add_padding(axes, next.options);
    if (std::any_of(more.begin(), more.end(), [](std::int64_t number) { return number != 0; }))
        next.options.push_back(option("output_padding", more));
    if (groups != 1) next.options.push_back(option("groups", {groups}));
    next.nodes = {of.what.name};
    extents dims = window, output{filters};
    dims.insert(dims.end(), {weights.dims[1], images[0]});
    next.parameters = {
        {"weights", dims,
         reordered(weights, line ? std::vector<std::size_t>{2, 1, 0} : std::vector<std::size_t>{2, 3, 1, 0})}};
    if (of.what.has_input(2))
        next.parameters.push_back({"bias", {filters}, of.reals(2)});
    else
        next.options.push_back("ctnn::no_bias");
    next.multiply_accumulates = images[0] * weights.dims[1] * count(window) * count(inputs);
    for (const window_axis& axis : axes) output.push_back(axis.input);
    of.to.view(images);
    of.to.add(std::move(next), output);
}

void pool(const job& of) {
    const extents& x = of.input();
    if (of.output != 0) of.refuse("the indices of the maxima are requested");
    if (x.size() != 3 && x.size() != 4) of.refuse("its input of " + text_of(x) + " is not a batch of 1-D or 2-D data");
    const auto window = of.what.get<std::vector<std::int64_t>>("kernel_shape", {});
    const auto axes = window_axes(of.what, {x.begin() + 2, x.end()}, window);
    if (!all_are(axes, &window_axis::dilation, 1)) of.refuse("its windows are dilated");
    const bool largest = of.what.op == "MaxPool", ceil_mode = of.what.get<std::int64_t>("ceil_mode", 0) != 0;
    for (const window_axis& axis : axes) {
        if (axis.before >= axis.window || axis.behind >= axis.window)
            of.refuse("its padding is not smaller than the window");
        if ((axis.output - 1) * axis.stride >= axis.input + axis.before)
            of.refuse("its last window starts after the input");
    }
    layer next;
    next.kind = std::string(largest ? "max_pool" : "average_pool") + (axes.size() == 1 ? "1d" : "2d");
    next.arguments = {option("window", window)};
    if (each(axes, &window_axis::stride) != window)
        next.options.push_back(option("stride", each(axes, &window_axis::stride)));
    add_padding(axes, next.options);
    const bool rounds = std::any_of(axes.begin(), axes.end(), [](const window_axis& axis) {
        return (axis.output - 1) * axis.stride + axis.window > axis.input + axis.before + axis.behind;
    });
    if (ceil_mode && rounds) next.options.push_back("ctnn::ceil_mode");
    if (!largest && of.what.get<std::int64_t>("count_include_pad", 0) != 0)
        next.options.push_back("ctnn::count_include_pad");
    next.nodes = {of.what.name};
    // Channels are independent, so a batch is the same as more channels.
    extents seen{x[0] * x[1]}, output{x[0] * x[1]};
    for (const window_axis& axis : axes) {
        seen.push_back(axis.input);
        output.push_back(axis.output);
    }
    of.to.view(seen);
    of.to.add(std::move(next), output);
}

}  // namespace

void add_window_lowerings(lowering_table& table) {
    table.insert({{"Conv", conv}, {"ConvTranspose", conv_transpose}, {"MaxPool", pool}, {"AveragePool", pool}});
}

}  // namespace ctnn_import
