// SPDX-License-Identifier: BSL-1.0
// Matrices, recurrent layers and tables of TensorFlow Lite.
#include "graph/operator_call.hpp"
#include "read/tflite_call.hpp"
#include "refusal.hpp"

#include <algorithm>
#include <utility>

namespace ctnn_import {

namespace {

/// Columns for elements whose channels were last, in the order of elements whose channels are first.
array columns_for_channels_first(const array& matrix, const extents& before) {
    const std::int64_t channels = before[1], places = count(before, 2, before.size());
    array split = matrix;
    split.dims = {matrix.dims[0], places, channels};
    array result = permuted_array(split, {0, 2, 1});
    result.dims = matrix.dims;
    return result;
}

keras_values fully_connected(const tflite_call& of) {
    of.wants_inputs(2, 3);
    keras_graph& to = of.state.to;
    if (of.number("weights_format") != 0) throw refusal("its weights are shuffled");
    const extents from = of.dims(0), matrix = of.dims(1);
    if (matrix.size() != 2) throw refusal("its weights are " + text_of(matrix));
    const std::int64_t outputs = matrix[0], features = matrix[1], rows = count(from) / features;
    const bool keeps = of.number("keeps_axes") != 0;
    if (from.empty() || count(from) % features != 0 || (keeps && from.back() != features))
        throw refusal("its input is " + text_of(from) + ", and its weights take " + std::to_string(features));
    of.add_work({rows, outputs, features});
    const keras_value x = keeps ? of.value(0) : of.reshaped(of.value(0), {rows, features}, "/rows");
    extents dims = to.dims(x);
    dims.back() = outputs;
    std::string made;
    if (!of.is_constant(1)) {
        const std::string turned = of.emit("Transpose", "/turned", {to.in_place(of.value(1))}, {features, outputs},
                                           {{"perm", std::vector<std::int64_t>{1, 0}}});
        made = of.emit("MatMul", "", {to.in_place(x), turned}, dims);
    } else {
        array weights = of.reals(1);
        std::string given;
        if (const auto [flat, before] = to.before_flatten(x); !before.empty()) {
            given = flat;
            weights = columns_for_channels_first(weights, before);
        } else {
            given = to.in_place(x);
        }
        // A matrix for each of several rows, as MatMul takes it.
        made = dims.size() == 2 ? of.emit("Gemm", "", {given, of.constant_of(1, "/kernel", weights)}, dims,
                                          {{"transB", std::int64_t{1}}})
                                : of.emit("MatMul", "",
                                          {given, of.constant_of(1, "/kernel", permuted_array(weights, {1, 0}))}, dims);
    }
    if (of.has(2))
        made = of.emit("Add", "/add", {made, of.constant_of(2, "/bias", of.reals(2, {outputs}, "bias"))}, dims);
    return {of.activated(to.as_is(made))};
}

keras_values batch_matmul(const tflite_call& of) {
    of.wants_inputs(2, 2);
    keras_graph& to = of.state.to;
    std::vector<std::string> values;
    std::vector<extents> all;
    for (std::size_t i = 0; i < 2; ++i) {
        std::string given = to.in_place(of.value(i));
        extents dims = to.dims_of(given);
        if (dims.size() < 2) throw refusal("an input is " + text_of(dims));
        if (of.number(i == 0 ? "transposes_a" : "transposes_b") != 0) {
            std::vector<std::int64_t> order(dims.size());
            for (std::size_t k = 0; k < order.size(); ++k) order[k] = static_cast<std::int64_t>(k);
            std::swap(order[order.size() - 1], order[order.size() - 2]);
            std::swap(dims[dims.size() - 1], dims[dims.size() - 2]);
            given = of.emit("Transpose", i == 0 ? "/a" : "/b", {given}, dims, {{"perm", order}});
        }
        values.push_back(given);
        all.push_back(dims);
    }
    const extents &a = all[0], &b = all[1];
    if (a.size() != b.size() || a.back() != b[b.size() - 2])
        throw refusal("its inputs are " + text_of(a) + " and " + text_of(b));
    extents made = a;
    for (std::size_t i = 0; i + 2 < a.size(); ++i) {
        if (a[i] != b[i] && a[i] != 1 && b[i] != 1)
            throw refusal("its inputs are " + text_of(a) + " and " + text_of(b));
        made[i] = std::max(a[i], b[i]);
    }
    made.back() = b.back();
    of.add_work({count(made), a.back()});
    return {to.as_is(of.emit("MatMul", "", values, made))};
}

/// Rows of a table for computed indices, or other elements for constant ones.
keras_values gather(const tflite_call& of) {
    of.wants_inputs(2, 2);
    keras_graph& to = of.state.to;
    const bool is_lookup = of.what.type == "EMBEDDING_LOOKUP";
    const std::size_t table = is_lookup ? 1 : 0, indices = 1 - table;
    if (of.number("batch_axes") != 0) throw refusal("its batch_dims is not 0");
    const extents from = of.dims(table), at = of.dims(indices);
    const std::size_t axis = of.axis(of.number("axis"), from.size());
    if (of.is_constant(indices))
        for (const std::int64_t one : of.integers(indices))
            if (one < 0 || one >= from[axis])
                throw refusal("it takes element " + std::to_string(one) + " of " + std::to_string(from[axis]));
    const keras_value which = of.value(indices), of_what = of.value(table);
    if (!to.holds_integers(which)) throw refusal("its indices are no integers");
    extents made(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(axis));
    made.insert(made.end(), at.begin(), at.end());
    made.insert(made.end(), from.begin() + static_cast<std::ptrdiff_t>(axis) + 1, from.end());
    return {to.as_is(of.emit("Gather", "", {to.in_place(of_what), to.in_place(which)}, made,
                             {{"axis", static_cast<std::int64_t>(axis)}}, 0, to.holds_integers(of_what)))};
}

}  // namespace

void add_tflite_linear(tflite_table& table) {
    table.insert({{"FULLY_CONNECTED", fully_connected},
                  {"BATCH_MATMUL", batch_matmul},
                  {"GATHER", gather},
                  {"EMBEDDING_LOOKUP", gather}});
}

}  // namespace ctnn_import
