// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a capture computes, in double, with plain loops over whole signals: an implementation apart from the library's.

#include <ctnn/io/capture.hpp>

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace reference {

using signal = std::vector<double>;    // one channel, a value for each sample
using channels = std::vector<signal>;  // several

inline double sigmoid(double x) {
    return 1 / (1 + std::exp(-x));
}

inline double activate(const ctnn::io::capture_activation& f, double x) {
    if (f.name == "tanh") return std::tanh(x);
    if (f.name == "sigmoid") return sigmoid(x);
    if (f.name == "relu") return x > 0 ? x : 0;
    if (f.name == "leaky_relu") return x > 0 ? x : f.slope * x;
    if (f.name == "silu") return x * sigmoid(x);
    if (f.name == "hard_swish") return x * std::fmin(std::fmax(x + 3, 0), 6) / 6;
    if (f.name == "softsign") return x / (1 + std::fabs(x));
    if (f.name == "clip") return std::fmin(std::fmax(x, -1), 1);
    throw std::logic_error("no activation " + f.name);
}

/// Row `row` of a matrix with `x.size()` columns, times x.
inline double row_times(const std::vector<float>& matrix, std::size_t row, const signal& x) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += double{matrix[row * x.size() + i]} * x[i];
    return sum;
}

/// A layer's state before the first step.
struct state {
    signal h, c;
};

inline state first_state(const ctnn::io::recurrent_capture::layer& of, std::size_t hidden) {
    state result{signal(hidden), signal(hidden)};
    for (std::size_t i = 0; i < of.hidden_state.size(); ++i) result.h[i] = double{of.hidden_state[i]};
    for (std::size_t i = 0; i < of.cell_state.size(); ++i) result.c[i] = double{of.cell_state[i]};
    return result;
}

inline void step(const ctnn::io::recurrent_capture::layer& of, ctnn::io::recurrent_capture::cell_kind cell,
                 const signal& x, state& at) {
    const std::size_t hidden = at.h.size();
    const auto from_input = [&](std::size_t row) {
        return row_times(of.input_weights, row, x) + double{of.input_bias[row]};
    };
    const auto from_state = [&](std::size_t row) { return row_times(of.recurrent_weights, row, at.h); };
    signal next(hidden);
    for (std::size_t u = 0; u < hidden; ++u) {
        if (cell == ctnn::io::recurrent_capture::cell_kind::lstm) {
            double gates[4];
            for (std::size_t g = 0; g < 4; ++g) gates[g] = from_input(g * hidden + u) + from_state(g * hidden + u);
            at.c[u] = sigmoid(gates[1]) * at.c[u] + sigmoid(gates[0]) * std::tanh(gates[2]);
            next[u] = sigmoid(gates[3]) * std::tanh(at.c[u]);
        } else {
            double input[3], recurrent[3];
            for (std::size_t g = 0; g < 3; ++g) {
                input[g] = from_input(g * hidden + u);
                recurrent[g] = from_state(g * hidden + u) + double{of.recurrent_bias[g * hidden + u]};
            }
            const double r = sigmoid(input[0] + recurrent[0]), z = sigmoid(input[1] + recurrent[1]);
            next[u] = (1 - z) * std::tanh(input[2] + r * recurrent[2]) + z * at.h[u];
        }
    }
    at.h = next;
}

inline channels compute(const ctnn::io::recurrent_capture& net, const channels& input) {
    std::vector<state> states;
    for (const auto& layer : net.layers) states.push_back(first_state(layer, net.hidden));
    channels result(net.outputs);
    for (std::size_t t = 0; t < input[0].size(); ++t) {
        signal x;
        for (const signal& channel : input) x.push_back(channel[t]);
        for (std::size_t i = 0; i < net.layers.size(); ++i) {
            step(net.layers[i], net.cell, x, states[i]);
            x = states[i].h;
        }
        for (std::size_t o = 0; o < net.outputs; ++o)
            result[o].push_back(row_times(net.head_weights, o, x) + double{net.head_bias[o]} +
                                (net.adds_input ? input[0][t] : 0));
    }
    return result;
}

/// A causal convolution; before the signal are zeros. Weights are outputs x inputs x window.
inline channels convolve(const channels& x, std::size_t outputs, std::size_t window, std::size_t dilation,
                         const std::vector<float>& weights, const std::vector<float>& bias) {
    channels y(outputs, signal(x[0].size()));
    for (std::size_t o = 0; o < outputs; ++o)
        for (std::size_t t = 0; t < x[0].size(); ++t) {
            double sum = bias.empty() ? 0 : double{bias[o]};
            for (std::size_t i = 0; i < x.size(); ++i)
                for (std::size_t k = 0; k < window; ++k) {
                    const std::size_t back = (window - 1 - k) * dilation;
                    if (back <= t) sum += double{weights[(o * x.size() + i) * window + k]} * x[i][t - back];
                }
            y[o][t] = sum;
        }
    return y;
}

inline void add(channels& to, const channels& more) {
    for (std::size_t i = 0; i < to.size(); ++i)
        for (std::size_t t = 0; t < to[i].size(); ++t) to[i][t] += more[i][t];
}

inline channels compute(const ctnn::io::wavenet_capture& net, const channels& input) {
    channels r = input, head;
    for (const auto& array : net.arrays) {
        r = convolve(r, array.channels, 1, 1, array.rechannel, {});
        channels sum = head.empty() ? channels(array.channels, signal(input[0].size())) : head;
        for (const auto& layer : array.layers) {
            const std::size_t rows = (layer.gated ? 2 : 1) * array.channels;
            channels z = convolve(r, rows, layer.window, layer.dilation, layer.weights, layer.bias);
            add(z, convolve(input, rows, 1, 1, layer.mixin, {}));
            channels a(array.channels, signal(input[0].size()));
            for (std::size_t i = 0; i < array.channels; ++i)
                for (std::size_t t = 0; t < input[0].size(); ++t)
                    a[i][t] =
                        activate(layer.activation, z[i][t]) * (layer.gated ? sigmoid(z[array.channels + i][t]) : 1);
            add(sum, a);
            add(r, convolve(a, array.channels, 1, 1, layer.one_by_one, layer.one_by_one_bias));
        }
        head = convolve(sum, array.head, array.head_window, array.head_dilation, array.head_weights, array.head_bias);
    }
    for (signal& channel : head)
        for (double& sample : channel) sample *= double{net.head_scale};
    return head;
}

/// How many samples of silence settle a WaveNet.
inline std::size_t samples_to_settle(const ctnn::io::wavenet_capture& net) {
    std::size_t result = 1;
    for (const auto& array : net.arrays) {
        for (const auto& layer : array.layers) result += (layer.window - 1) * layer.dilation;
        result += (array.head_window - 1) * array.head_dilation;
    }
    return result;
}

/// What a capture makes of a signal after `silence` samples of zero, for a WaveNet at least those it takes to settle.
inline signal play(const ctnn::io::capture& of, const std::vector<float>& input, std::size_t silence) {
    if (const auto* wavenet = std::get_if<ctnn::io::wavenet_capture>(&of.network))
        silence = silence < samples_to_settle(*wavenet) ? samples_to_settle(*wavenet) : silence;
    signal x(silence);
    for (const float sample : input) x.push_back(double{sample} * double{of.input_gain});
    const channels y = std::visit([&](const auto& network) { return compute(network, {x}); }, of.network);
    signal result;
    for (std::size_t t = silence; t < x.size(); ++t) result.push_back(y[0][t] * double{of.output_gain});
    return result;
}

}  // namespace reference
