// SPDX-License-Identifier: BSL-1.0
// Functions of single elements, arithmetic and reductions of TensorFlow Lite.
#include "graph/operator_call.hpp"
#include "read/tflite_call.hpp"
#include "refusal.hpp"

#include <algorithm>
#include <utility>

namespace ctnn_import {

namespace {

/// Operators that ONNX has under another name.
struct function_of_tflite {
    const char *type, *op;
};
constexpr function_of_tflite functions_of_tflite[]{
    {"RELU", "Relu"}, {"LOGISTIC", "Sigmoid"}, {"TANH", "Tanh"}, {"EXP", "Exp"}, {"LOG", "Log"},
    {"SQRT", "Sqrt"}, {"SIN", "Sin"},          {"COS", "Cos"},   {"ABS", "Abs"}, {"NEG", "Neg"}};

keras_values function(const tflite_call& of) {
    of.wants_inputs(1, 1);
    for (const auto& [type, op] : functions_of_tflite)
        if (of.what.type == type) return {of.elementwise(op, of.value(0))};
    throw refusal("the importer does not know this operator");
}

keras_values bounded(const tflite_call& of) {
    of.wants_inputs(1, 1);
    const double low = of.what.type == "RELU_N1_TO_1" ? -1 : 0, high = of.what.type == "RELU6" ? 6 : 1;
    return {of.clipped(of.value(0), low, high)};
}

keras_values leaky_relu(const tflite_call& of) {
    of.wants_inputs(1, 1);
    return {of.elementwise("LeakyRelu", of.value(0), {{"alpha", of.what.option<double>("slope", 0)}})};
}
keras_values elu(const tflite_call& of) {
    of.wants_inputs(1, 1);
    return {of.elementwise("Elu", of.value(0), {{"alpha", 1.0}})};
}
keras_values hard_swish(const tflite_call& of) {
    of.wants_inputs(1, 1);
    return {of.elementwise("HardSwish", of.value(0))};
}
keras_values gelu(const tflite_call& of) {
    of.wants_inputs(1, 1);
    return {of.elementwise("Gelu", of.value(0),
                           {{"approximate", std::string(of.number("approximate") != 0 ? "tanh" : "none")}})};
}
keras_values reciprocal_root(const tflite_call& of) {
    of.wants_inputs(1, 1);
    return {of.elementwise("Reciprocal", of.elementwise("Sqrt", of.value(0), {}, "/sqrt"))};
}
keras_values square(const tflite_call& of) {
    of.wants_inputs(1, 1);
    const std::string two = of.constant("/exponent", {{}, std::vector<double>{2}});
    return {of.state.to.elementwise(of.value(0), [&](const std::string& x) {
        return of.emit("Pow", "", {x, two}, extents(of.state.to.dims_of(x)));
    })};
}

/// exp(beta x) over its sum along the last axis.
keras_values softmax(const tflite_call& of) {
    of.wants_inputs(1, 1);
    keras_graph& to = of.state.to;
    if (of.dims(0).empty()) throw refusal("its input is a scalar");
    const bool is_log = of.what.type == "LOG_SOFTMAX";
    const double beta = is_log ? 1 : of.what.option<double>("beta", 0);
    std::string x = to.in_place(of.value(0));
    const extents dims = of.dims(0);
    if (beta != 1) x = of.emit("Mul", "/beta", {x, of.constant("/factor", {{}, std::vector<double>{beta}})}, dims);
    return {to.as_is(of.emit(is_log ? "LogSoftmax" : "Softmax", "", {x}, dims, {{"axis", std::int64_t{-1}}}))};
}

// --- Arithmetic

extents broadcast_of(const extents& a, const extents& b) {
    extents result(std::max(a.size(), b.size()), 1);
    for (std::size_t i = 1; i <= result.size(); ++i) {
        const std::int64_t left = i <= a.size() ? a[a.size() - i] : 1, right = i <= b.size() ? b[b.size() - i] : 1;
        if (left != right && left != 1 && right != 1)
            throw refusal("its inputs are " + text_of(a) + " and " + text_of(b));
        result[result.size() - i] = std::max(left, right);
    }
    return result;
}

/// A constant in the arrangement of a value whose channels are first.
array aligned(array given, std::size_t rank, bool first) {
    given.dims.insert(given.dims.begin(), rank - given.dims.size(), 1);
    if (!first) return given;
    std::vector<std::size_t> order{0, rank - 1};
    for (std::size_t i = 1; i + 1 < rank; ++i) order.push_back(i);
    return permuted_array(given, order);
}

/// Two inputs in one arrangement.
struct pair_of_inputs {
    std::string a, b;
    bool first;    ///< the channels
    extents dims;  ///< of the output, so arranged
};
pair_of_inputs both_inputs(const tflite_call& of) {
    of.wants_inputs(2, 2);
    keras_graph& to = of.state.to;
    extents dims = broadcast_of(of.dims(0), of.dims(1));
    const std::size_t rank = dims.size();
    std::string values[2];
    bool first = false;
    for (std::size_t i = 0; i < 2; ++i)
        if (!of.is_constant(i)) first = first || (of.is_moved(of.value(i)) && of.dims(i).size() == rank);
    for (std::size_t i = 0; i < 2; ++i) first = first && (of.is_constant(i) || of.dims(i).size() == rank);
    for (std::size_t i = 0; i < 2; ++i) {
        const tflite_type type = of.input(i).type;
        const bool is_integer =
            !of.input(i).quantized.exists() && (type == tflite_type::int32 || type == tflite_type::int64);
        if (of.is_constant(i) && !is_integer)
            values[i] = of.constant_of(i, "/input " + std::to_string(i), aligned(of.reals(i), rank, first));
        else
            values[i] = first ? to.moved(of.value(i)) : to.in_place(of.value(i));
    }
    if (first) std::rotate(dims.begin() + 1, dims.end() - 1, dims.end());
    return {values[0], values[1], first, dims};
}
bool are_integers(const tflite_call& of) {
    return of.input(0).type == tflite_type::int32 || of.input(0).type == tflite_type::int64;
}

keras_values arithmetic(const tflite_call& of) {
    static const std::map<std::string, const char*> ops{{"ADD", "Add"}, {"SUB", "Sub"},     {"MUL", "Mul"},
                                                        {"DIV", "Div"}, {"MAXIMUM", "Max"}, {"MINIMUM", "Min"},
                                                        {"POW", "Pow"}};
    const auto [a, b, first, dims] = both_inputs(of);
    if (of.what.type == "SUB" && of.input(0).quantized.exists() && !of.is_constant(0) && !of.is_constant(1))
        of.state.to.notes().push_back("SUB, whose factors tflite-micro rounds to float: " + of.name);
    keras_graph::attributes with;
    if (of.input(0).quantized.exists() && of.input(1).quantized.exists()) with["of_integers"] = std::int64_t{1};
    const std::string made = of.emit(ops.at(of.what.type), "", {a, b}, dims, with, 0, are_integers(of));
    return {of.activated(of.arranged(made, first))};
}
keras_values squared_difference(const tflite_call& of) {
    const auto [a, b, first, dims] = both_inputs(of);
    const std::string difference = of.emit("Sub", "/sub", {a, b}, dims);
    return {of.arranged(of.emit("Pow", "", {difference, of.constant("/exponent", {{}, std::vector<double>{2}})}, dims),
                        first)};
}
keras_values prelu(const tflite_call& of) {
    const extents wanted = of.dims(0);
    const auto [x, slopes, first, dims] = both_inputs(of);
    if (!of.is_constant(1) || broadcast_of(wanted, of.dims(1)) != wanted)
        throw refusal("its slopes are computed, or of more elements than its input");
    return {of.arranged(of.emit("PRelu", "", {x, slopes}, dims), first)};
}
keras_values sum_of_all(const tflite_call& of) {
    of.wants_inputs(1, 128);
    std::vector<keras_value> all;
    for (std::size_t i = 0; i < of.what.inputs.size(); ++i) {
        all.push_back(of.value(i));
        if (of.dims(i) != of.dims(0)) throw refusal("its inputs have different extents");
    }
    const auto [values, first] = of.alike(all);
    const extents dims = of.state.to.dims_of(values[0]);
    std::string made = values[0];
    for (std::size_t i = 1; i < values.size(); ++i)
        made = of.emit("Add", i + 1 == values.size() ? "" : "/" + std::to_string(i), {made, values[i]}, dims);
    return {of.arranged(made, first)};
}

// --- Reductions

keras_values reduction(const tflite_call& of) {
    of.wants_inputs(2, 2);
    keras_graph& to = of.state.to;
    const extents from = of.dims(0);
    const bool keeps = of.number("keeps_axes") != 0, is_sum = of.what.type == "SUM";
    const bool is_of_integers = of.input(0).quantized.exists() && !of.is_constant(0);
    if (is_of_integers && is_sum) throw refusal("it adds integers of 8 bits, which ctnn does only by means");
    if (is_of_integers && of.input(0).type == tflite_type::uint8 && of.what.type == "MEAN")
        throw refusal("its integers are UINT8, whose means runtimes round otherwise than those of INT8");
    std::vector<bool> reduced(from.size());
    for (const std::int64_t one : of.integers(1)) reduced[of.axis(one, from.size())] = true;
    const keras_value x = of.value(0);
    if (to.holds_integers(x)) throw refusal("its input holds integers");
    bool first = of.is_moved(x);
    // What is left of an image has the order of its axes, or one axis besides the batch.
    if (first && !keeps) {
        std::size_t left = 0;
        for (std::size_t i = 1; i < from.size(); ++i) left += !reduced[i];
        first = left <= 1 && !reduced[0];
    }
    const std::string given = first ? to.moved(x) : to.in_place(x);
    std::vector<std::int64_t> axes;
    extents whole = to.dims_of(given);
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (!reduced[i]) continue;
        const std::size_t own = first ? tflite_call::moved_axis(i, from.size()) : i;
        axes.push_back(static_cast<std::int64_t>(own));
        whole[own] = 1;
    }
    if (axes.empty()) throw refusal("it reduces no axis");
    std::sort(axes.begin(), axes.end());
    extents dims;
    for (std::size_t i = 0; i < whole.size(); ++i)
        if (keeps || std::find(axes.begin(), axes.end(), static_cast<std::int64_t>(i)) == axes.end())
            dims.push_back(whole[i]);
    keras_graph::attributes with{{"keepdims", std::int64_t{keeps}}};
    std::vector<std::string> inputs{given};
    if (is_sum)
        inputs.push_back(of.integers("/axes", axes));
    else
        with["axes"] = axes;
    const char* const op = is_sum ? "ReduceSum" : of.what.type == "MEAN" ? "ReduceMean" : "ReduceMax";
    return {of.arranged(of.emit(op, "", inputs, dims, with), first && keeps)};
}

keras_values arg_max(const tflite_call& of) {
    of.wants_inputs(2, 2);
    keras_graph& to = of.state.to;
    const auto given = of.integers(1);
    if (given.size() != 1) throw refusal("its axis has " + std::to_string(given.size()) + " numbers");
    extents dims = of.dims(0);
    const std::size_t axis = of.axis(given[0], dims.size());
    dims.erase(dims.begin() + static_cast<std::ptrdiff_t>(axis));
    return {to.as_is(of.emit("ArgMax", "", {to.in_place(of.value(0))}, dims,
                             {{"axis", static_cast<std::int64_t>(axis)}, {"keepdims", std::int64_t{0}}}, 0, true))};
}

keras_values cast(const tflite_call& of) {
    of.wants_inputs(1, 1);
    keras_graph& to = of.state.to;
    const tflite_type type = of.state.model.tensors[static_cast<std::size_t>(of.what.outputs.at(0))].type;
    const keras_value x = of.value(0);
    if (type == tflite_type::float32) {
        if (!to.holds_integers(x)) return {x};
        return {of.elementwise("Cast", x, {{"to", std::int64_t{1}}})};
    }
    if ((type == tflite_type::int32 || type == tflite_type::int64) && to.holds_integers(x)) return {x};
    throw refusal("it makes " + text_of(type) + " of " + text_of(of.input(0).type));
}

/// The graph computes with real numbers: it has them already.
keras_values dequantize(const tflite_call& of) {
    of.wants_inputs(1, 1);
    return {of.elementwise("Identity", of.value(0))};
}
/// Only of real numbers: other integers for the same numbers need arithmetic of their own.
keras_values quantize(const tflite_call& of) {
    of.wants_inputs(1, 1);
    const tflite_tensor &from = of.input(0),
                        &to = of.state.model.tensors[static_cast<std::size_t>(of.what.outputs.at(0))];
    if (from.quantized.exists() && signed_quantization(from) != signed_quantization(to))
        throw refusal("it changes the scale or the zero point of integers");
    return {of.elementwise("Identity", of.value(0))};
}

}  // namespace

void add_tflite_elementwise(tflite_table& table) {
    for (const auto& [type, op] : functions_of_tflite) table.emplace(type, function);
    for (const char* const type : {"RELU6", "RELU_N1_TO_1", "RELU_0_TO_1"}) table.emplace(type, bounded);
    for (const char* const type : {"ADD", "SUB", "MUL", "DIV", "MAXIMUM", "MINIMUM", "POW"})
        table.emplace(type, arithmetic);
    for (const char* const type : {"MEAN", "SUM", "REDUCE_MAX"}) table.emplace(type, reduction);
    table.insert({{"LEAKY_RELU", leaky_relu},
                  {"ELU", elu},
                  {"HARD_SWISH", hard_swish},
                  {"GELU", gelu},
                  {"RSQRT", reciprocal_root},
                  {"SQUARE", square},
                  {"SQUARED_DIFFERENCE", squared_difference},
                  {"ADD_N", sum_of_all},
                  {"PRELU", prelu},
                  {"SOFTMAX", softmax},
                  {"LOG_SOFTMAX", softmax},
                  {"ARG_MAX", arg_max},
                  {"CAST", cast},
                  {"QUANTIZE", quantize},
                  {"DEQUANTIZE", dequantize}});
}

}  // namespace ctnn_import
