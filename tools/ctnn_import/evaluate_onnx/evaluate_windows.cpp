// SPDX-License-Identifier: BSL-1.0
// Convolutions and pooling.
#include "evaluate_onnx/operators.hpp"
#include "graph/window.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ctnn_import {

namespace {

/// The extents of a batch of images.
struct images {
    std::int64_t batch, channels, places;
    extents spatial;
};

images images_of(const call& of, const extents& dims) {
    if (dims.size() < 3) of.refuse("its input of " + text_of(dims) + " does not have batch, channel and spatial axes");
    return {dims[0], dims[1], count(dims, 2, dims.size()), extents(dims.begin() + 2, dims.end())};
}

extents with_spatial(std::int64_t batch, std::int64_t channels, const std::vector<window_axis>& axes) {
    extents dims{batch, channels};
    for (const window_axis& axis : axes) dims.push_back(axis.output);
    return dims;
}

extents window_extents(const std::vector<window_axis>& axes, std::int64_t window_axis::*which) {
    extents dims;
    for (const window_axis& axis : axes) dims.push_back(axis.*which);
    return dims;
}

/// Calls f(element, offset, index) for each element of the window of one output position: its flat index in the window,
/// the spatial offset of the input under it, -1 outside the input, and its index along each axis.
template <class F>
void for_each_in_window(const std::vector<window_axis>& axes, const extents& at, F&& f) {
    const extents window = window_extents(axes, &window_axis::window);
    const std::int64_t elements = count(window);
    extents index(axes.size(), 0);
    for (std::int64_t element = 0; element < elements; ++element) {
        std::int64_t offset = 0;
        bool inside = true;
        for (std::size_t i = 0; i < axes.size(); ++i) {
            const window_axis& axis = axes[i];
            const std::int64_t place = at[i] * axis.stride + index[i] * axis.dilation - axis.before;
            inside = inside && place >= 0 && place < axis.input;
            offset = offset * axis.input + place;
        }
        f(element, inside ? offset : -1, index);
        for (std::size_t i = axes.size(); i-- > 0 && ++index[i] == window[i];) index[i] = 0;
    }
}

/// Calls f(flat, index) for each output position.
template <class F>
void for_each_output(const std::vector<window_axis>& axes, F&& f) {
    const extents output = window_extents(axes, &window_axis::output);
    const std::int64_t places = count(output);
    extents index(axes.size(), 0);
    for (std::int64_t flat = 0; flat < places; ++flat) {
        f(flat, index);
        for (std::size_t i = axes.size(); i-- > 0 && ++index[i] == output[i];) index[i] = 0;
    }
}

void check_kernel_shape(const call& of, const extents& window) {
    if (of.what.has("kernel_shape") && of.what.get<std::vector<std::int64_t>>("kernel_shape", {}) != window)
        of.refuse("kernel_shape is not the shape of the weights");
}

const double* bias_of(const call& of, std::int64_t filters) {
    if (!of.has(2)) return nullptr;
    if (static_cast<std::int64_t>(of.reals(2).size()) != filters)
        of.refuse("the bias does not have one element per filter");
    return of.reals(2).data();
}

std::vector<array> conv(const call& of) {
    const images x = images_of(of, of.input(0).dims);
    const extents& w = of.input(1).dims;
    const auto &inputs = of.reals(0), &weights = of.reals(1);
    const std::int64_t groups = of.what.get<std::int64_t>("group", 1);
    if (w.size() != x.spatial.size() + 2) of.refuse("the weights have another number of dimensions than the input");
    if (groups < 1 || w[0] % groups != 0 || w[1] > x.channels || w[1] * groups != x.channels)
        of.refuse("weights of " + text_of(w) + " in " + std::to_string(groups) + " groups do not fit " +
                  std::to_string(x.channels) + " channels");
    const extents window(w.begin() + 2, w.end());
    check_kernel_shape(of, window);
    const auto axes = window_axes(of.what, x.spatial, window);
    const double* const bias = bias_of(of, w[0]);
    array y = reals_of(of, with_spatial(x.batch, w[0], axes));
    const std::int64_t filters = w[0], channels = w[1], elements = count(window);
    limit_work(of, {count(y.dims), channels, elements});
    const std::int64_t places = count(y.dims, 2, y.dims.size());
    for_each_output(axes, [&](std::int64_t place, const extents& at) {
        for_each_in_window(axes, at, [&](std::int64_t element, std::int64_t under, const extents&) {
            if (under < 0) return;
            for (std::int64_t image = 0; image < x.batch; ++image)
                for (std::int64_t f = 0; f < filters; ++f)
                    for (std::int64_t c = 0; c < channels; ++c) {
                        const std::int64_t channel = f / (filters / groups) * channels + c;
                        y.reals()[static_cast<std::size_t>((image * filters + f) * places + place)] +=
                            weights[static_cast<std::size_t>((f * channels + c) * elements + element)] *
                            inputs[static_cast<std::size_t>((image * x.channels + channel) * x.places + under)];
                    }
        });
    });
    if (bias != nullptr)
        for (std::size_t i = 0; i < y.size(); ++i)
            y.reals()[i] += bias[static_cast<std::int64_t>(i) / places % filters];
    return {std::move(y)};
}

std::vector<array> conv_transpose(const call& of) {
    const images x = images_of(of, of.input(0).dims);
    const extents& w = of.input(1).dims;
    const auto &inputs = of.reals(0), &weights = of.reals(1);
    const std::int64_t groups = of.what.get<std::int64_t>("group", 1);
    if (w.size() != x.spatial.size() + 2) of.refuse("the weights have another number of dimensions than the input");
    if (groups < 1 || w[0] != x.channels || w[0] % groups != 0) of.refuse("the weights do not match the channels");
    const extents window(w.begin() + 2, w.end());
    check_kernel_shape(of, window);
    const auto axes = transposed_axes(of.what, x.spatial, window);
    const std::int64_t in_group = w[1], filters = w[1] * groups, elements = count(window);
    const double* const bias = bias_of(of, filters);
    extents dims{x.batch, filters};
    for (const window_axis& axis : axes) dims.push_back(axis.input);
    array y = reals_of(of, dims);
    limit_work(of, {count(x.spatial), x.batch, x.channels, in_group, elements});
    const std::int64_t places = count(dims, 2, dims.size());
    for_each_output(axes, [&](std::int64_t place, const extents& at) {
        for_each_in_window(axes, at, [&](std::int64_t element, std::int64_t under, const extents&) {
            if (under < 0) return;
            for (std::int64_t image = 0; image < x.batch; ++image)
                for (std::int64_t c = 0; c < x.channels; ++c)
                    for (std::int64_t f = 0; f < in_group; ++f) {
                        const std::int64_t filter = c / (x.channels / groups) * in_group + f;
                        y.reals()[static_cast<std::size_t>((image * filters + filter) * places + under)] +=
                            weights[static_cast<std::size_t>((c * in_group + f) * elements + element)] *
                            inputs[static_cast<std::size_t>((image * x.channels + c) * x.places + place)];
                    }
        });
    });
    if (bias != nullptr)
        for (std::size_t i = 0; i < y.size(); ++i)
            y.reals()[i] += bias[static_cast<std::int64_t>(i) / places % filters];
    return {std::move(y)};
}

struct pool {
    images x;
    std::vector<window_axis> axes;
    array y;
};

pool pool_of(const call& of) {
    const images x = images_of(of, of.input(0).dims);
    const auto window = of.what.get<std::vector<std::int64_t>>("kernel_shape", {});
    if (window.size() != x.spatial.size()) of.refuse("kernel_shape has another number of axes than the input");
    auto axes = window_axes(of.what, x.spatial, window);
    array y = reals_of(of, with_spatial(x.batch, x.channels, axes));
    limit_work(of, {count(y.dims), count(window)});
    return {x, std::move(axes), std::move(y)};
}

std::vector<array> max_pool(const call& of) {
    auto [x, axes, y] = pool_of(of);
    const auto& inputs = of.reals(0);
    if (of.what.has_output(1)) of.refuse("the indices of the maxima are requested");
    const std::int64_t places = count(y.dims, 2, y.dims.size());
    for_each_output(axes, [&](std::int64_t place, const extents& at) {
        for (std::int64_t image = 0; image < x.batch * x.channels; ++image) {
            double largest = -std::numeric_limits<double>::infinity();
            for_each_in_window(axes, at, [&](std::int64_t, std::int64_t under, const extents&) {
                if (under < 0) return;
                const double number = inputs[static_cast<std::size_t>(image * x.places + under)];
                if (number > largest || std::isnan(number)) largest = number;
            });
            y.reals()[static_cast<std::size_t>(image * places + place)] = largest;
        }
    });
    return {std::move(y)};
}

std::vector<array> average_pool(const call& of) {
    auto [x, axes, y] = pool_of(of);
    const auto& inputs = of.reals(0);
    const bool with_padding = of.what.get<std::int64_t>("count_include_pad", 0) != 0;
    const std::int64_t places = count(y.dims, 2, y.dims.size());
    for_each_output(axes, [&](std::int64_t place, const extents& at) {
        // With ceil_mode, elements beyond the padding never count.
        std::int64_t counted = 0;
        for_each_in_window(axes, at, [&](std::int64_t, std::int64_t under, const extents& index) {
            bool padded = with_padding;
            for (std::size_t i = 0; i < axes.size(); ++i)
                padded = padded && at[i] * axes[i].stride + index[i] * axes[i].dilation <
                                       axes[i].before + axes[i].input + axes[i].behind;
            counted += under >= 0 || padded;
        });
        for (std::int64_t image = 0; image < x.batch * x.channels; ++image) {
            double sum = 0;
            for_each_in_window(axes, at, [&](std::int64_t, std::int64_t under, const extents&) {
                if (under >= 0) sum += inputs[static_cast<std::size_t>(image * x.places + under)];
            });
            y.reals()[static_cast<std::size_t>(image * places + place)] = sum / static_cast<double>(counted);
        }
    });
    return {std::move(y)};
}

template <class F>
std::vector<array> global(const call& of, F f) {
    const images x = images_of(of, of.input(0).dims);
    const auto& inputs = of.reals(0);
    if (x.places == 0) of.refuse("its input is empty");
    extents dims(of.input(0).dims.size(), 1);
    dims[0] = x.batch;
    dims[1] = x.channels;
    array y = reals_of(of, dims);
    for (std::size_t i = 0; i < y.size(); ++i) {
        const auto* const first = inputs.data() + static_cast<std::int64_t>(i) * x.places;
        y.reals()[i] = f(first, first + x.places);
    }
    return {std::move(y)};
}
std::vector<array> global_average(const call& of) {
    return global(of, [](const double* first, const double* last) {
        double sum = 0;
        for (const double* at = first; at != last; ++at) sum += *at;
        return sum / static_cast<double>(last - first);
    });
}
std::vector<array> global_max(const call& of) {
    return global(of, [](const double* first, const double* last) { return *std::max_element(first, last); });
}

}  // namespace

void add_windows(operation_table& table) {
    table.insert({{"Conv", conv},
                  {"ConvTranspose", conv_transpose},
                  {"MaxPool", max_pool},
                  {"AveragePool", average_pool},
                  {"GlobalAveragePool", global_average},
                  {"GlobalMaxPool", global_max}});
}

}  // namespace ctnn_import
