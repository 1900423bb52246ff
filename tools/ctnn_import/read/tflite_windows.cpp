// SPDX-License-Identifier: BSL-1.0
// Convolutions, pooling and resampling of TensorFlow Lite.
#include "graph/operator_call.hpp"
#include "read/tflite_call.hpp"
#include "refusal.hpp"

#include <algorithm>
#include <utility>

namespace ctnn_import {

namespace {

using sizes = std::vector<std::int64_t>;

constexpr std::int64_t largest_option = std::int64_t{1} << 20;

/// An image with its channels first: 1 x channels x rows x columns.
struct image {
    std::string value;
    extents dims;
};
image image_of(const tflite_call& of, std::size_t input) {
    if (of.dims(input).size() != 4)
        throw refusal("its input is " + text_of(of.dims(input)) +
                      ", and it takes images: batch, rows, columns, channels");
    const std::string value = of.state.to.moved(of.value(input));
    return {value, of.state.to.dims_of(value)};
}

/// An operator of windows. Images of one row are sequences, for which ctnn has layers that can be streamed.
keras_value emit_windows(const tflite_call& of, const char* op, const image& x, std::int64_t channels,
                         const sizes& window, const sizes& stride, sizes pads, const sizes& extent,
                         keras_graph::attributes with = {}, array kernel = {}, std::size_t bias = 3) {
    keras_graph& to = of.state.to;
    const extents made{x.dims[0], channels, extent[0], extent[1]};
    const bool is_sequence = x.dims[2] == 1 && window[0] == 1 && extent[0] == 1;
    std::vector<std::string> inputs{x.value};
    extents dims = made;
    with["kernel_shape"] = window;
    with["strides"] = stride;
    if (is_sequence) {
        const extents steps{x.dims[0], x.dims[1], x.dims[3]};
        inputs = {of.emit("Reshape", "/steps", {x.value, of.integers("/steps/extents", steps)}, steps)};
        if (!kernel.dims.empty()) kernel.dims.erase(kernel.dims.begin() + 2);
        dims.erase(dims.begin() + 2);
        pads = {pads[1], pads[3]};
        for (const char* const name : {"kernel_shape", "strides", "dilations"})
            if (with.contains(name)) std::get<sizes>(with[name]).erase(std::get<sizes>(with[name]).begin());
    }
    with["pads"] = pads;
    if (!kernel.dims.empty()) inputs.push_back(of.constant_of(1, "/kernel", std::move(kernel)));
    if (of.has(bias)) inputs.push_back(of.constant_of(bias, "/bias", of.reals(bias, {channels}, "bias")));
    std::string result = of.emit(op, "", inputs, dims, with);
    if (is_sequence) result = of.emit("Reshape", "/rows", {result, of.integers("/rows/extents", made)}, made);
    return of.activated(to.channels_first(result));
}

/// Two options of windows, for rows and columns.
sizes both_options(const tflite_call& of, const char* rows, const char* columns, std::int64_t otherwise) {
    sizes result{of.number(rows, otherwise), of.number(columns, otherwise)};
    for (std::size_t i = 0; i < 2; ++i)
        if (result[i] < 1 || result[i] > largest_option)
            throw refusal(std::string("its ") + (i == 0 ? rows : columns) + " is " + std::to_string(result[i]));
    return result;
}

bool is_same(const tflite_call& of) {
    const std::int64_t padding = of.number("padding");
    if (padding != 0 && padding != 1) throw refusal("its padding is number " + std::to_string(padding));
    return padding == 0;
}

struct window_places {
    sizes pads{0, 0, 0, 0};  ///< in ONNX's order
    sizes extent{0, 0};      ///< of the output
};
/// An odd number of zeros has more after than before.
window_places places_of(const tflite_call& of, const extents& x, const sizes& window, const sizes& stride,
                        const sizes& dilation) {
    window_places result;
    const bool same = is_same(of);
    for (std::size_t i = 0; i < 2; ++i) {
        const std::int64_t reach = dilation[i] * (window[i] - 1) + 1, extent = x[i + 2];
        if (same) {
            result.extent[i] = (extent + stride[i] - 1) / stride[i];
            const std::int64_t zeros = std::max<std::int64_t>((result.extent[i] - 1) * stride[i] + reach - extent, 0);
            result.pads[i] = zeros / 2;
            result.pads[i + 2] = zeros - zeros / 2;
        } else {
            if (extent < reach)
                throw refusal("its window of " + std::to_string(reach) + " is larger than its input of " +
                              std::to_string(extent));
            result.extent[i] = (extent - reach) / stride[i] + 1;
        }
    }
    return result;
}

const extents& kernel_of(const tflite_call& of, std::size_t input) {
    if (of.dims(input).size() != 4) throw refusal("its weights are " + text_of(of.dims(input)));
    for (std::size_t i = 1; i < 3; ++i)
        if (of.dims(input)[i] > largest_option) throw refusal("its weights are " + text_of(of.dims(input)));
    return of.dims(input);
}

keras_values convolution(const tflite_call& of) {
    of.wants_inputs(2, 3);
    const image x = image_of(of, 0);
    const extents kernel = kernel_of(of, 1);
    const bool depthwise = of.what.type == "DEPTHWISE_CONV_2D";
    const sizes window{kernel[1], kernel[2]}, stride = both_options(of, "stride_h", "stride_w", 0),
                                              dilation = both_options(of, "dilation_h", "dilation_w", 1);
    const std::int64_t channels = x.dims[1], outputs = depthwise ? kernel[3] : kernel[0],
                       depth = depthwise ? 1 : kernel[3];
    if (depthwise) {
        const std::int64_t multiplier = of.number("multiplier");
        if (kernel[0] != 1 || outputs % channels != 0 || (multiplier != 0 && multiplier != outputs / channels))
            throw refusal("its weights are " + text_of(kernel) + ", its input has " + std::to_string(channels) +
                          " channels, and its multiplier is " + std::to_string(multiplier));
    } else if (channels % depth != 0 || outputs % (channels / depth) != 0) {
        throw refusal("its weights are " + text_of(kernel) + ", and its input has " + std::to_string(channels) +
                      " channels");
    }
    const window_places at = places_of(of, x.dims, window, stride, dilation);
    of.add_work({outputs, depth, window[0], window[1], at.extent[0], at.extent[1], x.dims[0]});
    // To outputs, inputs, rows, columns.
    const array weights =
        permuted_array(of.reals(1, kernel, "weights"),
                       depthwise ? std::vector<std::size_t>{3, 0, 1, 2} : std::vector<std::size_t>{0, 3, 1, 2});
    return {emit_windows(of, "Conv", x, outputs, window, stride, at.pads, at.extent,
                         {{"dilations", dilation}, {"group", channels / depth}}, weights, 2)};
}

keras_values transposed_convolution(const tflite_call& of) {
    of.wants_inputs(3, 4);
    const image x = image_of(of, 2);
    const extents kernel = kernel_of(of, 1), wanted = of.integers(0);
    const sizes window{kernel[1], kernel[2]}, stride = both_options(of, "stride_h", "stride_w", 0);
    const std::int64_t outputs = kernel[0];
    if (kernel[3] != x.dims[1] || wanted.size() != 4 || wanted[0] != x.dims[0] || wanted[3] != outputs)
        throw refusal("its weights are " + text_of(kernel) + ", its output is " + text_of(wanted) +
                      ", and its input has " + std::to_string(x.dims[1]) + " channels");
    const bool same = is_same(of);
    sizes pads(4, 0), more(2, 0);
    for (std::size_t i = 0; i < 2; ++i) {
        const std::int64_t out = wanted[i + 1], in = x.dims[i + 2];
        if (out < 1 || out > std::int64_t{1} << 26) throw refusal("its output is " + text_of(wanted));
        // The padding of the convolution that goes the other way.
        const std::int64_t windows =
            same ? (out + stride[i] - 1) / stride[i] : (out - window[i] + stride[i]) / stride[i];
        if (windows != in)
            throw refusal("its output is " + text_of(wanted) + ", of which its window and stride make " +
                          std::to_string(windows) + " places and not " + std::to_string(in));
        pads[i] = std::max<std::int64_t>((windows - 1) * stride[i] + window[i] - out, 0) / 2;
        const std::int64_t rest = (in - 1) * stride[i] + window[i] - pads[i] - out;
        pads[i + 2] = std::max<std::int64_t>(rest, 0);
        more[i] = std::max<std::int64_t>(-rest, 0);
    }
    of.add_work({outputs, kernel[3], window[0], window[1], x.dims[2], x.dims[3], x.dims[0]});
    // To inputs, outputs, rows, columns.
    const array weights = permuted_array(of.reals(1, kernel, "weights"), {3, 0, 1, 2});
    std::vector<std::string> inputs{x.value, of.constant_of(1, "/kernel", weights)};
    if (of.has(3)) inputs.push_back(of.constant_of(3, "/bias", of.reals(3, {outputs}, "bias")));
    const std::string made =
        of.emit("ConvTranspose", "", inputs, {x.dims[0], outputs, wanted[1], wanted[2]},
                {{"kernel_shape", window}, {"strides", stride}, {"pads", pads}, {"output_padding", more}});
    return {of.activated(of.state.to.channels_first(made))};
}

keras_values pooling(const tflite_call& of) {
    of.wants_inputs(1, 1);
    if (of.what.type == "AVERAGE_POOL_2D" && of.input(0).quantized.exists() && of.input(0).type == tflite_type::uint8)
        throw refusal("its integers are UINT8, of which halves are rounded upwards, and ctnn rounds them away from 0");
    const image x = image_of(of, 0);
    const sizes window = both_options(of, "window_h", "window_w", 0),
                stride = both_options(of, "stride_h", "stride_w", 0);
    const window_places at = places_of(of, x.dims, window, stride, {1, 1});
    of.add_work({x.dims[0], x.dims[1], window[0], window[1], at.extent[0], at.extent[1]});
    // Averages leave the padding out, as ONNX's do.
    return {emit_windows(of, of.what.type == "MAX_POOL_2D" ? "MaxPool" : "AveragePool", x, x.dims[1], window, stride,
                         at.pads, at.extent)};
}

keras_values resizing(const tflite_call& of) {
    of.wants_inputs(2, 2);
    const image x = image_of(of, 0);
    const sizes wanted = of.integers(1);
    if (wanted.size() != 2) throw refusal("its size has " + std::to_string(wanted.size()) + " numbers");
    const bool corners = of.number("align_corners") != 0, half = of.number("half_pixel") != 0,
               nearest = of.what.type == "RESIZE_NEAREST_NEIGHBOR";
    if (corners && half) throw refusal("both its align_corners and its half_pixel_centers are set");
    const std::string places = corners ? "align_corners" : half ? "half_pixel" : "asymmetric";
    keras_graph::attributes with{{"mode", std::string(nearest ? "nearest" : "linear")},
                                 {"coordinate_transformation_mode", places}};
    // The element at floor((i + 1/2) scale), or at round(i scale).
    if (nearest) with["nearest_mode"] = std::string(corners || half ? "round_prefer_ceil" : "floor");
    return {of.state.to.channels_first(
        of.emit("Resize", "", {x.value, "", "", of.integers("/size", {x.dims[0], x.dims[1], wanted[0], wanted[1]})},
                {x.dims[0], x.dims[1], wanted[0], wanted[1]}, with))};
}

keras_values blocks(const tflite_call& of) {
    of.wants_inputs(1, 1);
    const image x = image_of(of, 0);
    const std::int64_t block = of.number("block");
    const bool joins = of.what.type == "SPACE_TO_DEPTH";
    if (block < 1 || block > largest_option) throw refusal("its block_size is " + std::to_string(block));
    const std::int64_t area = block * block;
    if (joins ? x.dims[2] % block != 0 || x.dims[3] % block != 0 : x.dims[1] % area != 0)
        throw refusal("its input is " + text_of(of.dims(0)) + ", and its block_size " + std::to_string(block));
    const extents made = joins ? extents{x.dims[0], x.dims[1] * area, x.dims[2] / block, x.dims[3] / block}
                               : extents{x.dims[0], x.dims[1] / area, x.dims[2] * block, x.dims[3] * block};
    return {of.state.to.channels_first(
        of.emit(joins ? "SpaceToDepth" : "DepthToSpace", "", {x.value}, made, {{"blocksize", block}}))};
}

}  // namespace

void add_tflite_windows(tflite_table& table) {
    table.insert({{"CONV_2D", convolution},
                  {"DEPTHWISE_CONV_2D", convolution},
                  {"TRANSPOSE_CONV", transposed_convolution},
                  {"AVERAGE_POOL_2D", pooling},
                  {"MAX_POOL_2D", pooling},
                  {"RESIZE_BILINEAR", resizing},
                  {"RESIZE_NEAREST_NEIGHBOR", resizing},
                  {"SPACE_TO_DEPTH", blocks},
                  {"DEPTH_TO_SPACE", blocks}});
}

}  // namespace ctnn_import
