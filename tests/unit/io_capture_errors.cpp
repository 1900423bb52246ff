// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_capture_errors
#include <boost/test/unit_test.hpp>

#include <ctnn/io/capture.hpp>

#include "io_capture_files.hpp"
#include "io_counting_new.hpp"
#include "sanitized.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace {

using namespace capture_files;

std::string complaint_about(const std::string& text, const std::string& from, const std::string& to) {
    return complaint(replaced(text, from, to));
}

/// Whether all weights are finite, and as many as the sizes say.
bool has(const std::vector<float>& weights, std::size_t count, bool or_none = false) {
    return (weights.size() == count || (or_none && weights.empty())) &&
           std::all_of(weights.begin(), weights.end(), [](float x) { return std::isfinite(x); });
}
bool is_sound(const ctnn::io::recurrent_capture& net) {
    const bool is_lstm = net.cell == ctnn::io::recurrent_capture::cell_kind::lstm;
    const std::size_t gates = (is_lstm ? 4 : 3) * net.hidden;
    std::size_t inputs = net.inputs;
    bool sound = !net.layers.empty() && has(net.head_weights, net.outputs * net.hidden) &&
                 has(net.head_bias, net.outputs) && (!net.adds_input || net.outputs == 1);
    for (const auto& layer : net.layers) {
        sound = sound && has(layer.input_weights, gates * inputs) && has(layer.recurrent_weights, gates * net.hidden) &&
                has(layer.input_bias, gates) && has(layer.recurrent_bias, is_lstm ? 0 : gates) &&
                has(layer.hidden_state, net.hidden, true) && has(layer.cell_state, net.hidden, true);
        inputs = net.hidden;
    }
    return sound;
}
bool is_sound(const ctnn::io::wavenet_capture& net) {
    bool sound = !net.arrays.empty() && std::isfinite(net.head_scale);
    for (const auto& of : net.arrays) {
        sound = sound && !of.layers.empty() && has(of.rechannel, of.channels * of.inputs) &&
                has(of.head_weights, of.head * of.channels * of.head_window) && has(of.head_bias, of.head, true);
        for (const auto& in : of.layers) {
            const std::size_t rows = (in.gated ? 2 : 1) * of.channels;
            sound = sound && has(in.weights, rows * of.channels * in.window) && has(in.bias, rows) &&
                    has(in.mixin, rows * of.condition) && has(in.one_by_one, of.channels * of.channels) &&
                    has(in.one_by_one_bias, of.channels);
        }
    }
    return sound;
}

/// Reads a damaged file: it is refused with one line, or what is read is sound. Anything else ends the test.
bool is_refused(const std::string& text) {
    try {
        const ctnn::io::capture one = read(text);
        if (!std::visit([](const auto& network) { return is_sound(network); }, one.network))
            throw std::logic_error("not sound: " + text);
    } catch (const ctnn::io::error& error) {
        const std::string line = error.what();
        const bool is_printable = std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; });
        if (!line.starts_with("amp: ") || line.find(": found ") == line.npos || !is_printable || line.size() > 600)
            throw std::logic_error("said: " + line);
        return true;
    }
    return false;
}

}  // namespace

BOOST_AUTO_TEST_CASE(files_that_cannot_be_read) {
    BOOST_TEST(io_test::message_of([] { ctnn::io::read_capture("none"); }) ==
               "none: found a file that cannot be opened (No such file or directory), expected a readable file");
    std::filesystem::create_directory("folder");
    BOOST_TEST(io_test::message_of([] { ctnn::io::read_capture("folder"); }) ==
               "folder: found a file that cannot be opened (Is a directory), expected a readable file");
}

BOOST_AUTO_TEST_CASE(what_is_no_capture) {
    BOOST_TEST(complaint("") == "byte 0: found text that is not JSON, or ends early, expected a JSON object");
    BOOST_TEST(complaint("[1, 2]") == "found a list of 2 values, expected an object");
    BOOST_TEST(complaint("{}") ==
               "found neither \"architecture\", \"model_data\" nor \"in_shape\", expected a capture "
               "of Neural Amp Modeler, GuitarML or RTNeural");
    BOOST_TEST(complaint("{\"a\": 1}x") ==
               "byte 8: found text that is not JSON, or ends early, expected a JSON object");
    BOOST_TEST(complaint(std::string("{}\0", 3)) == "byte 2: found a zero byte, expected JSON");
    BOOST_TEST(complaint("{\"in_shape\": 1, \"in_shape\": 2}") ==
               "byte 26: found the name \"in_shape\" twice, expected each name once");
    BOOST_TEST(complaint(std::string(100000, '[')) ==
               "byte 25: found JSON nested more than 24 deep, expected a capture");
    BOOST_TEST(complaint_about(nam_gated(), "0.7.0", "\xff") ==
               "byte 13: found text that is not JSON, or ends early, expected a JSON object");
}

BOOST_AUTO_TEST_CASE(parts_that_are_missing_or_of_another_type) {
    const std::string wavenet = nam_gated(), lstm = nam_lstm();
    BOOST_TEST(complaint_about(wavenet, "\"version\": \"0.7.0\", ", "") == "found no \"version\", expected one");
    BOOST_TEST(complaint_about(wavenet, "\"version\": \"0.7.0\"", "\"version\": null") ==
               "found no \"version\", expected one");
    BOOST_TEST(complaint_about(wavenet, "\"0.7.0\"", "0.7") == "version: found 0.7, expected a text");
    for (const char* version : {"0.4.9", "0.8.0", "1.5.0", "0.7", "0.7.", "0.7.x", "0.5.0.1"})
        BOOST_TEST(complaint_about(wavenet, "0.7.0", version) ==
                   "version: found \"" + std::string(version) + "\", expected a version from \"0.5.0\" to \"0.7\"");
    BOOST_TEST(complaint_about(wavenet, "0.7.0", "0.6.12") == "");
    BOOST_TEST(complaint_about(wavenet, "\"WaveNet\"", "\"ConvNet\"") ==
               "architecture: found \"ConvNet\", expected \"WaveNet\", \"LSTM\" or \"SlimmableContainer\"");
    BOOST_TEST(complaint_about(wavenet, "48000", "0") == "sample_rate: found 0, expected a number above 0");
    BOOST_TEST(complaint_about(wavenet, "48000", "\"48 kHz\"") == "sample_rate: found \"48 kHz\", expected a number");
    BOOST_TEST(complaint_about(wavenet, "48000", "48000, \"metadata\": {\"loudness\": \"loud\"}") ==
               "metadata.loudness: found \"loud\", expected a number");
    BOOST_TEST(complaint_about(lstm, "\"hidden_size\": 2", "\"hidden_size\": 0") ==
               "config.hidden_size: found 0, expected a whole number from 1 to 1048576");
    BOOST_TEST(complaint_about(lstm, "\"hidden_size\": 2", "\"hidden_size\": 2.0") ==
               "config.hidden_size: found 2.0, expected a whole number from 1 to 1048576");
    BOOST_TEST(complaint_about(lstm, "\"num_layers\": 2, ", "") == "config: found no \"num_layers\", expected one");
    BOOST_TEST(complaint_about(lstm, "\"num_layers\": 2", "\"layers\": 2") ==
               "config: found \"layers\", whose meaning is unknown, expected known names alone");
    BOOST_TEST(complaint_about(lstm, "\"input_size\": 1", "\"input_size\": 2") ==
               "config.input_size: found 2, expected 1, the channels of the network's input");
    BOOST_TEST(complaint_about(wavenet, "\"dilations\": [4]", "\"dilations\": []") ==
               "config.layers[1].dilations: found a list of 0 values, expected at least one layer");
    BOOST_TEST(complaint_about(wavenet, "\"dilations\": [4]", "\"dilations\": 4") ==
               "config.layers[1].dilations: found 4, expected a list");
    BOOST_TEST(complaint_about(wavenet, "\"dilations\": [4]", "\"dilations\": [-4]") ==
               "config.layers[1].dilations[0]: found -4, expected a whole number from 1 to 1048576");
    BOOST_TEST(complaint_about(wavenet, "\"gated\": true", "\"gated\": 1") ==
               "config.layers[0].gated: found 1, expected true or false");
    BOOST_TEST(complaint(nam("WaveNet", R"({"layers": []})", "[1]")) ==
               "config.layers: found a list of 0 values, expected at least one array of layers");
    BOOST_TEST(complaint(nam("WaveNet", "[]", "[1]")) == "config: found a list of 0 values, expected an object");
}

BOOST_AUTO_TEST_CASE(sizes_that_contradict_each_other) {
    const std::string text = nam_gated();
    BOOST_TEST(complaint_about(text, "\"input_size\": 3", "\"input_size\": 2") ==
               "config.layers[1].input_size: found 2, expected 3, the channels of the array before it");
    BOOST_TEST(complaint_about(text, "\"channels\": 2", "\"channels\": 3") ==
               "config.layers[1].channels: found 3, expected 2, the head of the array before it");
    BOOST_TEST(complaint_about(text, "\"condition_size\": 1", "\"condition_size\": 2") ==
               "config.layers[0].condition_size: found 2, expected 1, the channels of the network's input");
    BOOST_TEST(complaint_about(text, "\"input_size\": 1", "\"input_size\": 2") ==
               "config.layers[0].input_size: found 2, expected 1, the channels of the network's input");
    BOOST_TEST(complaint_about(text, "\"kernel_sizes\": [3]", "\"kernel_sizes\": [3, 3]") ==
               "config.layers[1].kernel_sizes: found a list of 2 values, expected a list of 1 value, one for each "
               "layer");
    BOOST_TEST(complaint_about(text, "\"kernel_size\": 2", "\"kernel_size\": 2, \"kernel_sizes\": [2, 2]") ==
               "config.layers[0]: found both \"kernel_size\" and \"kernel_sizes\", expected one of them");
    BOOST_TEST(complaint_about(text, "\"gated\": true", "\"gated\": true, \"gating_mode\": \"gated\"") ==
               "config.layers[0]: found both \"gated\" and \"gating_mode\", expected one of them");
    BOOST_TEST(complaint_about(nam_activations(), "\"bottleneck\"", "\"head_size\": 1, \"bottleneck\"") ==
               "config.layers[0]: found both \"head\" and \"head_size\", expected one of them");
    BOOST_TEST(complaint_about(nam_container(), "\"weights\": [], \"metadata\"",
                               "\"weights\": [], \"sample_rate\": 44100, \"metadata\"") ==
               "sample_rate: found 44100, expected 48000, as in config.submodels[1].model");
}

BOOST_AUTO_TEST_CASE(parts_that_a_capture_cannot_hold) {
    const std::string text = nam_activations();
    const auto said = [&](const std::string& from, const std::string& to) { return complaint_about(text, from, to); };
    BOOST_TEST(said("\"bottleneck\": 2", "\"bottleneck\": 1") ==
               "config.layers[0].bottleneck: found 1, expected 2, a WaveNet without a bottleneck");
    BOOST_TEST(said("\"groups_input\": 1", "\"groups_input\": 2") ==
               "config.layers[0].groups_input: found 2, expected 1, a WaveNet without groups");
    BOOST_TEST(said("\"groups_input_mixin\": 1", "\"groups_input_mixin\": 2") ==
               "config.layers[0].groups_input_mixin: found 2, expected 1, a WaveNet without groups");
    BOOST_TEST(
        said("\"layer1x1\": {\"active\": true, \"groups\": 1}", "\"layer1x1\": {\"active\": true, \"groups\": 2}") ==
        "config.layers[0].layer1x1.groups: found 2, expected 1, a WaveNet without groups");
    BOOST_TEST(said("\"layer1x1\": {\"active\": true", "\"layer1x1\": {\"active\": false") ==
               "config.layers[0].layer1x1.active: found false, expected true: layers end with this convolution");
    BOOST_TEST(said("\"head1x1\": {\"active\": false", "\"head1x1\": {\"active\": true") ==
               "config.layers[0].head1x1: found a convolution between layers and head, expected a WaveNet without it");
    for (const std::string name :
         {"conv_pre_film", "conv_post_film", "input_mixin_pre_film", "input_mixin_post_film", "activation_pre_film",
          "activation_post_film", "layer1x1_post_film", "head1x1_post_film"}) {
        const std::string one = replaced(
            text, R"("conv_pre_film": {"active": false, "shift": true, "groups": 1}, "conv_post_film": false, )",
            "\"" + name + R"(": {"active": false, "shift": true, "groups": 1}, )");
        BOOST_TEST(complaint(one) == "");
        const std::string wanted =
            "config.layers[0]." + name + ": found a modulation by the condition (FiLM), expected a WaveNet without it";
        BOOST_TEST(complaint(replaced(one, name + "\": {\"active\": false", name + "\": {\"active\": true")) == wanted);
        BOOST_TEST(complaint(replaced(one, name + "\": {\"active\": false, ", name + "\": {")) == wanted);
        BOOST_TEST(complaint(replaced(one, "\"" + name + R"(": {"active": false, "shift": true, "groups": 1})",
                                      "\"" + name + "\": true")) ==
                   "config.layers[0]." + name + ": found true, expected an object");
    }
    BOOST_TEST(said("\"head\": null", "\"head\": {\"channels\": 1}") ==
               "config.head: found a head after the last array, expected a WaveNet without it");
    BOOST_TEST(said("\"head\": null", "\"condition_dsp\": {}") ==
               "config.condition_dsp: found a second network for the condition, expected a WaveNet without it");
    BOOST_TEST(said("\"gating_mode\": \"none\"", "\"gating_mode\": \"blended\"") ==
               "config.layers[0].gating_mode: found \"blended\", expected \"none\" or \"gated\"");
    BOOST_TEST(complaint_about(nam_gated(), "\"gated\": true",
                               "\"gating_mode\": \"gated\", \"secondary_activation\": [\"Sigmoid\", \"Tanh\"]") ==
               "config.layers[0].secondary_activation[1]: found \"Tanh\", expected \"Sigmoid\"");
    const std::string names = "expected Tanh, Hardtanh, ReLU, LeakyReLU, PReLU, Sigmoid, SiLU, Hardswish or Softsign";
    BOOST_TEST(said("\"Hardtanh\"", "\"Fasttanh\"") == "config.layers[0].activation[1]: found \"Fasttanh\", " + names);
    BOOST_TEST(said("\"Hardtanh\"", "{\"type\": \"LeakyHardtanh\"}") ==
               "config.layers[0].activation[1].type: found \"LeakyHardtanh\", " + names);
    BOOST_TEST(said("\"Hardtanh\"", "{\"type\": \"Tanh\", \"slope\": 1}") ==
               "config.layers[0].activation[1]: found \"slope\", whose meaning is unknown, expected known names alone");
    BOOST_TEST(said("\"Hardtanh\"", "{\"type\": \"PReLU\", \"negative_slopes\": [0.1, 0.2]}") ==
               "config.layers[0].activation[1]: found a slope for each channel, expected one slope");
    BOOST_TEST(said("\"slimmable\": null", "\"reverb\": 1") ==
               "config.layers[0]: found \"reverb\", whose meaning is unknown, expected known names alone");
    BOOST_TEST(complaint_about(rtneural("gru"), "\"gru\"", "\"conv1d\"") ==
               "layers[0].type: found \"conv1d\", expected recurrent layers and then a dense layer (ctnn-import takes "
               "other models)");
}

BOOST_AUTO_TEST_CASE(widths_that_a_file_does_not_have) {
    BOOST_TEST(complaint(nam_slimmable(), 2) ==
               "config.layers[0]: found an array that cannot have 2 channels, expected one that can, as requested");
    BOOST_TEST(complaint(nam_gated(), 4) ==
               "config.layers[0]: found an array that cannot have 4 channels, expected one that can, as requested");
    BOOST_TEST(complaint(nam_lstm(), 4) == "config.hidden_size: found 2, expected 4, as requested");
    BOOST_TEST(complaint(guitarml("GRU"), 4) == "found 2 hidden units, expected 4, as requested");
    BOOST_TEST(complaint(nam_container(), 4) ==
               "config.submodels: found networks of 2, 3 channels, expected 4, as requested");
    const auto said = [](const std::string& from, const std::string& to) {
        return complaint(replaced(nam_slimmable(), from, to), 3);
    };
    BOOST_TEST(said("[1, 3, 4]", "[3, 4]") ==
               "config.layers[1]: found a choice of 3 widths, expected 2, as in config.layers[0]");
    BOOST_TEST(said("[1, 3, 4]", "[3, 3, 4]") ==
               "config.layers[0].slimmable.kwargs.allowed_channels: found a list of 3 values, expected growing numbers "
               "up to \"channels\", 4");
    BOOST_TEST(said("[1, 3, 4]", "[]") ==
               "config.layers[0].slimmable.kwargs.allowed_channels: found a list of 0 values, expected growing numbers "
               "up to \"channels\", 4");
    BOOST_TEST(said("slice_channels_uniform", "sorted") ==
               "config.layers[0].slimmable.method: found \"sorted\", expected \"slice_channels_uniform\"");
    // The players' rule for gates is not to be relied on, and there is none for windows.
    const std::string gated = nam("WaveNet",
                                  R"({"layers": [{"input_size": 1, "condition_size": 1, "head_size": 1, )"
                                  R"("channels": 2, "kernel_size": 1, "dilations": [1], "activation": "ReLU", )"
                                  R"("gated": true, "head_bias": false, "slimmable": {"method": )"
                                  R"("slice_channels_uniform"}}]})",
                                  list(0, 27));
    BOOST_TEST(complaint(gated) == "");
    BOOST_TEST(complaint(gated, 1) == "config.layers[0]: found gates, expected neither, for fewer channels");
    const std::string window =
        replaced(nam_activations(), "\"slimmable\": null", R"("slimmable": {"method": "slice_channels_uniform"})");
    BOOST_TEST(complaint(window, 1) ==
               "config.layers[0]: found a head with a window, expected neither, for fewer channels");
}

BOOST_AUTO_TEST_CASE(too_few_or_wrong_weights) {
    const auto with = [](const std::string& text, const std::string& weights) {
        const std::size_t begin = text.find("\"weights\": [") + 11;
        return complaint(text.substr(0, begin) + weights + text.substr(text.find(']', begin) + 1));
    };
    BOOST_TEST(with(nam_gated(), list(0, 160)) ==
               "weights: found 160 weights, expected 161: 129 of config.layers[0], 31 of config.layers[1], and "
               "head_scale");
    BOOST_TEST(with(nam_gated(), list(0, 162)) ==
               "weights: found 162 weights, expected 161: 129 of config.layers[0], 31 of config.layers[1], and "
               "head_scale");
    BOOST_TEST(with(nam_lstm(), list(0, 1)) ==
               "weights: found 1 weight, expected 83: 36 of the first layer, 44 of each other layer, 3 of the head");
    BOOST_TEST(with(nam_lstm(), "[]") ==
               "weights: found 0 weights, expected 83: 36 of the first layer, 44 of each other layer, 3 of the head");
    BOOST_TEST(with(nam_lstm(), "{}") == "weights: found an object, expected a list");
    BOOST_TEST(with(nam_lstm(), replaced(list(0, 83), "[", "[1e39, ")) ==
               "weights: found 84 weights, expected 83: 36 of the first layer, 44 of each other layer, 3 of the head");
    const auto first = [](const std::string& text, const char* number) {
        const std::size_t begin = text.find("\"weights\": [") + 12;
        return complaint(text.substr(0, begin) + number + text.substr(text.find(',', begin)));
    };
    BOOST_TEST(first(nam_lstm(), "1e39") == "weights[0]: found 1e+39, expected a number in the range of float");
    BOOST_TEST(first(nam_gated(), "\"1\"") == "weights[0]: found \"1\", expected a number in the range of float");
    BOOST_TEST(first(nam_gated(), "[1]") ==
               "weights[0]: found a list of 1 value, expected a number in the range of float");
    for (const char* other : {"NaN", "Infinity", "-inf", "1e999", "0x1", "+1", "1."})
        BOOST_TEST(first(nam_lstm(), other).find("found text that is not JSON, or ends early") != std::string::npos,
                   other);
    BOOST_TEST(complaint_about(guitarml("LSTM"), list(40, 8), list(40, 7)) ==
               "state_dict[\"rec.bias_ih_l0\"]: found a list of 7 values, expected a list of 8 weights");
    BOOST_TEST(complaint_about(guitarml("LSTM"), list(20, 8, 2), list(20, 4, 4)) ==
               "state_dict[\"rec.weight_hh_l0\"]: found a list of 4 values, expected a list of 8 rows of 2 weights");
    BOOST_TEST(complaint_about(guitarml("LSTM"), list(20, 8, 2), list(20, 8, 3)) ==
               "state_dict[\"rec.weight_hh_l0\"][0]: found a list of 3 values, expected a row of 2 weights");
    const auto biases = [](const std::string& number) {
        const auto all = [&](const std::string& text, const std::string& tensor) {
            return replaced(text, tensor + list(tensor.find("ih") != tensor.npos ? 40 : 50, 8),
                            tensor + "[" + number + ", 0, 0, 0, 0, 0, 0, 0]");
        };
        return complaint(all(all(guitarml("LSTM"), "bias_ih_l0\": "), "bias_hh_l0\": "));
    };
    BOOST_TEST(biases("3e38") ==
               "state_dict[\"rec.bias_hh_l0\"][0]: found 3e+38, expected a sum in the range of float");
    BOOST_TEST(biases("1e38") == "");
}

BOOST_AUTO_TEST_CASE(files_of_guitarml) {
    const std::string text = guitarml("GRU");
    const auto said = [&](const std::string& from, const std::string& to) { return complaint_about(text, from, to); };
    BOOST_TEST(said("SimpleRNN", "GatedConvNet") == "model_data.model: found \"GatedConvNet\", expected \"SimpleRNN\"");
    BOOST_TEST(said("\"GRU\"", "\"RNN\"") == "model_data.unit_type: found \"RNN\", expected \"LSTM\" or \"GRU\"");
    BOOST_TEST(said("\"skip\": 1", "\"skip\": 2") == "model_data.skip: found 2, expected 0 or 1");
    BOOST_TEST(said("\"output_size\": 1", "\"output_size\": 2") ==
               "model_data.skip: found 1, expected 0, or one output");
    BOOST_TEST(said("\"num_layers\": 2", "\"num_layers\": 1") ==
               "state_dict: found 10 tensors, expected 6: four of each of 1 layer, and those of \"lin\"");
    BOOST_TEST(said("rec.bias_hh_l1", "rec.bias_hh_l2") == "state_dict: found no \"rec.bias_hh_l1\", expected one");
    BOOST_TEST(said("\"skip\"", "\"blocks\": 1, \"skip\"") ==
               "model_data: found \"blocks\", whose meaning is unknown, expected known names alone");
    BOOST_TEST(said("\"state_dict\"", "\"state\"") == "found no \"state_dict\", expected one");
}

BOOST_AUTO_TEST_CASE(files_of_rtneural) {
    const std::string text = rtneural("gru");
    const auto said = [&](const std::string& from, const std::string& to) { return complaint_about(text, from, to); };
    BOOST_TEST(said("\"in_shape\": [null, null, 1]", "\"in_shape\": [1, 1, 1, 1]") ==
               "in_shape: found a list of 4 values, expected a list of 1 to 3 extents");
    BOOST_TEST(said("[null, null, 2]", "[null, null, 3]") ==
               "layers[0].weights[0][0]: found a list of 6 values, expected a row of 9 weights");
    BOOST_TEST(said("\"in_skip\": 1", "\"in_skip\": 0.5") == "in_skip: found 0.5, expected 0 or 1");
    BOOST_TEST(said("\"in_gain\": -20", "\"in_gain\": 201") == "in_gain: found 201, expected at most 200 decibels");
    BOOST_TEST(said("\"activation\": \"\"", "\"activation\": \"relu\"") ==
               "layers[0].activation: found \"relu\", expected \"\" or \"tanh\"");
    BOOST_TEST(said("[0.125, 1]", "[0.125]") ==
               "found an \"input_batch\" of 2 numbers and an \"output_batch\" of 1, expected 1 and 1 for each step");
    BOOST_TEST(said(R"(, "output_batch": [0.125, 1])", "") ==
               "found an \"input_batch\" of 2 numbers and an \"output_batch\" of 0, expected 1 and 1 for each step");
    BOOST_TEST(said("\"in_skip\"", "\"clip\": 1, \"in_skip\"") ==
               "found \"clip\", whose meaning is unknown, expected known names alone");
    BOOST_TEST(said("{\"type\": \"gru\"", "{\"units\": 2, \"type\": \"gru\"") ==
               "layers[0]: found \"units\", whose meaning is unknown, expected known names alone");
    BOOST_TEST(complaint(R"({"in_shape": 1, "layers": []})") ==
               "layers: found a list of 0 values, expected recurrent layers, and then a dense layer");
    BOOST_TEST(
        complaint(R"({"in_shape": 1, "layers": [{"type": "gru", "shape": 1, "weights": [[[1, 2, 3]], )"
                  R"([[1, 2, 3]], [[1, 2, 3], [1, 2, 3]]]}, {"type": "lstm", "shape": 1}, {"type": "dense"}]})") ==
        "layers[1]: found a layer of another kind or size than the layer before it, expected layers that are "
        "alike (ctnn-import takes other models)");
}

/// What a file claims is compared with what it has before memory is requested.
BOOST_AUTO_TEST_CASE(huge_sizes) {
    const auto largest = [](const std::string& text, const std::string& from, const std::string& to) {
        const std::string damaged = replaced(text, from, to);
        io_test::write_file("amp", damaged);
        io_test::largest_allocation = 0;
        BOOST_TEST(io_test::message_of([] { ctnn::io::read_capture("amp"); }).starts_with("amp: "));
        BOOST_TEST(io_test::largest_allocation < 20000u);
    };
    for (const char* size : {"1048576", "1048575"}) {
        for (const char* name : {"num_layers\": ", "hidden_size\": "})
            largest(nam_lstm(), name + std::string("2"), name + std::string(size));
        largest(nam_lstm(), "\"input_size\": 1", "\"out_channels\": " + std::string(size) + ", \"input_size\": 1");
        largest(nam_gated(), "\"kernel_size\": 2", "\"kernel_size\": " + std::string(size));
        largest(nam_gated(), "\"kernel_sizes\": [3]", "\"kernel_sizes\": [" + std::string(size) + "]");
        largest(nam_activations(), "\"kernel_size\": 4", "\"kernel_size\": " + std::string(size));
        for (const char* name : {"num_layers\": 2", "hidden_size\": 2", "input_size\": 2", "output_size\": 1"})
            largest(replaced(guitarml("GRU"), "\"skip\": 1", "\"skip\": 0"), name,
                    std::string(name).substr(0, std::string(name).size() - 1) + size);
        largest(rtneural("lstm"), "[null, null, 2]", "[null, null, " + std::string(size) + "]");
    }
    // Twelve arrays of the largest sizes: the number of their weights does not fit 64 bits.
    std::string arrays;
    for (int i = 0; i < 12; ++i) {
        const std::string inputs = i == 0 ? "1" : "1048576";
        arrays += (i == 0 ? "" : ", ") + (R"({"input_size": )" + inputs) +
                  R"(, "condition_size": 1, "head_size": 1048576, "channels": 1048576, "kernel_size": 1048576, )"
                  R"("dilations": [1, 1, 1, 1], "activation": "Tanh", "gated": true, "head_bias": true})";
    }
    BOOST_TEST(complaint(nam("WaveNet", "{\"layers\": [" + arrays + "]}", "[1]"))
                   .starts_with("weights: found 1 weight, expected 18446744073709551615: "));
}

/// Numbers of one digit take the most memory for each byte of the file.
BOOST_AUTO_TEST_CASE(memory) {
    std::string zeros = "[0";
    for (int i = 0; i < 131072; ++i) zeros += ",0";
    const std::string text = nam("LSTM", R"({"num_layers": 1, "input_size": 1, "hidden_size": 1})", zeros + "]");
    io_test::write_file("amp", text);
    std::string message;
    const std::size_t peak =
        io_test::peak_of([&] { message = io_test::message_of([] { ctnn::io::read_capture("amp"); }); });
    BOOST_TEST(message == "amp: weights: found 131073 weights, expected 16: 14 of the first layer, 2 of the head");
    BOOST_TEST(peak < 41 * text.size());
}

#if defined(CTNN_TEST_SANITIZED)
constexpr std::size_t stride = 7;
constexpr int corruptions = 500;
#else
constexpr std::size_t stride = 1;
constexpr int corruptions = 10000;
#endif

BOOST_AUTO_TEST_CASE(every_cut) {
    for (const std::string& whole : all()) {
        for (std::size_t length = 0; length < whole.size(); length += stride)
            if (!is_refused(whole.substr(0, length))) BOOST_TEST_FAIL(whole.substr(0, length));
        BOOST_TEST(!is_refused(whole));
    }
}

BOOST_AUTO_TEST_CASE(random_corruptions) {
    const auto files = all();
    const std::string pieces[]{"0",    "-1",    "1048576", "18446744073709551616",
                               "1e39", "1e999", "null",    "true",
                               "[]",   "{}",    "\"",      "[",
                               "]",    "{",     "}",       ",",
                               ":",    "2",     "1.5"};
    std::mt19937 random(17);
    const auto below = [&](std::size_t count) { return static_cast<std::size_t>(random() % count); };
    std::size_t refused = 0;
    io_test::largest_allocation = 0;
    for (int i = 0; i < corruptions; ++i) {
        std::string text = files[below(files.size())];
        for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
            const std::size_t at = below(text.size());
            switch (below(5)) {
                case 0:
                    text[at] = static_cast<char>(random());
                    break;
                case 1:
                    text.erase(at, 1 + below(20));
                    break;
                case 2:
                    text.insert(at, text.substr(below(text.size()), below(40)));
                    break;
                case 3: {  // another value in place of a number
                    const std::size_t begin = text.find_first_of("0123456789", at);
                    if (begin != text.npos)
                        text.replace(begin, text.find_first_not_of("0123456789.", begin) - begin,
                                     pieces[below(std::size(pieces))]);
                    break;
                }
                default:
                    text.insert(at, pieces[below(std::size(pieces))]);
            }
            if (text.empty()) text = 'x';
        }
        refused += is_refused(text);
    }
    BOOST_TEST(refused > static_cast<std::size_t>(corruptions) / 2);
    BOOST_TEST(refused < static_cast<std::size_t>(corruptions));
    BOOST_TEST(io_test::largest_allocation < 50000u);
}
