// SPDX-License-Identifier: BSL-1.0
// Convolutions and pooling of ctnn in 1-D and 2-D: 1-D data is an image of one row.
#include "evaluate_ctnn/interpretation.hpp"

#include <algorithm>
#include <limits>

namespace ctnn_import {

namespace {

/// An option's value for an axis: it has one for all axes, or one for each.
std::int64_t along(const spec_term* option, std::size_t axis, std::int64_t otherwise) {
    if (option == nullptr) return otherwise;
    return option->arguments.at(option->arguments.size() == 1 ? 0 : axis).number();
}

struct axis {
    std::int64_t input = 1, window = 1, stride = 1, dilation = 1, before = 0, behind = 0, output = 1;
    std::int64_t reach() const { return dilation * (window - 1) + 1; }
};

/// The two axes of a layer; the vertical one has extent 1 in 1-D. For a transposed convolution, `output` is its input
/// length, and `input` its output length.
struct geometry {
    axis vertical, horizontal;
    std::int64_t channels = 0;
};

void pad(const interpretation& of, std::size_t index, axis& one) {
    const spec_term* const padding = of.option("padding");
    if (padding != nullptr) {
        const spec_term& pads = padding->arguments.at(padding->arguments.size() == 1 ? 0 : index);
        one.before = pads.arguments.at(0).number();
        one.behind = pads.arguments.size() == 1 ? one.before : pads.arguments.at(1).number();
    }
    if (of.option("causal")) one.before = one.reach() - 1;
    if (of.option("same")) {
        const std::int64_t outputs = (one.input + one.stride - 1) / one.stride;
        const std::int64_t zeros = std::max<std::int64_t>(0, (outputs - 1) * one.stride + one.reach() - one.input);
        one.before = zeros / 2;
        one.behind = zeros - one.before;
    }
}

geometry geometry_of(const interpretation& of, bool pools) {
    geometry all;
    const extents& in = of.what.input;
    all.channels = in.at(0);
    for (std::size_t i = 0; i + 1 < in.size(); ++i) {
        axis& one = in.size() == 2 || i == 1 ? all.horizontal : all.vertical;
        one.input = in[i + 1];
        one.window = along(of.option("window"), i, 1);
        one.stride = along(of.option("stride"), i, pools ? one.window : 1);
        one.dilation = along(of.option("dilation"), i, 1);
        pad(of, i, one);
        const std::int64_t free = one.input + one.before + one.behind - one.reach();
        one.output = free / one.stride + 1;
        // The last window may extend past the edge if it starts inside.
        if (of.option("ceil_mode") && free % one.stride != 0 && one.output * one.stride < one.input + one.before)
            ++one.output;
    }
    return all;
}

std::size_t at(std::int64_t index) {
    return static_cast<std::size_t>(index);
}

}  // namespace

std::vector<double> interpret_convolution(const interpretation& of) {
    const geometry g = geometry_of(of, false);
    const axis &v = g.vertical, &h = g.horizontal;
    const auto& w = of.weights("weights");
    const std::int64_t filters = of.number(0), groups = along(of.option("groups"), 0, 1),
                       channels = g.channels / groups;
    std::vector<double> y;
    for (std::int64_t f = 0; f < filters; ++f)
        for (std::int64_t p = 0; p < v.output; ++p)
            for (std::int64_t q = 0; q < h.output; ++q) {
                double sum = of.has("bias") ? of.weights("bias")[at(f)] : 0;
                for (std::int64_t i = 0; i < v.window; ++i)
                    for (std::int64_t j = 0; j < h.window; ++j)
                        for (std::int64_t c = 0; c < channels; ++c) {
                            const std::int64_t row = p * v.stride + i * v.dilation - v.before;
                            const std::int64_t column = q * h.stride + j * h.dilation - h.before;
                            if (row < 0 || row >= v.input || column < 0 || column >= h.input) continue;
                            const std::int64_t channel = f / (filters / groups) * channels + c;
                            sum += w[at(((i * h.window + j) * channels + c) * filters + f)] *
                                   of.x[at((channel * v.input + row) * h.input + column)];
                        }
                y.push_back(sum);
            }
    return y;
}

/// Scatters each input, times the kernel, into the output, which is cropped by the padding.
std::vector<double> interpret_transposed(const interpretation& of) {
    if (of.option("same") || of.option("causal")) of.refuse("the interpreter knows it only with padding<...>");
    const extents& in = of.what.input;
    axis v, h;
    for (std::size_t i = 0; i + 1 < in.size(); ++i) {
        axis& one = in.size() == 2 || i == 1 ? h : v;
        one.output = in[i + 1];
        one.window = along(of.option("window"), i, 1);
        one.stride = along(of.option("stride"), i, 1);
        one.dilation = along(of.option("dilation"), i, 1);
        pad(of, i, one);
        one.input = (one.output - 1) * one.stride - one.before - one.behind + one.reach() +
                    along(of.option("output_padding"), i, 0);
    }
    const std::int64_t channels = in[0], places = v.input * h.input, filters = of.number(0),
                       groups = along(of.option("groups"), 0, 1), in_group = filters / groups;
    std::vector<double> y(at(filters * places));
    for (std::int64_t f = 0; f < filters; ++f)
        for (std::int64_t t = 0; t < places; ++t)
            y[at(f * places + t)] = of.has("bias") ? of.weights("bias")[at(f)] : 0;
    for (std::int64_t c = 0; c < channels; ++c)
        for (std::int64_t t = 0; t < v.output * h.output; ++t)
            for (std::int64_t i = 0; i < v.window * h.window; ++i)
                for (std::int64_t f = 0; f < in_group; ++f) {
                    const std::int64_t row = t / h.output * v.stride + i / h.window * v.dilation - v.before,
                                       column = t % h.output * h.stride + i % h.window * h.dilation - h.before;
                    if (row < 0 || row >= v.input || column < 0 || column >= h.input) continue;
                    const std::int64_t filter = c / (channels / groups) * in_group + f;
                    y[at(filter * places + row * h.input + column)] +=
                        of.weights("weights")[at((i * in_group + f) * channels + c)] *
                        of.x[at(c * v.output * h.output + t)];
                }
    return y;
}

std::vector<double> interpret_pool(const interpretation& of) {
    const geometry g = geometry_of(of, true);
    const axis &v = g.vertical, &h = g.horizontal;
    const bool largest = of.what.kind.starts_with("max");
    std::vector<double> y;
    for (std::int64_t c = 0; c < g.channels; ++c)
        for (std::int64_t p = 0; p < v.output; ++p)
            for (std::int64_t q = 0; q < h.output; ++q) {
                double best = -std::numeric_limits<double>::infinity(), sum = 0;
                std::int64_t counted = 0;
                for (std::int64_t i = 0; i < v.window; ++i)
                    for (std::int64_t j = 0; j < h.window; ++j) {
                        const std::int64_t row = p * v.stride + i - v.before, column = q * h.stride + j - h.before;
                        const bool inside = row >= 0 && row < v.input && column >= 0 && column < h.input;
                        const bool padded = row < v.input + v.behind && column < h.input + h.behind;
                        counted += inside || (padded && of.option("count_include_pad"));
                        if (!inside) continue;
                        const double number = of.x[at((c * v.input + row) * h.input + column)];
                        best = std::max(best, number);
                        sum += number;
                    }
                y.push_back(largest ? best : sum / static_cast<double>(counted));
            }
    return y;
}

}  // namespace ctnn_import
