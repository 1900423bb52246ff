// SPDX-License-Identifier: BSL-1.0
#include "read/tflite_call.hpp"

#include "graph/operator_call.hpp"
#include "refusal.hpp"

#include <algorithm>
#include <numeric>

namespace ctnn_import {

namespace {

constexpr std::int64_t most_tflite_work = std::int64_t{1} << 34;

std::size_t at(std::int32_t tensor) {
    return static_cast<std::size_t>(tensor);
}
std::string ordinal(std::size_t input) {
    return "its input " + std::to_string(input);
}

}  // namespace

void tflite_call::wants_inputs(std::size_t least, std::size_t most) const {
    if (what.inputs.size() < least || what.inputs.size() > most)
        throw refusal("it has " + std::to_string(what.inputs.size()) + " inputs, and takes " +
                      (least == most ? "" : std::to_string(least) + " to ") + std::to_string(most));
    for (std::size_t i = 0; i < least; ++i)
        if (!has(i)) throw refusal(ordinal(i) + " is left out");
}

const tflite_tensor& tflite_call::input(std::size_t i) const {
    if (!has(i)) throw refusal(ordinal(i) + " is missing");
    return state.model.tensors[at(what.inputs[i])];
}

const extents& tflite_call::dims(std::size_t i) const {
    const tflite_tensor& from = input(i);
    if (const auto& made = state.values[at(what.inputs[i])]) return state.to.dims(*made);
    const auto found = state.folded.find(at(what.inputs[i]));
    return found == state.folded.end() ? from.dims : found->second.dims;
}

bool tflite_call::is_constant(std::size_t i) const {
    return input(i).is_constant || state.folded.contains(at(what.inputs[i]));
}

array tflite_call::reals(std::size_t i) const {
    if (!is_constant(i)) throw refusal(ordinal(i) + " is no constant");
    state.room -= count(dims(i));
    if (state.room < 0)
        throw refusal("the operators up to it take more numbers from constants than the file has bytes");
    const auto found = state.folded.find(at(what.inputs[i]));
    array result = found == state.folded.end() ? elements_of(input(i)) : found->second;
    if (result.holds_integers())
        throw refusal(ordinal(i) + " holds " + text_of(input(i).type) + " numbers without a scale");
    return result;
}

array tflite_call::reals(std::size_t i, const extents& wanted, const char* named) const {
    if (!is_constant(i)) throw refusal(std::string("its ") + named + " is computed");
    if (dims(i) != wanted)
        throw refusal(std::string("its ") + named + " is " + ctnn_import::text_of(dims(i)) + ", and it takes " +
                      ctnn_import::text_of(wanted));
    return reals(i);
}

std::vector<std::int64_t> tflite_call::integers(std::size_t i) const {
    if (!is_constant(i)) throw refusal(ordinal(i) + " is no constant");
    state.room -= count(dims(i));
    if (state.room < 0)
        throw refusal("the operators up to it take more numbers from constants than the file has bytes");
    const auto found = state.folded.find(at(what.inputs[i]));
    const array result = found == state.folded.end() ? integers_of(input(i)) : found->second;
    if (!result.holds_integers()) throw refusal(ordinal(i) + " holds no integers");
    return result.integers();
}

keras_value tflite_call::value(std::size_t i) const {
    input(i);
    if (const auto& made = state.values[at(what.inputs[i])]) return *made;
    const tflite_type type = input(i).type;
    const bool is_integer = !input(i).quantized.exists() && (type == tflite_type::int32 || type == tflite_type::int64);
    const std::string suffix = "/input " + std::to_string(i);
    if (is_integer) {
        const extents own = dims(i);
        return state.to.as_is(constant(suffix, {own, integers(i)}));
    }
    return state.to.as_is(constant(suffix, reals(i)));
}

std::size_t tflite_call::axis(std::int64_t given, std::size_t rank) const {
    const auto all = static_cast<std::int64_t>(rank);
    if (given < -all || given >= all)
        throw refusal("its axis is " + std::to_string(given) + ", and its input has " + std::to_string(all));
    return static_cast<std::size_t>(given < 0 ? given + all : given);
}

std::string tflite_call::emit(const char* op, const std::string& suffix, std::vector<std::string> inputs,
                              const extents& dims, keras_graph::attributes with, std::size_t output,
                              bool integers) const {
    std::int64_t size = 1;
    for (const std::int64_t extent : dims) {
        size *= extent;
        if (extent < 1 || extent > std::int64_t{1} << 26 || size > std::int64_t{1} << 26)
            throw refusal("its output would be " + ctnn_import::text_of(dims));
    }
    return state.to.emit_as(op, name + suffix, std::move(inputs), dims, std::move(with), output, integers);
}
std::string tflite_call::constant(const std::string& suffix, array numbers) const {
    return state.to.constant(name + suffix, std::move(numbers));
}
std::string tflite_call::constant_of(std::size_t i, const std::string& suffix, array numbers) const {
    const std::string made = constant(suffix, std::move(numbers));
    if (has(i) && input(i).is_constant && input(i).quantized.exists()) state.to.quantize(made, input(i).quantized);
    return made;
}

std::string tflite_call::integers(const std::string& suffix, std::vector<std::int64_t> numbers) const {
    return state.to.integers(name + suffix, std::move(numbers));
}

void tflite_call::add_work(const extents& factors) const {
    for (std::int64_t work = 1; const std::int64_t factor : factors) {
        work *= factor;
        if (work > most_tflite_work) throw refusal("it takes more than 2^34 multiplications");
        if (&factor == &factors.back()) state.work += work;
    }
    if (state.work > most_tflite_work) throw refusal("the operators up to it take more than 2^34 multiplications");
}

keras_value tflite_call::elementwise(const char* op, keras_value x, const keras_graph::attributes& with,
                                     const std::string& suffix) const {
    return state.to.elementwise(
        x, [&](const std::string& given) { return emit(op, suffix, {given}, extents(state.to.dims_of(given)), with); });
}

keras_value tflite_call::clipped(keras_value x, double low, double high, const std::string& suffix) const {
    const std::string least = constant(suffix + "/min", {{}, std::vector<double>{low}}),
                      most = constant(suffix + "/max", {{}, std::vector<double>{high}});
    return state.to.elementwise(x, [&](const std::string& given) {
        return emit("Clip", suffix, {given, least, most}, extents(state.to.dims_of(given)));
    });
}

keras_value tflite_call::activated(keras_value x) const {
    switch (number("activation")) {
        case 0:
            return x;
        case 1:
            return elementwise("Relu", x, {}, "/relu");
        case 2:
            return clipped(x, -1, 1, "/relu_n1_to_1");
        case 3:
            return clipped(x, 0, 6, "/relu6");
        // Of those that the format has, runtimes refuse or leave out TANH (4) and SIGN_BIT (5).
        default:
            throw refusal("its activation is number " + std::to_string(number("activation")) +
                          ", and TensorFlow Lite computes 0 to 3: none, RELU, RELU_N1_TO_1 and RELU6");
    }
}

keras_value tflite_call::reshaped(keras_value x, const extents& dims, const std::string& suffix) const {
    keras_graph& to = state.to;
    const extents from = to.dims(x);
    if (count(from) != count(dims))
        throw refusal("its input of " + ctnn_import::text_of(from) + " does not become " + ctnn_import::text_of(dims));
    if (from == dims) return x;
    const bool is_integer = to.holds_integers(x);
    const auto shaped = [&](const std::string& given, const extents& wanted) {
        return emit("Reshape", suffix, {given, integers(suffix + "/extents", wanted)}, wanted, {}, 0, is_integer);
    };
    if (!is_moved(x)) return to.as_is(shaped(to.in_place(x), dims));
    const std::int64_t size = count(from), channels = from.back();
    if (channels == 1 || channels * from[0] == size) return to.as_is(shaped(to.moved(x), dims));
    if (dims.size() == 2 && dims[0] == 1 && from[0] == 1) {
        const extents before = to.dims_of(to.moved(x));
        return to.flattened(shaped(to.moved(x), dims), before);
    }
    if (dims.size() > 2 && dims[0] == from[0] && dims.back() == channels) {
        extents moved = dims;
        std::rotate(moved.begin() + 1, moved.end() - 1, moved.end());
        return to.channels_first(shaped(to.moved(x), moved));
    }
    return to.as_is(shaped(to.in_place(x), dims));
}

keras_value tflite_call::sliced(keras_value x, const std::vector<std::int64_t>& starts, const extents& dims,
                                const std::vector<std::int64_t>& steps, const std::string& suffix) const {
    keras_graph& to = state.to;
    const bool first = is_moved(x);
    const std::string given = first ? to.moved(x) : to.in_place(x);
    const extents from = to.dims(x);
    std::vector<std::int64_t> begins, ends, axes, strides;
    extents made = to.dims_of(given);
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (starts[i] == 0 && steps[i] == 1 && dims[i] == from[i]) continue;
        const std::size_t own = first ? moved_axis(i, from.size()) : i;
        begins.push_back(starts[i]);
        // Behind the last element, or before the first one.
        const std::int64_t end = starts[i] + steps[i] * (dims[i] - 1) + (steps[i] > 0 ? 1 : -1);
        ends.push_back(end < 0 ? std::numeric_limits<std::int32_t>::min() : end);
        strides.push_back(steps[i]);
        axes.push_back(static_cast<std::int64_t>(own));
        made[own] = dims[i];
    }
    if (axes.empty()) return x;
    return arranged(emit("Slice", suffix,
                         {given, integers(suffix + "/starts", begins), integers(suffix + "/ends", ends),
                          integers(suffix + "/axes", axes), integers(suffix + "/steps", strides)},
                         made, {}, 0, to.holds_integers(x)),
                    first);
}

std::pair<std::vector<std::string>, bool> tflite_call::alike(const std::vector<keras_value>& all) const {
    const std::size_t rank = state.to.dims(all.at(0)).size();
    bool first = false;
    for (const keras_value one : all) {
        if (state.to.dims(one).size() != rank)
            throw refusal("its inputs are " + ctnn_import::text_of(state.to.dims(all[0])) + " and " +
                          ctnn_import::text_of(state.to.dims(one)));
        first = first || is_moved(one);
    }
    std::vector<std::string> values;
    for (const keras_value one : all) values.push_back(first ? state.to.moved(one) : state.to.in_place(one));
    return {values, first};
}

}  // namespace ctnn_import
