// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Captures: the files of Neural Amp Modeler.

#include <ctnn/io/capture.hpp>
#include <ctnn/io/capture_json.hpp>
#include <ctnn/io/capture_nam_wavenet.hpp>
#include <ctnn/io/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ctnn::io::detail {

/// Reads the architecture "LSTM". A layer's weights are, for each gate and unit, a row of input and recurrent weights,
/// then the bias, and h and c before the first step. After the layers comes the dense layer.
inline recurrent_capture read_nam_lstm(const capture_value& config, const capture_value& list) {
    config.require_names({"num_layers", "input_size", "hidden_size", "in_channels", "out_channels"});
    const auto channels = [&](const char* name) {
        const auto given = config.find(name);
        return given ? given->count() : 1;
    };
    recurrent_capture result;
    result.inputs = config["input_size"].count();
    result.hidden = config["hidden_size"].count();
    result.outputs = channels("out_channels");
    if (result.inputs != channels("in_channels"))
        config["input_size"].fail(joined(channels("in_channels"), ", the channels of the network's input"));
    const std::uint64_t hidden = result.hidden, layers = config["num_layers"].count(),
                        first = hidden * (4 * (result.inputs + hidden) + 6), other = hidden * (8 * hidden + 6),
                        head = result.outputs * (hidden + 1);
    const std::uint64_t expected = weight_sum({first, weight_product({layers - 1, other}), head});
    if (list.size() != expected)
        list.fail(count_of(list.size(), "weight"),
                  joined(expected, ": ", first, " of the first layer, ",
                         layers > 1 ? joined(other, " of each other layer, ") : std::string(), head, " of the head"));
    capture_weights weights(list);
    const auto unless_zero = [](std::vector<float> state) {
        const bool is_zero = std::all_of(state.begin(), state.end(), [](float x) { return x == 0; });
        return is_zero ? std::vector<float>() : state;
    };
    for (std::uint64_t i = 0; i < layers; ++i) {
        recurrent_capture::layer& layer = result.layers.emplace_back();
        for (std::size_t row = 0; row < 4 * result.hidden; ++row) {
            weights.append_next(i == 0 ? result.inputs : result.hidden, layer.input_weights);
            weights.append_next(result.hidden, layer.recurrent_weights);
        }
        layer.input_bias = weights.next(4 * result.hidden);
        layer.hidden_state = unless_zero(weights.next(result.hidden));
        layer.cell_state = unless_zero(weights.next(result.hidden));
    }
    result.head_weights = weights.next(result.outputs * result.hidden);
    result.head_bias = weights.next(result.outputs);
    return result;
}

inline void require_nam_version(const capture_value& version) {
    const std::string& text = version.text();
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    // 0.5, 0.6 and 0.7, each with a third number.
    const bool is_known = text.size() >= 5 && text.size() <= 12 && text.starts_with("0.") && text[2] >= '5' &&
                          text[2] <= '7' && text[3] == '.' && std::all_of(text.begin() + 4, text.end(), is_digit);
    if (!is_known) version.fail("a version from \"0.5.0\" to \"0.7\"");
}

/// The model with that many channels in a file of several, or the last.
inline capture_value chosen_submodel(const capture_value& config, std::size_t channels) {
    config.require_names({"submodels"});
    const capture_value list = config["submodels"];
    list.require_some("at least one network");
    std::string sizes;
    double before = 0;
    std::optional<capture_value> result;
    for (std::size_t i = 0; i < list.size(); ++i) {
        list.element(i).require_names({"max_value", "model"});
        const capture_value largest = list.element(i)["max_value"], model = list.element(i)["model"],
                            network = model["config"];
        if (!(largest.number() > before)) largest.fail("growing numbers above 0");
        before = largest.number();
        const auto hidden = network.find("hidden_size");
        if (!hidden) network["layers"].require_some("at least one array of layers");
        const std::size_t size = hidden ? hidden->count() : network["layers"].element(0)["channels"].count();
        if (i < 8) sizes += joined(i == 0 ? "" : ", ", size);
        if (size != channels && channels != 0) continue;
        if (result && channels != 0) model.fail(joined("another network of ", channels, " channels"), "one alone");
        result = model;
    }
    if (!result) list.fail(joined("networks of ", sizes, " channels"), joined(channels, ", as requested"));
    return *result;
}

inline std::optional<double> metadata_of(const capture_value& file, const char* name) {
    const auto metadata = file.find("metadata"), given = metadata ? metadata->find(name) : std::nullopt;
    return given ? std::optional(given->number()) : std::nullopt;
}

CTNN_IO_INLINE capture read_nam(const capture_value& file, const capture_options& options) {
    require_nam_version(file["version"]);
    const capture_value architecture = file["architecture"], config = file["config"], weights = file["weights"];
    const auto rate = file.find("sample_rate");
    capture result;
    if (architecture.text() == "SlimmableContainer") {
        if (weights.size() != 0) weights.fail("an empty list: each network has weights of its own");
        const capture_value inside = chosen_submodel(config, options.channels);
        if (inside["architecture"].text() == "SlimmableContainer")
            inside["architecture"].fail("\"WaveNet\" or \"LSTM\"");
        result = read_nam(inside, {});
        if (rate && result.sample_rate != 0 && result.sample_rate != rate->positive())
            rate->fail(joined(inside["sample_rate"].description(), ", as in ", inside.place()));
    } else if (architecture.text() == "WaveNet") {
        result.network = nam_wavenet_reader(config, weights).read(options.channels);
    } else if (architecture.text() == "LSTM") {
        recurrent_capture network = read_nam_lstm(config, weights);
        if (options.channels != 0 && options.channels != network.hidden)
            config["hidden_size"].fail(joined(options.channels, ", as requested"));
        result.network = std::move(network);
    } else {
        architecture.fail("\"WaveNet\", \"LSTM\" or \"SlimmableContainer\"");
    }
    if (rate) result.sample_rate = rate->positive();
    result.loudness = metadata_of(file, "loudness");
    result.input_level_dbu = metadata_of(file, "input_level_dbu");
    result.output_level_dbu = metadata_of(file, "output_level_dbu");
    return result;
}

}  // namespace ctnn::io::detail
