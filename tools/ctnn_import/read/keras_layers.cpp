// SPDX-License-Identifier: BSL-1.0
// Dense layers, normalisations, combinations and rearrangements of Keras.
#include "read/keras_layers.hpp"

#include "graph/operator_call.hpp"
#include "refusal.hpp"

#include <ctnn/io/error.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ctnn_import {

namespace {

using ctnn::io::detail::in_quotes;
using nlohmann::json;

/// The rows of a matrix for elements whose channels were last, in the order of elements whose channels are first.
array rows_for_channels_first(const array& kernel, const extents& before) {
    const std::int64_t channels = before[1], places = count(before, 2, before.size()), width = kernel.dims[1];
    array split = kernel;
    split.dims = {places, channels, width};
    array result = permuted_array(split, {1, 0, 2});
    result.dims = kernel.dims;
    return result;
}

keras_value dense_of_keras(const keras_call& of) {
    const std::int64_t units = of.settings.integer("units", 1), features = of.dims().back();
    const bool has_bias = of.settings.flag("use_bias", true);
    of.settings.ignore({"lora_rank", "lora_alpha", "activity_regularizer", "input_dim"});
    std::vector<std::pair<std::string, extents>> wanted{{"kernel", {features, units}}};
    if (has_bias) wanted.emplace_back("bias", extents{units});
    auto weights = of.take(wanted);
    std::string x;
    if (const auto [flat, before] = of.to.before_flatten(of.input()); !before.empty()) {
        x = flat;
        weights["kernel"] = rows_for_channels_first(weights["kernel"], before);
    } else {
        x = of.to.in_place(of.input());
    }
    const std::string kernel = of.to.constant(of.name + "/kernel", weights["kernel"]);
    std::vector<std::string> inputs{x, kernel};
    std::string made;
    if (of.dims().size() == 2) {
        if (has_bias) inputs.push_back(of.to.constant(of.name + "/bias", weights["bias"]));
        made = of.to.emit("Gemm", of.name, inputs);
    } else {
        made = of.to.emit("MatMul", of.name, inputs);
        if (has_bias)
            made = of.to.emit("Add", of.name + "/add", {made, of.to.constant(of.name + "/bias", weights["bias"])});
    }
    return activate_keras(of, "activation", of.to.as_is(made));
}

/// The axes of an option, counted from 0, the batch included.
std::vector<std::size_t> axes_of(const keras_call& of, const std::string& name, std::int64_t otherwise) {
    const auto rank = static_cast<std::int64_t>(of.dims().size());
    const json given = of.settings.has(name) ? of.settings.get(name) : json(otherwise);
    of.settings.ignore({name});
    std::vector<std::size_t> axes;
    for (const json& one : given.is_array() ? given : json::array({given})) {
        const std::int64_t axis = keras_integer(one, name, -rank, rank - 1);
        axes.push_back(static_cast<std::size_t>(axis < 0 ? axis + rank : axis));
        if (axes.back() == 0) throw refusal("its " + name + " is that of the batch");
    }
    return axes;
}

keras_value batch_normalization_of_keras(const keras_call& of) {
    const std::vector<std::size_t> axes = axes_of(of, "axis", -1);
    if (axes.size() != 1) throw refusal("it has " + std::to_string(axes.size()) + " axes");
    const std::size_t axis = axes[0], rank = of.dims().size();
    const extents features{of.dims()[axis]};
    const double epsilon = of.settings.number("epsilon", 1e-3);
    const bool has_scale = of.settings.flag("scale", true), has_centre = of.settings.flag("center", true);
    of.settings.ignore({"momentum", "fused", "synchronized", "virtual_batch_size", "mode", "beta_constraint"});
    of.settings.require("renorm", false);
    std::vector<std::pair<std::string, extents>> wanted;
    if (has_scale) wanted.emplace_back("gamma", features);
    if (has_centre) wanted.emplace_back("beta", features);
    wanted.emplace_back("moving_mean", features);
    wanted.emplace_back("moving_variance", features);
    auto weights = of.take(wanted);
    const auto size = static_cast<std::size_t>(features[0]);
    if (!has_scale) weights["gamma"] = {features, std::vector<double>(size, 1)};
    if (!has_centre) weights["beta"] = {features, std::vector<double>(size, 0)};
    const bool is_last = axis + 1 == rank;
    if (is_last && rank > 2 && of.to.is_moved(of.input())) {
        const keras_value x = of.input();
        return of.to.channels_first(of.to.emit("BatchNormalization", of.name,
                                               {of.to.moved(x), of.to.constant(of.name + "/gamma", weights["gamma"]),
                                                of.to.constant(of.name + "/beta", weights["beta"]),
                                                of.to.constant(of.name + "/mean", weights["moving_mean"]),
                                                of.to.constant(of.name + "/variance", weights["moving_variance"])},
                                               {{"epsilon", epsilon}}));
    }
    if (axis == 1)
        return of.to.as_is(of.to.emit("BatchNormalization", of.name,
                                      {of.to.in_place(of.input()), of.to.constant(of.name + "/gamma", weights["gamma"]),
                                       of.to.constant(of.name + "/beta", weights["beta"]),
                                       of.to.constant(of.name + "/mean", weights["moving_mean"]),
                                       of.to.constant(of.name + "/variance", weights["moving_variance"])},
                                      {{"epsilon", epsilon}}));
    // ONNX normalises the axis behind the batch alone.
    extents along(rank, 1);
    along[axis] = features[0];
    std::vector<double> factor(size), shift(size);
    for (std::size_t i = 0; i < size; ++i) {
        const double variance = weights["moving_variance"].reals()[i] + epsilon;
        if (!(variance > 0)) throw refusal("a variance is not above 0");
        factor[i] = weights["gamma"].reals()[i] / std::sqrt(variance);
        shift[i] = weights["beta"].reals()[i] - weights["moving_mean"].reals()[i] * factor[i];
    }
    const std::string scaled = of.to.emit(
        "Mul", of.name + "/mul", {of.to.in_place(of.input()), of.to.constant(of.name + "/factor", {along, factor})});
    return of.to.as_is(of.to.emit("Add", of.name, {scaled, of.to.constant(of.name + "/shift", {along, shift})}));
}

keras_value layer_normalization_of_keras(const keras_call& of) {
    const std::vector<std::size_t> axes = axes_of(of, "axis", -1);
    const std::size_t rank = of.dims().size(), first = axes[0];
    for (std::size_t i = 0; i < axes.size(); ++i)
        if (axes[i] != first + i || first + axes.size() != rank)
            throw refusal("its axes are not the last ones, in order");
    const extents features(of.dims().begin() + static_cast<std::ptrdiff_t>(first), of.dims().end());
    const double epsilon = of.settings.number("epsilon", 1e-3);
    const bool has_scale = of.settings.flag("scale", true), has_centre = of.settings.flag("center", true);
    of.settings.require("rms_scaling", false);
    std::vector<std::pair<std::string, extents>> wanted;
    if (has_scale) wanted.emplace_back("gamma", features);
    if (has_centre) wanted.emplace_back("beta", features);
    auto weights = of.take(wanted);
    const auto size = static_cast<std::size_t>(count(features));
    if (!has_scale) weights["gamma"] = {features, std::vector<double>(size, 1)};
    if (!has_centre) weights["beta"] = {features, std::vector<double>(size, 0)};
    return of.to.as_is(of.to.emit(
        "LayerNormalization", of.name,
        {of.to.in_place(of.input()), of.to.constant(of.name + "/gamma", weights["gamma"]),
         of.to.constant(of.name + "/beta", weights["beta"])},
        {{"axis", static_cast<std::int64_t>(first) - static_cast<std::int64_t>(rank)}, {"epsilon", epsilon}}));
}

keras_value embedding_of_keras(const keras_call& of) {
    const std::int64_t symbols = of.settings.integer("input_dim", 1), width = of.settings.integer("output_dim", 1);
    if (of.settings.flag("mask_zero", false)) throw refusal("its mask_zero is set");
    of.settings.ignore({"input_length", "sparse", "lora_rank", "lora_alpha", "activity_regularizer"});
    const auto weights = of.take({{"embeddings", {symbols, width}}});
    if (!of.to.holds_integers(of.input())) throw refusal("its input is not one of the model's inputs");
    return of.to.as_is(
        of.to.emit("Gather", of.name,
                   {of.to.constant(of.name + "/embeddings", weights.at("embeddings")), of.to.in_place(of.input())},
                   {{"axis", std::int64_t{0}}}));
}

// --- Combinations

/// The inputs of a layer in one arrangement, and whether that has the channels first.
std::pair<std::vector<std::string>, bool> alike(const keras_call& of) {
    const std::size_t rank = of.to.dims(of.inputs.at(0)).size();
    bool first = false;
    for (const keras_value one : of.inputs) {
        if (of.to.dims(one).size() != rank)
            throw refusal("its inputs are " + text_of(of.to.dims(of.inputs[0])) + " and " + text_of(of.to.dims(one)));
        first = first || (rank > 2 && of.to.is_moved(one));
    }
    std::vector<std::string> values;
    for (const keras_value one : of.inputs) values.push_back(first ? of.to.moved(one) : of.to.in_place(one));
    return {values, first};
}

keras_value combination(const keras_call& of) {
    if (of.inputs.size() < 2) throw refusal("it has " + std::to_string(of.inputs.size()) + " input");
    if (of.type == "Subtract" && of.inputs.size() != 2)
        throw refusal("it has " + std::to_string(of.inputs.size()) + " inputs");
    const auto [values, first] = alike(of);
    const std::string op = of.type == "Multiply" ? "Mul" : of.type == "Subtract" ? "Sub" : "Add";
    std::string made = values[0];
    for (std::size_t i = 1; i < values.size(); ++i)
        made = of.to.emit(op, i + 1 == values.size() ? of.name : of.name + "/" + std::to_string(i), {made, values[i]});
    if (of.type == "Average") {
        const double share = 1 / static_cast<double>(values.size());
        made = of.to.emit("Mul", of.name + "/mean",
                          {made, of.to.constant(of.name + "/share", {{}, std::vector<double>{share}})});
    }
    return first ? of.to.channels_first(made) : of.to.as_is(made);
}

keras_value concatenation(const keras_call& of) {
    const auto [values, first] = alike(of);
    const auto rank = static_cast<std::int64_t>(of.to.dims(of.inputs[0]).size());
    std::int64_t axis = of.settings.has("axis") ? keras_integer(of.settings.get("axis"), "axis", -rank, rank - 1) : -1;
    of.settings.ignore({"axis"});
    if (axis < 0) axis += rank;
    if (axis == 0) throw refusal("its axis is that of the batch");
    if (first) axis = axis == rank - 1 ? 1 : axis + 1;
    const std::string made = of.to.emit("Concat", of.name, values, {{"axis", axis}});
    return first ? of.to.channels_first(made) : of.to.as_is(made);
}

// --- Rearrangements

/// Layers that do nothing outside of training.
keras_value nothing_of_keras(const keras_call& of) {
    const keras_value x = of.input();
    // Options of training, whatever they are.
    for (const auto& [name, value] : of.settings.whole().items()) of.settings.ignore({name});
    return x;
}

keras_value flatten_of_keras(const keras_call& of) {
    const keras_value x = of.input();
    const std::string format = of.settings.text("data_format", "channels_last");
    if (format != "channels_last" && format != "channels_first")
        throw refusal("its data_format is " + in_quotes(format));
    const std::int64_t size = count(of.dims());
    const auto flat = [&](const std::string& value) {
        return of.to.emit("Reshape", of.name, {value, of.to.integers(of.name + "/extents", {1, size})});
    };
    if (format == "channels_first" && of.dims().size() > 2) {
        // It moves the channels to the end first.
        std::vector<std::int64_t> order(of.dims().size());
        std::iota(order.begin(), order.end(), 0);
        std::rotate(order.begin() + 1, order.begin() + 2, order.end());
        return of.to.as_is(
            flat(of.to.emit("Transpose", of.name + "/channels_last", {of.to.in_place(x)}, {{"perm", order}})));
    }
    if (of.dims().size() == 2) return x;
    if (!of.to.is_moved(x)) return of.to.as_is(flat(of.to.in_place(x)));
    const std::string value = of.to.moved(x);
    const extents dims = of.to.dims_of(value);
    // With one channel, or one place, the order is the same.
    if (dims[1] == 1 || dims[1] == size) return of.to.as_is(flat(value));
    return of.to.flattened(flat(value), dims);
}

keras_value reshape_of_keras(const keras_call& of) {
    const json& target = of.settings.get("target_shape");
    if (!target.is_array()) throw refusal("its target_shape is no list");
    std::vector<std::int64_t> dims{1};
    for (const json& one : target) dims.push_back(keras_integer(one, "target_shape", -1));
    return of.to.as_is(
        of.to.emit("Reshape", of.name, {of.to.in_place(of.input()), of.to.integers(of.name + "/extents", dims)}));
}

keras_value permute_of_keras(const keras_call& of) {
    std::vector<std::int64_t> order{0};
    const auto rank = static_cast<std::int64_t>(of.dims().size());
    for (const json& one : of.settings.get("dims")) order.push_back(keras_integer(one, "dims", 1, rank - 1));
    return of.to.as_is(of.to.emit("Transpose", of.name, {of.to.in_place(of.input())}, {{"perm", order}}));
}

keras_value repeat_vector_of_keras(const keras_call& of) {
    of.wants_rank(2);
    const std::int64_t times = of.settings.integer("n", 1), features = of.dims()[1];
    const std::string one =
        of.to.emit("Reshape", of.name + "/row",
                   {of.to.in_place(of.input()), of.to.integers(of.name + "/extents", {1, 1, features})});
    return of.to.as_is(of.to.emit("Expand", of.name, {one, of.to.integers(of.name + "/times", {1, times, features})}));
}

/// The same layer for each step. Of the layers inside, those here treat all axes but the last alike anyway.
keras_value time_distributed(const keras_call& of) {
    const json& inner = of.settings.get("layer");
    if (!inner.is_object() || !inner.contains("class_name") || !inner["class_name"].is_string() ||
        !inner.contains("config"))
        throw refusal("its layer is no layer");
    const auto type = inner["class_name"].get<std::string>();
    static const std::set<std::string> alike{"Dense", "Dropout", "Activation", "ReLU", "LeakyReLU", "ELU"};
    if (of.dims().size() < 3) throw refusal("its input of " + text_of(of.dims()) + " has no steps");
    if (!alike.contains(type) && type != "Flatten") throw refusal("its layer is of the class " + in_quotes(type));
    keras_settings settings(inner["config"]);
    if (type == "Flatten") {
        if (settings.text("data_format", "channels_last") != "channels_last")
            throw refusal("its layer has another data_format than channels_last");
        settings.finish();
        const std::vector<std::int64_t> dims{1, of.dims()[1], count(of.dims(), 2, of.dims().size())};
        return of.to.as_is(
            of.to.emit("Reshape", of.name, {of.to.in_place(of.input()), of.to.integers(of.name + "/extents", dims)}));
    }
    const keras_value result = apply_keras(
        {type, of.name, settings, of.weights.part(of.place, "layer", ""), of.weights, of.to, of.version, of.inputs});
    settings.finish();
    return result;
}

// --- Preprocessing

keras_value rescaling(const keras_call& of) {
    const auto one = [&](const char* name, double otherwise) {
        return of.to.constant(of.name + "/" + name, {{}, std::vector<double>{of.settings.number(name, otherwise)}});
    };
    const std::string factor = one("scale", 1), offset = one("offset", 0);
    return of.to.elementwise(of.input(), [&](const std::string& value) {
        return of.to.emit("Add", of.name, {of.to.emit("Mul", of.name + "/mul", {value, factor}), offset});
    });
}

/// (x - mean) / max(sqrt(variance), 1e-7) along the last axis.
keras_value normalization_of_keras(const keras_call& of) {
    of.settings.require("invert", false);
    const std::vector<std::size_t> axes = axes_of(of, "axis", -1);
    if (axes.size() != 1 || axes[0] + 1 != of.dims().size()) throw refusal("its axis is not the last one");
    const extents features{of.dims().back()};
    for (const char* const name : {"mean", "variance"})
        if (of.settings.has(name)) throw refusal(std::string("its ") + name + " is an option");
    of.settings.ignore({"mean", "variance"});
    const auto weights = of.take({{"mean", features}, {"variance", features}, {"count", {}}});
    std::vector<double> factor, shift;
    for (std::size_t i = 0; i < weights.at("mean").size(); ++i) {
        factor.push_back(1 / std::max(std::sqrt(weights.at("variance").reals()[i]), 1e-7));
        shift.push_back(-weights.at("mean").reals()[i] * factor[i]);
    }
    const std::string scaled = of.to.emit(
        "Mul", of.name + "/mul", {of.to.in_place(of.input()), of.to.constant(of.name + "/factor", {features, factor})});
    return of.to.as_is(of.to.emit("Add", of.name, {scaled, of.to.constant(of.name + "/shift", {features, shift})}));
}

const keras_table& layers_of_keras() {
    static const keras_table table = [] {
        keras_table all;
        add_keras_activations(all);
        add_keras_windows(all);
        add_keras_recurrent(all);
        add_keras_rearrangements(all);
        return all;
    }();
    return table;
}

}  // namespace

void add_keras_rearrangements(keras_table& table) {
    table.insert({{"Dense", dense_of_keras},
                  {"BatchNormalization", batch_normalization_of_keras},
                  {"LayerNormalization", layer_normalization_of_keras},
                  {"Embedding", embedding_of_keras},
                  {"Add", combination},
                  {"Subtract", combination},
                  {"Multiply", combination},
                  {"Average", combination},
                  {"Concatenate", concatenation},
                  {"Flatten", flatten_of_keras},
                  {"Reshape", reshape_of_keras},
                  {"Permute", permute_of_keras},
                  {"RepeatVector", repeat_vector_of_keras},
                  {"TimeDistributed", time_distributed},
                  {"Rescaling", rescaling},
                  {"Normalization", normalization_of_keras}});
    for (const char* const name : {"Dropout", "SpatialDropout1D", "SpatialDropout2D", "AlphaDropout", "GaussianDropout",
                                   "GaussianNoise", "ActivityRegularization", "RandomFlip", "RandomRotation",
                                   "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness"})
        table.emplace(name, nothing_of_keras);
}

keras_value keras_call::input() const {
    if (inputs.size() != 1) throw refusal("it has " + std::to_string(inputs.size()) + " inputs, and not one");
    return inputs[0];
}

void keras_call::wants_rank(std::size_t rank) const {
    if (dims().size() != rank)
        throw refusal("its input is " + text_of(dims()) + ", and it takes " + std::to_string(rank - 1) +
                      " axes besides the batch");
}

std::map<std::string, array> keras_call::take(const std::vector<std::pair<std::string, extents>>& wanted) const {
    std::vector<std::string> names;
    for (const auto& [own, dims] : wanted) names.push_back(own);
    const std::vector<const array*> found = weights.take(place, names);
    std::map<std::string, array> result;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto& [own, dims] = wanted[i];
        if (found[i]->dims != dims)
            throw refusal("its weights " + own + " are " + text_of(found[i]->dims) + ", and it takes " + text_of(dims));
        if (found[i]->holds_integers() && own != "count") throw refusal("its weights " + own + " are integers");
        result.emplace(own, *found[i]);
    }
    return result;
}

keras_value apply_keras(const keras_call& of) {
    const auto found = layers_of_keras().find(of.type);
    if (found == layers_of_keras().end()) throw refusal("the importer does not know this class");
    return found->second(of);
}

}  // namespace ctnn_import
