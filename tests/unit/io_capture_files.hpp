// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Small captures of each kind, for the tests of ctnn/io/capture.hpp.

#include <ctnn/io/capture.hpp>

#include "io_support.hpp"

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace capture_files {

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    if (at == text.npos) throw std::logic_error("there is no " + from);
    return text.replace(at, from.size(), to);
}

/// Weight number `index` of these files: a multiple of 1/64, so its six decimals are exact.
inline float weight(std::size_t index) {
    return (static_cast<float>(index * 37 % 101) - 50) / 64;
}
inline std::vector<float> weights(std::size_t begin, std::size_t count) {
    std::vector<float> result;
    for (std::size_t i = begin; i < begin + count; ++i) result.push_back(weight(i));
    return result;
}

/// A list of weights, or with `columns` a list of such rows.
inline std::string list(std::size_t begin, std::size_t count, std::size_t columns = 0) {
    std::string text = "[";
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) text += ", ";
        text += columns == 0 ? std::to_string(weight(begin + i)) : list(begin + i * columns, columns);
    }
    return text += "]";
}

inline std::string nam(const std::string& architecture, const std::string& config, const std::string& weights) {
    return R"({"version": "0.7.0", "architecture": ")" + architecture + R"(", "config": )" + config +
           R"(, "weights": )" + weights + R"(, "sample_rate": 48000})";
}

/// Two LSTM layers of two units.
inline std::string nam_lstm() {
    return nam("LSTM", R"({"num_layers": 2, "input_size": 1, "hidden_size": 2})", list(0, 83));
}

/// Two arrays, of which the first is gated.
inline std::string nam_gated() {
    return nam("WaveNet",
               R"({"layers": [{"input_size": 1, "condition_size": 1, "head_size": 2, "channels": 3, "kernel_size": 2, )"
               R"("dilations": [1, 2], "activation": "Tanh", "gated": true, "head_bias": false}, )"
               R"({"input_size": 3, "condition_size": 1, "head_size": 1, "channels": 2, "kernel_sizes": [3], )"
               R"("dilations": [4], "activation": [{"type": "LeakyReLU", "negative_slope": 0.25}], )"
               R"("gating_mode": ["none"], "head_bias": true}], "head": null, "head_scale": 0.02})",
               list(0, 161));
}

/// One array with all activations, and the names that newer files have.
inline std::string nam_activations() {
    return nam("WaveNet",
               R"({"layers": [{"input_size": 1, "condition_size": 1, "channels": 2, )"
               R"("head": {"out_channels": 1, "kernel_size": 4, "bias": true}, "kernel_sizes": [2, 3, 1, 2, 2, 1, 1], )"
               R"("dilations": [1, 3, 1, 5, 2, 1, 1], "activation": [{"type": "LeakyReLU", "negative_slope": 0.01}, )"
               R"("Hardtanh", {"type": "Hardswish"}, "Sigmoid", "SiLU", "Softsign", "ReLU"], "bottleneck": 2, )"
               R"("head1x1": {"active": false, "out_channels": 1, "groups": 1}, )"
               R"("layer1x1": {"active": true, "groups": 1}, "groups_input": 1, "groups_input_mixin": 1, )"
               R"("conv_pre_film": {"active": false, "shift": true, "groups": 1}, "conv_post_film": false, )"
               R"("gating_mode": "none", "secondary_activation": [null, null, null, null, null, null, null], )"
               R"("slimmable": null}], "head": null, "head_scale": 1})",
               list(0, 130));
}

/// Two arrays that can be slimmed.
inline std::string nam_slimmable() {
    return nam("WaveNet",
               R"({"layers": [{"input_size": 1, "condition_size": 1, "head_size": 3, "channels": 4, "kernel_size": 2, )"
               R"("dilations": [1, 2], "activation": "Tanh", "gated": false, "head_bias": true, "slimmable": )"
               R"({"method": "slice_channels_uniform", "kwargs": {"allowed_channels": [1, 3, 4]}}}, )"
               R"({"input_size": 4, "condition_size": 1, "head_size": 1, "channels": 3, "kernel_size": 2, )"
               R"("dilations": [3], "activation": "Tanh", "gated": false, "head_bias": true, )"
               R"("slimmable": {"method": "slice_channels_uniform"}}], "head": null, "head_scale": 1})",
               list(0, 192));
}

/// The LSTM and the gated WaveNet in one file.
inline std::string nam_container() {
    return R"({"version": "0.7.0", "architecture": "SlimmableContainer", "config": {"submodels": [{"max_value": 0.5, )"
           R"("model": )" +
           nam_lstm() + R"(}, {"max_value": 1.0, "model": )" + nam_gated() +
           R"(}]}, "weights": [], "metadata": {"loudness": -20.5, "input_level_dbu": 18.25, "output_level_dbu": null}})";
}

/// Two layers of two units, LSTM or GRU, with a control beside the signal.
inline std::string guitarml(const std::string& unit) {
    const std::size_t gates = unit == "LSTM" ? 8 : 6;
    return R"({"model_data": {"model": "SimpleRNN", "input_size": 2, "skip": 1, "output_size": 1, "unit_type": ")" +
           unit + R"(", "num_layers": 2, "hidden_size": 2, "bias_fl": true}, "state_dict": {"rec.weight_ih_l0": )" +
           list(0, gates, 2) + R"(, "rec.weight_hh_l0": )" + list(20, gates, 2) + R"(, "rec.bias_ih_l0": )" +
           list(40, gates) + R"(, "rec.bias_hh_l0": )" + list(50, gates) + R"(, "rec.weight_ih_l1": )" +
           list(60, gates, 2) + R"(, "rec.weight_hh_l1": )" + list(80, gates, 2) + R"(, "rec.bias_ih_l1": )" +
           list(10, gates) + R"(, "rec.bias_hh_l1": )" + list(30, gates) + R"(, "lin.weight": )" + list(5, 1, 2) +
           R"(, "lin.bias": )" + list(9, 1) + "}}";
}

/// A layer of two units and a dense layer, with all that AIDA-X adds.
inline std::string rtneural(const std::string& type) {
    const std::size_t gates = type == "lstm" ? 8 : 6;
    return R"({"in_shape": [null, null, 1], "in_skip": 1, "in_gain": -20, "out_gain": 6, "metadata": {"name": "x", )"
           R"("samplerate": 48000}, "layers": [{"type": ")" +
           type + R"(", "activation": "", "shape": [null, null, 2], "weights": [)" + list(0, 1, gates) + ", " +
           list(10, 2, gates) + ", " + (type == "lstm" ? list(30, gates) : list(30, 2, gates)) +
           R"(]}, {"type": "dense", "activation": "", "shape": [null, null, 1], "weights": [)" + list(50, 2, 1) + ", " +
           list(60, 1) + R"(]}], "input_batch": [[0.5], [0.25]], "output_batch": [0.125, 1]})";
}

inline std::array<std::string, 9> all() {
    return {nam_lstm(),       nam_gated(),     nam_activations(), nam_slimmable(), nam_container(),
            guitarml("LSTM"), guitarml("GRU"), rtneural("lstm"),  rtneural("gru")};
}

inline ctnn::io::capture read(const std::string& text, std::size_t channels = 0) {
    io_test::write_file("amp", text);
    return ctnn::io::read_capture("amp", {.channels = channels});
}

/// What the library says about a file, without the name of the file.
inline std::string complaint(const std::string& text, std::size_t channels = 0) {
    const std::string message = io_test::message_of([&] { read(text, channels); });
    return message.starts_with("amp: ") ? message.substr(5) : message;
}

}  // namespace capture_files
