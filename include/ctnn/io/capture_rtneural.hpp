// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads RTNeural's JSON of recurrent layers and a dense layer, also with what AIDA-X adds.

#include <ctnn/io/capture_json.hpp>
#include <ctnn/io/capture_types.hpp>
#include <ctnn/io/error.hpp>

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctnn::io::detail {

/// The transpose of a row-major matrix, with the groups of its columns (the rows of the result) in another order.
inline std::vector<float> transposed(const std::vector<float>& matrix, std::size_t columns,
                                     const std::vector<std::size_t>& order) {
    const std::size_t rows = matrix.size() / columns, group = columns / order.size();
    std::vector<float> result;
    result.reserve(matrix.size());
    for (const std::size_t from : order)
        for (std::size_t column = from * group; column < (from + 1) * group; ++column)
            for (std::size_t row = 0; row < rows; ++row) result.push_back(matrix[row * columns + column]);
    return result;
}

/// RTNeural's files: Keras's layers and weights, and what AIDA-X adds.
class rtneural_reader {
  public:
    explicit rtneural_reader(const capture_value& file) : file_(file) {
        file.require_names({"in_shape", "layers", "metadata", "samplerate", "in_skip", "in_gain", "out_gain",
                            "input_batch", "output_batch"});
    }

    capture read() const {
        capture result;
        recurrent_capture network = layers();
        const auto skip = file_.find("in_skip");
        network.adds_input = skip && skip->zero_or_one();
        if (network.adds_input && (network.inputs != 1 || network.outputs != 1))
            skip->fail("0, or one input and output");
        result.sample_rate = sample_rate();
        result.input_gain = gain("in_gain");
        result.output_gain = gain("out_gain");
        result.test_input = numbers("input_batch");
        result.test_output = numbers("output_batch");
        const std::size_t steps = result.test_input.size() / network.inputs;
        if (result.test_input.size() % network.inputs != 0 || result.test_output.size() != steps * network.outputs)
            file_.fail(joined("an \"input_batch\" of ", count_of(result.test_input.size(), "number"),
                              " and an \"output_batch\" of ", result.test_output.size()),
                       joined(network.inputs, " and ", network.outputs, " for each step"));
        result.network = std::move(network);
        return result;
    }

  private:
    /// The size of a layer: the last extent of its shape.
    static std::size_t features(const capture_value& of, const char* name) {
        const capture_value shape = of[name];
        if (!shape.is_list()) return shape.count();
        if (shape.size() == 0 || shape.size() > 3) shape.fail("a list of 1 to 3 extents");
        return shape.element(shape.size() - 1).count();
    }

    recurrent_capture layers() const {
        const capture_value list = file_["layers"];
        recurrent_capture result;
        result.inputs = features(file_, "in_shape");
        if (list.size() < 2) list.fail("recurrent layers, and then a dense layer");
        for (std::size_t i = 0; i < list.size(); ++i) {
            const capture_value one = list.element(i);
            const std::string& type = one["type"].text();
            const bool is_last = i + 1 == list.size(), is_dense = type == "dense" || type == "time-distributed-dense";
            if (is_last ? !is_dense : type != "lstm" && type != "gru")
                one["type"].fail("recurrent layers and then a dense layer (ctnn-import takes other models)");
            one.require_names({"type", "name", "activation", "shape", "weights"});
            if (is_last)
                append_head(one, result);
            else
                append_layer(one, type, result);
        }
        return result;
    }

    static void require_activation(const capture_value& of, std::string_view usual) {
        const auto given = of.find("activation");
        if (given && !given->text().empty() && given->text() != usual)
            given->fail(joined("\"\" or ", in_quotes(usual)));
    }

    static void append_layer(const capture_value& of, const std::string& type, recurrent_capture& to) {
        const auto cell = type == "lstm" ? recurrent_capture::cell_kind::lstm : recurrent_capture::cell_kind::gru;
        const std::size_t hidden = features(of, "shape");
        if (!to.layers.empty() && (cell != to.cell || hidden != to.hidden))
            of.fail("a layer of another kind or size than the layer before it",
                    "layers that are alike (ctnn-import takes other models)");
        require_activation(of, "tanh");
        const std::size_t inputs = to.layers.empty() ? to.inputs : hidden, gates = gates_of(cell) * hidden;
        to.cell = cell;
        to.hidden = hidden;
        const capture_value weights = of["weights"];
        if (weights.size() != 3) weights.fail("three arrays: kernel, recurrent kernel and bias");
        // Keras has a GRU's gates in the order z, r, n.
        const std::vector<std::size_t> order =
            type == "lstm" ? std::vector<std::size_t>{0, 1, 2, 3} : std::vector<std::size_t>{1, 0, 2};
        recurrent_capture::layer& layer = to.layers.emplace_back();
        layer.input_weights = transposed(weights.element(0).matrix(inputs, gates), gates, order);
        layer.recurrent_weights = transposed(weights.element(1).matrix(hidden, gates), gates, order);
        if (type == "lstm") {
            layer.input_bias = weights.element(2).weights(gates);
        } else {
            const capture_value biases = weights.element(2);
            if (biases.size() != 2) biases.fail("two biases, for the inputs and for the state");
            layer.input_bias = transposed(biases.element(0).weights(gates), gates, order);
            layer.recurrent_bias = transposed(biases.element(1).weights(gates), gates, order);
        }
    }

    static void append_head(const capture_value& of, recurrent_capture& to) {
        to.outputs = features(of, "shape");
        require_activation(of, "linear");
        const capture_value weights = of["weights"];
        if (weights.size() != 1 && weights.size() != 2) weights.fail("one or two arrays: kernel and bias");
        to.head_weights = transposed(weights.element(0).matrix(to.hidden, to.outputs), to.outputs, {0});
        to.head_bias = weights.size() == 2 ? weights.element(1).weights(to.outputs) : std::vector<float>(to.outputs);
    }

    double sample_rate() const {
        const auto metadata = file_.find("metadata");
        const auto beside = metadata && metadata->raw().is_object() ? metadata->find("samplerate") : std::nullopt;
        // A text there is a note; players read numbers alone.
        if (beside && beside->raw().is_number()) return beside->positive();
        const auto given = file_.find("samplerate");
        return given ? given->positive() : 0;
    }

    /// The factor for decibels. At -90 and below AIDA-X mutes.
    float gain(const char* name) const {
        const auto given = file_.find(name);
        const double decibels = given ? given->number() : 0;
        if (!(decibels <= 200)) given->fail("at most 200 decibels");
        return decibels > -90 ? static_cast<float>(std::pow(10, decibels / 20)) : 0;
    }

    /// Numbers in lists of any depth, one after another.
    std::vector<float> numbers(const char* name) const {
        std::vector<float> result;
        const auto walk = [&](const auto& self, const capture_value& at) -> void {
            if (!at.is_list()) return result.push_back(at.weight());
            for (std::size_t i = 0; i < at.size(); ++i) self(self, at.element(i));
        };
        if (const auto given = file_.find(name)) {
            given->size();
            walk(walk, *given);
        }
        return result;
    }

    capture_value file_;
};

}  // namespace ctnn::io::detail
