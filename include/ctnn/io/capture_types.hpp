// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What the file of a captured amplifier or pedal says, as a value, before a network type is chosen.

#include <ctnn/config.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ctnn::io {

/// An activation by ctnn's name, without `ctnn::`.
struct capture_activation {
    /// `"tanh"`, `"sigmoid"`, `"relu"`, `"leaky_relu"`, `"silu"`, `"hard_swish"`, `"softsign"`, or `"clip"`, which is
    /// from -1 to 1.
    std::string name;
    double slope = 0;  ///< that of `"leaky_relu"` below 0

    friend bool operator==(const capture_activation&, const capture_activation&) = default;
};

/// LSTM or GRU layers, one after another, and a dense layer without activation that reads the last one at every step.
///
/// Matrices are row-major, a row for each output; rows of gates are in PyTorch's order: i, f, g, o of an LSTM, r, z, n
/// of a GRU. With h and c of the step before:
///
///     LSTM: (i, f, g, o) = W x + U h + b,  c' = sigmoid(f) c + sigmoid(i) tanh(g),  h' = sigmoid(o) tanh(c')
///     GRU:  (r, z) = sigmoid(W x + b + U h + d),  n = tanh(W x + b + r (U h + d)),  h' = (1 - z) n + z h
struct recurrent_capture {
    enum class cell_kind { lstm, gru };

    struct layer {
        std::vector<float> input_weights;      ///< W: gates of `hidden`, each of the layer's inputs
        std::vector<float> recurrent_weights;  ///< U: gates of `hidden`, each of `hidden`
        std::vector<float> input_bias;         ///< b; of an LSTM in a file with two biases, their sum
        std::vector<float> recurrent_bias;     ///< d; empty for an LSTM
        std::vector<float> hidden_state;       ///< h before the first step; empty where it is zero
        std::vector<float> cell_state;         ///< c before the first step; empty where it is zero, and for a GRU

        friend bool operator==(const layer&, const layer&) = default;
    };

    cell_kind cell = cell_kind::lstm;
    std::size_t inputs = 1;  ///< of a step: the signal, then the controls (knobs)
    std::size_t hidden = 1;
    std::size_t outputs = 1;
    std::vector<layer> layers;        ///< at least one
    std::vector<float> head_weights;  ///< `outputs` of `hidden`
    std::vector<float> head_bias;     ///< `outputs`; zeros where the file has none
    bool adds_input = false;          ///< whether the first input is added to the output, of which there is then one

    friend bool operator==(const recurrent_capture&, const recurrent_capture&) = default;
};

/// A WaveNet: arrays of layers with dilated causal convolutions.
///
/// The network's input x enters the first array and, as the condition, every layer. In an array
///
///     r = rechannel input,  s = the head of the array before (0 in the first)
///     for each layer: z = convolution(r) + bias + mixin x,  a = f(z),  s = s + a,  r = r + one_by_one a + its bias
///     head = convolution(s) + head_bias
///
/// where a gated layer has twice the channels in z, and a = f(first half) sigmoid(second half). The next array takes r
/// as its input, and the output of the network is `head_scale` times the head of the last array. The last element of a
/// window is that of the newest step. Before the first sample, a player runs the network on silence until it settles.
struct wavenet_capture {
    struct layer {
        std::size_t window = 1;
        std::size_t dilation = 1;
        capture_activation activation;
        bool gated = false;
        std::vector<float> weights;          ///< `channels` (twice if gated) of `channels` of `window`
        std::vector<float> bias;             ///< `channels`, twice if gated
        std::vector<float> mixin;            ///< `channels` (twice if gated) of `condition`
        std::vector<float> one_by_one;       ///< `channels` of `channels`
        std::vector<float> one_by_one_bias;  ///< `channels`

        friend bool operator==(const layer&, const layer&) = default;
    };
    struct array {
        std::size_t inputs = 1;  ///< the channels of the array before, in the first array those of the network's input
        std::size_t condition = 1;  ///< the channels of the network's input
        std::size_t channels = 1;
        std::size_t head = 1;             ///< the channels of the head, and so those of the next array
        std::size_t head_window = 1;      ///< of the head's convolution
        std::size_t head_dilation = 1;    ///< the same
        std::vector<float> rechannel;     ///< `channels` of `inputs`
        std::vector<layer> layers;        ///< at least one
        std::vector<float> head_weights;  ///< `head` of `channels` of `head_window`
        std::vector<float> head_bias;     ///< `head`, or empty

        friend bool operator==(const array&, const array&) = default;
    };

    std::vector<array> arrays;  ///< at least one
    float head_scale = 1;

    friend bool operator==(const wavenet_capture&, const wavenet_capture&) = default;
};

/// A network, and what else its file says.
///
/// The output is `output_gain` times what the network computes (with the input added, where it is) from the signal
/// multiplied by `input_gain`.
struct capture {
    std::variant<recurrent_capture, wavenet_capture> network;
    double sample_rate = 0;                  ///< in hertz; 0 where the file does not say
    std::optional<double> loudness;          ///< of the output, in decibels
    std::optional<double> input_level_dbu;   ///< of a sine with a peak of 1 at the input, in dBu
    std::optional<double> output_level_dbu;  ///< of one at the output
    float input_gain = 1;                    ///< a factor
    float output_gain = 1;                   ///< a factor
    std::vector<float> test_input;           ///< steps one after another, by which a file can be checked, or empty
    std::vector<float> test_output;          ///< the output for them, from a state of zeros

    friend bool operator==(const capture&, const capture&) = default;
};

/// How a capture is read.
struct capture_options {
    /// Of a slimmable WaveNet or a file with several networks: the channels of the first array that can be slimmed (for
    /// a recurrent network, `hidden`). 0 takes the largest, which is the last in the file.
    std::size_t channels = 0;
};

}  // namespace ctnn::io
