// SPDX-License-Identifier: BSL-1.0
// Recurrent layers of TensorFlow Lite.
#include "graph/operator_call.hpp"
#include "read/tflite_call.hpp"
#include "refusal.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ctnn_import {

namespace {

/// Inputs by number: the gates are i f c o in each group.
constexpr std::size_t of_input = 1, of_state = 5, peepholes = 9, of_bias = 12, projection = 16, first_state = 18,
                      normalisation = 20;
/// ONNX's order i o f c.
constexpr std::size_t gates_of_onnx[]{0, 3, 1, 2};

/// Whether a tensor that is computed holds integers of 8 bits.
bool computes_integers(const tflite_tensor& of) {
    return of.type == tflite_type::int8 && of.quantized.exists();
}

/// The attributes of a layer of integers: the scale of its cell, and the largest integer that this may hold.
keras_graph::attributes cell_of_integers(const tflite_call& of, double clip) {
    const tflite_tensor& hidden = of.input(first_state);
    const tflite_tensor& cell = of.input(first_state + 1);
    if (hidden.type != tflite_type::int8 ||
        hidden.quantized != of.state.model.tensors[static_cast<std::size_t>(of.what.outputs.at(0))].quantized)
        throw refusal("its outputs do not stand for the same numbers as its state");
    int exponent = 0;
    if (cell.type != tflite_type::int16 || cell.quantized.scales.size() != 1 || cell.quantized.zero_points[0] != 0)
        throw refusal("its cell is " + text_of(cell.type) +
                      ", and of integers it is INT16 with one scale and the zero point 0");
    const double scale = cell.quantized.scales[0];
    if (std::frexp(scale, &exponent) != 0.5 || exponent < -14 || exponent > 3)
        throw refusal("the scale of its cell is " + std::to_string(scale) + ", and no power of two from 2^-15 to 4");
    const double limit = clip > 0 ? std::min(std::floor(clip / scale), 32767.0) : 32768;
    return {{"cell_scale", scale}, {"cell_limit", static_cast<std::int64_t>(limit)}};
}

/// The scales of the gates' tensors.
quantization scales_of_gates(const tflite_call& of, std::size_t first, const char* named) {
    quantization all;
    for (const std::size_t gate : gates_of_onnx) {
        const tflite_tensor& one = of.input(first + gate);
        const tflite_type wanted = first == of_bias ? tflite_type::int32 : tflite_type::int8;
        if (one.type != wanted || one.quantized.scales.size() != 1 || one.quantized.zero_points[0] != 0)
            throw refusal(std::string("its ") + named + " are " + text_of(one.type) + ", and of integers they are " +
                          text_of(wanted) + " with one scale and the zero point 0");
        all.scales.push_back(one.quantized.scales[0]);
        all.zero_points.push_back(0);
    }
    return all;
}

keras_values lstm_of_sequence(const tflite_call& of) {
    of.wants_inputs(1, 24);
    keras_graph& to = of.state.to;
    const extents from = of.dims(0);
    if (from.size() != 3 || from[0] != 1)
        throw refusal("its input is " + text_of(from) + ", and it takes 1 x steps x features");
    for (const auto& [first, count, what] : {std::tuple{peepholes, 3, "peepholes"},
                                             {projection, 2, "a projection"},
                                             {normalisation, 4, "normalised gates"}})
        for (std::size_t i = first; i < first + static_cast<std::size_t>(count); ++i)
            if (of.has(i)) throw refusal(std::string("it has ") + what);
    for (const char* const option : {"time_major", "diagonal_recurrence"})
        if (of.number(option) != 0) throw refusal(std::string("its ") + option + " is set");
    if (of.number("activation") != 4)
        throw refusal("its activation is number " + std::to_string(of.number("activation")) +
                      ", and the importer reads 4, tanh");
    if (!of.has(of_input)) throw refusal("its input gate is coupled to its forget gate");
    // From 0 on, the state grows by less than 1 in each step. Integers are clipped as the file says.
    const double clip = of.what.option<double>("cell_clip", 0);
    const bool is_of_integers = computes_integers(of.input(0));
    if (!is_of_integers && clip != 0 && !(static_cast<double>(from[1]) <= clip))
        throw refusal("its cell_clip is " + std::to_string(clip) + ", which the state could reach in " +
                      std::to_string(from[1]) + " steps, and ctnn's lstm does not clip its state");
    for (std::size_t i = first_state; i < normalisation; ++i)
        if (of.has(i) && !of.input(i).is_variable) throw refusal("its initial state is no variable");
    const std::int64_t units = of.dims(of_input).empty() ? 0 : of.dims(of_input)[0], features = from[2];
    std::vector<double> w, r, b;
    keras_graph::attributes with{{"hidden_size", units}, {"layout", std::int64_t{1}}};
    if (is_of_integers) with.merge(cell_of_integers(of, clip));
    for (const std::size_t gate : gates_of_onnx) {
        const auto add = [&](std::size_t input, const extents& wanted, std::vector<double>& all) {
            const array given = of.reals(input, wanted, "weights");
            all.insert(all.end(), given.reals().begin(), given.reals().end());
        };
        add(of_input + gate, {units, features}, w);
        add(of_state + gate, {units, units}, r);
        add(of_bias + gate, {units}, b);
    }
    of.add_work({from[1], 4 * units, units + features});
    b.resize(2 * b.size(), 0);
    const std::string of_w = of.constant("/w", {{1, 4 * units, features}, std::move(w)}),
                      of_r = of.constant("/r", {{1, 4 * units, units}, std::move(r)}),
                      of_b = of.constant("/b", {{1, 8 * units}, std::move(b)});
    if (is_of_integers) {
        to.quantize(of_w, scales_of_gates(of, of_input, "weights"));
        to.quantize(of_r, scales_of_gates(of, of_state, "recurrent weights"));
        to.quantize(of_b, scales_of_gates(of, of_bias, "biases"));
    }
    const std::string made =
        of.emit("LSTM", "", {to.in_place(of.value(0)), of_w, of_r, of_b}, {1, from[1], 1, units}, std::move(with));
    return {of.reshaped(to.as_is(made), {1, from[1], units}, "/joined")};
}

}  // namespace

void add_tflite_recurrent(tflite_table& table) {
    table.emplace("UNIDIRECTIONAL_SEQUENCE_LSTM", lstm_of_sequence);
}

}  // namespace ctnn_import
