// SPDX-License-Identifier: BSL-1.0
// Convolutions, pooling, padding and resampling of Keras.
#include "graph/operator_call.hpp"
#include "read/keras_layers.hpp"
#include "refusal.hpp"

#include <ctnn/io/error.hpp>

#include <algorithm>
#include <numeric>
#include <utility>

namespace ctnn_import {

namespace {

using ctnn::io::detail::in_quotes;
using nlohmann::json;
using sizes = std::vector<std::int64_t>;

/// The input of a layer for images or sequences, with its channels first, and where the output goes.
class places {
  public:
    explicit places(const keras_call& of) : of_(of) {
        const std::size_t rank = of.type.find("1D") != std::string::npos ? 3 : 4;
        of.wants_rank(rank);
        const std::string format = of.settings.text("data_format", "channels_last");
        if (format != "channels_last" && format != "channels_first")
            throw refusal("its data_format is " + in_quotes(format));
        as_is_ = format == "channels_first";
        input = as_is_ ? of.to.in_place(of.input()) : of.to.moved(of.input());
        const extents& dims = of.to.dims_of(input);
        channels = dims[1];
        extent.assign(dims.begin() + 2, dims.end());
    }
    keras_value output(const std::string& made) const {
        return as_is_ ? of_.to.as_is(made) : of_.to.channels_first(made);
    }

    std::string input;
    std::int64_t channels = 0;
    sizes extent{};  ///< of the places

  private:
    const keras_call& of_;
    bool as_is_ = false;
};

/// The zeros before and after each axis, in ONNX's order. With "same", an odd number has more after than before.
sizes pads_of(const keras_call& of, const sizes& extent, const sizes& window, const sizes& stride,
              const sizes& dilation) {
    const std::string padding = of.settings.text("padding", "valid");
    sizes pads(2 * extent.size(), 0);
    for (std::size_t i = 0; i < extent.size(); ++i) {
        const std::int64_t reach = dilation[i] * (window[i] - 1) + 1;
        if (padding == "same") {
            const std::int64_t windows = (extent[i] + stride[i] - 1) / stride[i];
            const std::int64_t zeros = std::max<std::int64_t>((windows - 1) * stride[i] + reach - extent[i], 0);
            pads[i] = zeros / 2;
            pads[i + extent.size()] = zeros - zeros / 2;
        } else if (padding == "causal" && of.type == "Conv1D") {
            pads[i] = reach - 1;
        } else if (padding != "valid") {
            throw refusal("its padding is " + in_quotes(padding));
        }
        if (extent[i] + pads[i] + pads[i + extent.size()] < reach)
            throw refusal("its window of " + std::to_string(reach) + " is larger than its input of " +
                          text_of(of.dims()));
    }
    return pads;
}

/// Axis i of the result is axis order[i]: the last two axes first, in this order.
std::vector<std::size_t> last_two_first(std::size_t rank, bool swapped) {
    std::vector<std::size_t> order{rank - 2, rank - 1};
    if (swapped) std::swap(order[0], order[1]);
    for (std::size_t i = 0; i + 2 < rank; ++i) order.push_back(i);
    return order;
}

std::string convolve(const keras_call& of, const std::string& name, const std::string& x, const array& kernel,
                     const array* bias, const keras_graph::attributes& with, const char* op = "Conv") {
    std::vector<std::string> inputs{x, of.to.constant(name + "/kernel", kernel)};
    if (bias != nullptr) inputs.push_back(of.to.constant(name + "/bias", *bias));
    return of.to.emit(op, name, inputs, with);
}

/// Conv1D and Conv2D, DepthwiseConv1D and 2D, SeparableConv1D and 2D.
keras_value convolution(const keras_call& of) {
    const places x(of);
    const std::size_t axes = x.extent.size();
    const bool depthwise = of.type.starts_with("Depthwise"), separable = of.type.starts_with("Separable");
    const sizes window = of.settings.each("kernel_size", axes, 0), stride = of.settings.each("strides", axes, 1),
                dilation = of.settings.each("dilation_rate", axes, 1);
    of.settings.get("kernel_size");
    const std::int64_t filters = depthwise ? 0 : of.settings.integer("filters", 1);
    const bool has_bias = of.settings.flag("use_bias", true);
    const std::int64_t groups = of.settings.has("groups") ? of.settings.integer("groups", 1) : 1;
    of.settings.ignore({"groups", "lora_rank", "lora_alpha", "activity_regularizer"});
    const sizes pads = pads_of(of, x.extent, window, stride, dilation);
    const keras_graph::attributes with{
        {"kernel_shape", window}, {"strides", stride}, {"dilations", dilation}, {"pads", pads}};
    const auto kernel_of = [&](std::int64_t channels, std::int64_t outputs) {
        extents dims = window;
        dims.insert(dims.end(), {channels, outputs});
        return dims;
    };
    std::string made;
    if (depthwise || separable) {
        // Channel c has the filters c m to c m + m - 1 of the output, for a multiplier m.
        if (groups != 1) throw refusal("its groups is " + std::to_string(groups));
        const std::int64_t multiplier =
            of.settings.has("depth_multiplier") ? of.settings.integer("depth_multiplier", 1) : 1;
        of.settings.ignore({"depth_multiplier"});
        // They say these too, and do not use them.
        if (depthwise) of.settings.ignore({"filters"});
        const std::int64_t outputs = x.channels * multiplier;
        std::vector<std::pair<std::string, extents>> wanted{
            {of.weights.has(of.place, "depthwise_kernel") || separable ? "depthwise_kernel" : "kernel",
             kernel_of(x.channels, multiplier)}};
        const std::string own = wanted[0].first;
        extents pointwise(axes, 1);
        pointwise.insert(pointwise.end(), {outputs, filters});
        if (separable) wanted.emplace_back("pointwise_kernel", pointwise);
        if (has_bias) wanted.emplace_back("bias", extents{separable ? filters : outputs});
        const auto weights = of.take(wanted);
        array kernel = permuted_array(weights.at(own), last_two_first(axes + 2, false));
        kernel.dims.erase(kernel.dims.begin(), kernel.dims.begin() + 2);
        kernel.dims.insert(kernel.dims.begin(), {outputs, 1});
        keras_graph::attributes by_channel = with;
        by_channel["group"] = x.channels;
        const array* const bias = has_bias ? &weights.at("bias") : nullptr;
        made = convolve(of, separable ? of.name + "/depthwise" : of.name, x.input, kernel, separable ? nullptr : bias,
                        by_channel);
        if (separable)
            made = convolve(of, of.name, made,
                            permuted_array(weights.at("pointwise_kernel"), last_two_first(axes + 2, true)), bias,
                            {{"kernel_shape", sizes(axes, 1)}});
    } else {
        if (x.channels % groups != 0 || filters % groups != 0)
            throw refusal("its groups of " + std::to_string(groups) + " do not divide its channels and filters");
        std::vector<std::pair<std::string, extents>> wanted{{"kernel", kernel_of(x.channels / groups, filters)}};
        if (has_bias) wanted.emplace_back("bias", extents{filters});
        const auto weights = of.take(wanted);
        keras_graph::attributes grouped = with;
        grouped["group"] = groups;
        made = convolve(of, of.name, x.input, permuted_array(weights.at("kernel"), last_two_first(axes + 2, true)),
                        has_bias ? &weights.at("bias") : nullptr, grouped);
    }
    return activate_keras(of, "activation", x.output(made));
}

/// What TensorFlow's gradient of a convolution crops: with "same" the output is the input times the stride.
keras_value transposed_convolution(const keras_call& of) {
    const places x(of);
    const std::size_t axes = x.extent.size();
    const sizes window = of.settings.each("kernel_size", axes, 0), stride = of.settings.each("strides", axes, 1);
    of.settings.get("kernel_size");
    for (const std::int64_t one : of.settings.each("dilation_rate", axes, 1))
        if (one != 1) throw refusal("its dilation_rate is not 1");
    if (of.settings.has("output_padding")) throw refusal("it has an output_padding");
    of.settings.require("groups", 1);
    const std::int64_t filters = of.settings.integer("filters", 1);
    const bool has_bias = of.settings.flag("use_bias", true);
    of.settings.ignore({"lora_rank", "lora_alpha", "activity_regularizer"});
    const std::string padding = of.settings.text("padding", "valid");
    if (padding != "valid" && padding != "same") throw refusal("its padding is " + in_quotes(padding));
    sizes pads(2 * axes, 0), more(axes, 0);
    for (std::size_t i = 0; i < axes; ++i) {
        more[i] = std::max<std::int64_t>(stride[i] - window[i], 0);
        if (padding == "valid") continue;
        const std::int64_t cropped = std::max<std::int64_t>(window[i] - stride[i], 0);
        pads[i] = cropped / 2;
        pads[i + axes] = cropped - cropped / 2;
    }
    extents dims = window;
    dims.insert(dims.end(), {filters, x.channels});
    std::vector<std::pair<std::string, extents>> wanted{{"kernel", dims}};
    if (has_bias) wanted.emplace_back("bias", extents{filters});
    const auto weights = of.take(wanted);
    const std::string made = convolve(
        of, of.name, x.input, permuted_array(weights.at("kernel"), last_two_first(axes + 2, true)),
        has_bias ? &weights.at("bias") : nullptr,
        {{"kernel_shape", window}, {"strides", stride}, {"pads", pads}, {"output_padding", more}}, "ConvTranspose");
    return activate_keras(of, "activation", x.output(made));
}

keras_value pooling(const keras_call& of) {
    const places x(of);
    const std::size_t axes = x.extent.size();
    const sizes window = of.settings.each("pool_size", axes, 2);
    const sizes stride = of.settings.has("strides") ? of.settings.each("strides", axes, 1) : window;
    of.settings.ignore({"strides"});
    const sizes pads = pads_of(of, x.extent, window, stride, sizes(axes, 1));
    return x.output(of.to.emit(of.type.starts_with("Max") ? "MaxPool" : "AveragePool", of.name, {x.input},
                               {{"kernel_shape", window}, {"strides", stride}, {"pads", pads}}));
}

keras_value global_pooling(const keras_call& of) {
    const places x(of);
    const bool keeps = of.settings.flag("keepdims", false);
    const std::string made =
        of.to.emit(of.type.starts_with("GlobalMax") ? "GlobalMaxPool" : "GlobalAveragePool", of.name, {x.input});
    if (keeps) return x.output(made);
    return of.to.as_is(
        of.to.emit("Reshape", of.name + "/flat", {made, of.to.integers(of.name + "/extents", {1, x.channels})}));
}

/// The numbers before and after each axis: n, [n, m], or [[n, m], [k, l]].
std::vector<std::pair<std::int64_t, std::int64_t>> sides_of(const keras_call& of, const std::string& name,
                                                            std::size_t axes) {
    const json& given = of.settings.get(name);
    std::vector<std::pair<std::int64_t, std::int64_t>> result;
    const auto side = [&](const json& one) -> std::pair<std::int64_t, std::int64_t> {
        if (!one.is_array()) return {keras_integer(one, name, 0), keras_integer(one, name, 0)};
        if (one.size() != 2) throw refusal("its " + name + " is no pair of numbers");
        return {keras_integer(one[0], name, 0), keras_integer(one[1], name, 0)};
    };
    if (axes == 1) {
        result.push_back(side(given));
    } else if (!given.is_array()) {
        result.assign(axes, side(given));
    } else {
        if (given.size() != axes) throw refusal("its " + name + " has " + std::to_string(given.size()) + " axes");
        for (const json& one : given) result.push_back(side(one));
    }
    return result;
}

keras_value zero_padding(const keras_call& of) {
    const places x(of);
    const std::size_t axes = x.extent.size();
    sizes pads(2 * (axes + 2), 0);
    const auto sides = sides_of(of, "padding", axes);
    for (std::size_t i = 0; i < axes; ++i) {
        pads[i + 2] = sides[i].first;
        pads[i + 2 + axes + 2] = sides[i].second;
    }
    return x.output(of.to.emit("Pad", of.name, {x.input, of.to.integers(of.name + "/pads", pads)}));
}

keras_value cropping(const keras_call& of) {
    const places x(of);
    const auto sides = sides_of(of, "cropping", x.extent.size());
    sizes starts, ends, axes;
    for (std::size_t i = 0; i < sides.size(); ++i) {
        starts.push_back(sides[i].first);
        ends.push_back(x.extent[i] - sides[i].second);
        axes.push_back(static_cast<std::int64_t>(i) + 2);
        if (starts[i] >= ends[i]) throw refusal("nothing is left of its input of " + text_of(of.dims()));
    }
    return x.output(of.to.emit("Slice", of.name,
                               {x.input, of.to.integers(of.name + "/starts", starts),
                                of.to.integers(of.name + "/ends", ends), of.to.integers(of.name + "/axes", axes)}));
}

keras_value up_sampling(const keras_call& of) {
    const places x(of);
    const sizes times = of.settings.each("size", x.extent.size(), 2);
    const std::string mode = of.settings.text("interpolation", "nearest");
    if (mode != "nearest" && mode != "bilinear") throw refusal("its interpolation is " + in_quotes(mode));
    // Pixels have had their centres at the halves since TensorFlow 2.
    if (mode == "bilinear" && of.version < 204)
        throw refusal("its interpolation is \"bilinear\", and the file is of a version of Keras before 2.4");
    std::vector<double> scales{1, 1};
    scales.insert(scales.end(), times.begin(), times.end());
    const extents size{static_cast<std::int64_t>(scales.size())};
    const keras_graph::attributes nearest{{"mode", std::string("nearest")},
                                          {"coordinate_transformation_mode", std::string("asymmetric")},
                                          {"nearest_mode", std::string("floor")}},
        linear{{"mode", std::string("linear")}, {"coordinate_transformation_mode", std::string("half_pixel")}};
    return x.output(of.to.emit("Resize", of.name, {x.input, "", of.to.constant(of.name + "/scales", {size, scales})},
                               mode == "nearest" ? nearest : linear));
}

}  // namespace

void add_keras_windows(keras_table& table) {
    for (const char* const name :
         {"Conv1D", "Conv2D", "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D"})
        table.emplace(name, convolution);
    for (const char* const name : {"Conv1DTranspose", "Conv2DTranspose"}) table.emplace(name, transposed_convolution);
    for (const char* const name : {"MaxPooling1D", "MaxPooling2D", "AveragePooling1D", "AveragePooling2D"})
        table.emplace(name, pooling);
    for (const char* const name :
         {"GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalAveragePooling1D", "GlobalAveragePooling2D"})
        table.emplace(name, global_pooling);
    table.insert({{"ZeroPadding1D", zero_padding},
                  {"ZeroPadding2D", zero_padding},
                  {"Cropping1D", cropping},
                  {"Cropping2D", cropping},
                  {"UpSampling1D", up_sampling},
                  {"UpSampling2D", up_sampling}});
}

}  // namespace ctnn_import
