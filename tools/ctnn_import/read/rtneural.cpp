// SPDX-License-Identifier: BSL-1.0
// Reads sequential models in RTNeural's JSON: each layer's type, activation, shape, and weights as in Keras.
#include "evaluate_ctnn/interpret.hpp"
#include "graph/operator_call.hpp"
#include "read/import_weights.hpp"
#include "read/json_text.hpp"
#include "read/read.hpp"
#include "refusal.hpp"
#include "spec/spec_layer.hpp"

#include <ctnn/io/error.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <set>

namespace ctnn_import {

namespace {

using nlohmann::json;

std::int64_t integer(const json& of, const char* name) {
    const json value = of.value(name, json());
    const auto is_size = [](const json& one) {
        return one.is_number_unsigned() && one.get<std::uint64_t>() >= 1 && one.get<std::uint64_t>() <= 1 << 20;
    };
    if (!value.is_array()) {
        if (!is_size(value)) throw refusal(std::string(name) + " is not a positive number");
        return value.get<std::int64_t>();
    }
    // In a list, all elements but the last may be null.
    for (std::size_t i = 0; i < value.size(); ++i)
        if (!is_size(value[i]) && (i + 1 == value.size() || !value[i].is_null()))
            throw refusal("element " + std::to_string(i) + " of " + name + " is " +
                          ctnn::io::detail::printable(value[i].dump(), 40) + ", and not a positive number");
    if (value.empty()) throw refusal(std::string(name) + " is not a positive number");
    return value.back().get<std::int64_t>();
}

/// An array from nested lists; lists at the same depth need equal lengths.
array numbers_of(const json& lists) {
    array result;
    std::vector<double> numbers;
    const auto walk = [&](const auto& self, const json& at, std::size_t depth) -> void {
        if (!at.is_array()) {
            if (!at.is_number() || depth != result.dims.size())
                throw refusal("its weights are not an array of numbers");
            return numbers.push_back(at.get<double>());
        }
        const auto size = static_cast<std::int64_t>(at.size());
        if (depth == result.dims.size() && numbers.empty()) result.dims.push_back(size);
        if (depth >= result.dims.size() || result.dims[depth] != size || depth > 8)
            throw refusal("its weights are lists of different lengths");
        for (const json& inside : at) self(self, inside, depth + 1);
    };
    walk(walk, lists, 0);
    result.values = std::move(numbers);
    return result;
}

/// The spec of a layer, and Keras's names of its weights in file order.
struct description {
    std::string spec;  ///< empty for the identity
    std::vector<std::string> weights;
    bool line = false;  ///< takes channels x time instead of time x channels
};

std::string activation_of(const json& of) {
    const std::string name = of.value("activation", std::string());
    if (name.empty() || name == "linear") return "";
    for (const char* known : {"tanh", "relu", "sigmoid", "softmax", "elu"})
        if (name == known) return "ctnn::" + name;
    throw refusal("its activation " + ctnn::io::detail::in_quotes(name) + " is not supported");
}

/// The number of features per step. With four extents RTNeural takes the last two as features; no layer here does.
std::int64_t features(const json& of, const char* name) {
    if (of.contains(name) && of[name].is_array() && of[name].size() > 3)
        throw refusal(std::string(name) + " has " + std::to_string(of[name].size()) +
                      " extents, and at most 3 are supported");
    return integer(of, name);
}

/// Refuses unknown names, as they may change what the model computes: strides, or a skip connection.
void require_known_names(const json& object, const std::set<std::string>& known) {
    for (const auto& [name, value] : object.items())
        if (!known.contains(name)) throw refusal("the meaning of " + ctnn::io::detail::in_quotes(name) + " is unknown");
}

/// The number of weight arrays of a layer.
std::size_t arrays_of(const json& of) {
    const auto weights = of.find("weights");
    if (weights == of.end()) return 0;
    if (!weights->is_array()) throw refusal("its weights are not a list of arrays");
    return weights->size();
}

/// The number of steps in a shape, if it is that of a sequence and fixes it.
std::optional<std::int64_t> steps_of(const json& of, const char* name) {
    const json shape = of.value(name, json());
    if (!shape.is_array() || shape.size() != 3 || !shape[1].is_number_integer()) return std::nullopt;
    const auto steps = shape[1].get<std::int64_t>();
    if (steps < 1 || steps > 1 << 20)
        throw refusal(std::string(name) + " has " + std::to_string(steps) + " steps, and not 1 to 2^20");
    return steps;
}

description describe_convolution(const json& of, const std::optional<std::int64_t>& steps,
                                 const std::string& activation) {
    const std::int64_t window = integer(of, "kernel_size"), dilation = integer(of, "dilation"),
                       groups = of.contains("groups") ? integer(of, "groups") : 1;
    // RTNeural runs convolutions step by step, with zeros before the first step (causal). If the shape after one has
    // fewer steps than the shape before, the convolution was unpadded ("valid").
    const auto left = steps_of(of, "shape");
    const bool shorter = steps && left && *steps != *left;
    if (shorter && *left != *steps - dilation * (window - 1))
        throw refusal("its shape has " + std::to_string(*left) +
                      " steps, which neither a causal convolution nor one without padding computes from " +
                      std::to_string(*steps));
    const bool bias = arrays_of(of) != 1;
    return {"ctnn::conv1d<" + std::to_string(features(of, "shape")) + ", ctnn::window<" + std::to_string(window) +
                ">, ctnn::dilation<" + std::to_string(dilation) + ">" + (shorter ? "" : ", ctnn::causal") +
                (groups == 1 ? "" : ", ctnn::groups<" + std::to_string(groups) + ">") +
                (bias ? "" : ", ctnn::no_bias") + (activation.empty() ? "" : ", " + activation) + ">",
            bias ? std::vector<std::string>{"kernel", "bias"} : std::vector<std::string>{"kernel"}, true};
}

/// `steps` is the number of steps in the previous layer's shape.
description describe(const json& of, const std::optional<std::int64_t>& steps) {
    const std::string type = of.value("type", std::string()), activation = activation_of(of);
    const std::string with_activation = activation.empty() ? "" : ", " + activation;
    const std::string units = std::to_string(features(of, "shape"));
    if (type == "dense" || type == "time-distributed-dense") {
        if (arrays_of(of) == 1) return {"ctnn::dense<" + units + with_activation + ", ctnn::no_bias>", {"kernel"}};
        return {"ctnn::dense<" + units + with_activation + ">", {"kernel", "bias"}};
    }
    if (type == "conv1d") return describe_convolution(of, steps, activation);
    // RTNeural gives these Keras's default activations.
    if ((type == "gru" || type == "lstm") && (activation.empty() || activation == "ctnn::tanh"))
        return {"ctnn::" + type + "<" + units + ">", {"kernel", "recurrent_kernel", "bias"}};
    // RTNeural ignores an activation of these, but the model had it if the file names one.
    if ((type == "prelu" || type == "batchnorm") && !activation.empty())
        throw refusal("a " + type + " with an activation is not supported");
    if (type == "prelu") return {"ctnn::prelu<ctnn::axis<1>>", {"alpha"}};
    if (type == "batchnorm") {
        // Without "affine" there is no gamma and no beta.
        if (arrays_of(of) == 2) return {"ctnn::scale<ctnn::axis<1>>", {"moving_mean", "moving_variance"}};
        return {"ctnn::scale<ctnn::axis<1>>", {"gamma", "beta", "moving_mean", "moving_variance"}};
    }
    if (type == "activation") return {activation.empty() ? "" : "ctnn::activation<" + activation + ">", {}};
    throw refusal("the type " + ctnn::io::detail::in_quotes(type) +
                  (activation.empty()
                       ? ""
                       : " with the activation " + ctnn::io::detail::in_quotes(of.value("activation", std::string()))) +
                  " is not supported");
}

void append(network& to, const std::string& spec, std::int64_t room = most_parameters) {
    to.layers.push_back(layer_of_spec(parse_spec(spec), to.output, room));
    to.output = to.layers.back().output;
}

/// At inference, batch normalisation is a scale and a shift per feature.
void fill_batch_norm(layer& to, const json& of, const std::map<std::string, array>& tensors) {
    const json given = of.value("epsilon", json());
    const double epsilon = given.is_number() ? given.get<double>() : -1;
    if (!(epsilon >= 0)) throw refusal("its epsilon is missing, or not a number of at least 0");
    const extents wanted = to.parameters[0].dims;
    const auto numbers = [&](const std::string& name, double otherwise) {
        const auto found = tensors.find(name);
        if (found == tensors.end()) return std::vector<double>(static_cast<std::size_t>(wanted[0]), otherwise);
        if (found->second.dims != wanted)
            throw refusal("its array " + name + " is " + text_of(found->second.dims) + ", and it takes " +
                          text_of(wanted));
        return found->second.reals();
    };
    const auto gamma = numbers("gamma", 1), beta = numbers("beta", 0), mean = numbers("moving_mean", 0),
               variance = numbers("moving_variance", 1);
    for (std::size_t i = 0; i < gamma.size(); ++i) {
        if (!(variance[i] + epsilon > 0)) throw refusal("a variance plus epsilon is not above 0");
        const double factor = gamma[i] / std::sqrt(variance[i] + epsilon);
        to.parameters[0].values[i] = factor;
        to.parameters[1].values[i] = beta[i] - mean[i] * factor;
    }
}

void append_layer(network& to, const json& of, std::optional<std::int64_t>& steps) {
    const description what = describe(of, steps);
    require_known_names(
        of, {"type", "name", "activation", "shape", "weights", "kernel_size", "dilation", "groups", "epsilon"});
    if (arrays_of(of) != what.weights.size())
        throw refusal("it has " + std::to_string(arrays_of(of)) + " arrays of weights, and not " +
                      std::to_string(what.weights.size()));
    std::map<std::string, array> tensors;
    // Shared slopes expand to more parameters than the file holds, but few.
    std::int64_t room = std::int64_t{1} << 20;
    for (std::size_t i = 0; i < what.weights.size(); ++i) {
        array& numbers = tensors[what.weights[i]] = numbers_of(of["weights"][i]);
        room += static_cast<std::int64_t>(numbers.size());
    }
    if (what.line) append(to, "ctnn::permute<1, 0>");
    if (!what.spec.empty()) append(to, what.spec, room);
    if (of.value("type", std::string()) == "batchnorm")
        fill_batch_norm(to.layers.back(), of, tensors);
    else if (!what.weights.empty())
        fill_layer(to.layers.back(), framework::keras, [&](const std::string& name) -> const array* {
            const auto found = tensors.find(name);
            return found == tensors.end() ? nullptr : &found->second;
        });
    if (what.line) append(to, "ctnn::permute<1, 0>");
    if (to.output[1] != features(of, "shape")) throw refusal("its shape does not fit the layer before it");
    const auto left = steps_of(of, "shape");
    if (steps && left && *steps != *left && !what.line)
        throw refusal("its shape has " + std::to_string(*left) + " steps, and it is given " + std::to_string(*steps));
    if (left) steps = left;
}

/// Removes pairs of adjacent permutes, which cancel.
void drop_pairs(chain& layers) {
    for (std::size_t i = 0; i + 1 < layers.size();) {
        if (layers[i].kind == "permute" && layers[i + 1].kind == "permute")
            layers.erase(layers.begin() + static_cast<std::ptrdiff_t>(i),
                         layers.begin() + static_cast<std::ptrdiff_t>(i) + 2);
        else
            ++i;
    }
}

/// The layers of a model for sequences of `length` steps.
network layers_of(const json& model, std::int64_t length) {
    network result;
    result.input = result.output = {length, features(model, "in_shape")};
    auto steps = steps_of(model, "in_shape");
    std::size_t index = 0;
    for (const json& one : model["layers"]) {
        try {
            if (!one.is_object()) throw refusal("it is not an object");
            append_layer(result, one, steps);
        } catch (const refusal& error) {
            throw refusal("layer " + std::to_string(index) + ": " + error.what());
        } catch (const json::exception&) {
            throw refusal("layer " + std::to_string(index) + ": a value has another type than RTNeural writes");
        }
        ++index;
    }
    drop_pairs(result.layers);
    if (result.layers.empty()) throw refusal("the model has no layers");
    return result;
}

/// AIDA-X's gains and skip connection around the layers f: (f(g x) + g x) h with a skip, f(g x) h without. The file has
/// the gains g and h in decibels.
struct surroundings {
    double in_gain = 1, out_gain = 1;
    bool skip = false;
};
surroundings surroundings_of(const json& model) {
    const auto number = [&](const char* name) {
        const json given = model.value(name, json());
        if (!given.is_null() && !given.is_number()) throw refusal(std::string(name) + " is not a number");
        return given.is_null() ? 0 : given.get<double>();
    };
    // At -90 dB and below the gain is 0.
    const auto factor = [](double decibels) { return decibels > -90 ? std::pow(10, decibels / 20) : 0; };
    const double skip = number("in_skip");
    if (skip != 0 && skip != 1) throw refusal("in_skip is neither 0 nor 1");
    return {factor(number("in_gain")), factor(number("out_gain")), skip == 1};
}

void append_gain(network& to, double gain) {
    if (gain == 1) return;
    append(to, "ctnn::scale<ctnn::axis<1>>");
    // Features after the first are control parameters (knobs).
    auto& factors = to.layers.back().parameters[0].values;
    std::fill(factors.begin(), factors.end(), 1);
    factors[0] = gain;
}

network whole_of(const json& model, std::int64_t length) {
    const surroundings around = surroundings_of(model);
    network inside = layers_of(model, length), result;
    result.input = result.output = inside.input;
    append_gain(result, around.in_gain);
    if (around.skip) {
        if (inside.output != inside.input || inside.output[1] != 1)
            throw refusal("in_skip adds the input of " + text_of(inside.input) + " to an output of " +
                          text_of(inside.output) + ", and both have to be one value per step");
        layer sum;
        sum.kind = "sum";
        sum.input = sum.output = result.output;
        sum.branches = {{}, std::move(inside.layers)};
        result.layers.push_back(std::move(sum));
    } else {
        result.layers.insert(result.layers.end(), std::make_move_iterator(inside.layers.begin()),
                             std::make_move_iterator(inside.layers.end()));
        result.output = inside.output;
    }
    append_gain(result, around.out_gain);
    return result;
}

/// Checks the network against the reference outputs that AIDA-X stores in the file. It writes 2048 steps; of a longer
/// batch only the first 2048 are checked.
void compare_batch(const json& model) {
    if (!model.contains("input_batch") && !model.contains("output_batch")) return;
    array input = numbers_of(model.value("input_batch", json::array()));
    const array output = numbers_of(model.value("output_batch", json::array()));
    const std::int64_t width = features(model, "in_shape"), numbers = count(input.dims), steps = numbers / width;
    if (numbers == 0 || numbers % width != 0) throw refusal("input_batch is empty, or ends inside a step");
    const network whole = whole_of(model, std::min<std::int64_t>(steps, 2048));
    if (whole.output[0] != whole.input[0] || count(output.dims) != steps * whole.output[1])
        throw refusal("output_batch has " + std::to_string(count(output.dims)) + " values, and input_batch " +
                      std::to_string(steps) + " steps, for which the network computes " + text_of(whole.output));
    input.reals().resize(static_cast<std::size_t>(count(whole.input)));
    const auto answers = interpret(whole.layers, input.reals()).back();
    double largest = 1;
    for (const double number : output.reals()) largest = std::max(largest, std::abs(number));
    for (std::size_t i = 0; i < answers.size(); ++i)
        if (!(std::abs(answers[i] - output.reals()[i]) <= 1e-3 * largest))
            throw refusal("element " + std::to_string(i) + " of output_batch is " + std::to_string(output.reals()[i]) +
                          ", and the network computes " + std::to_string(answers[i]) +
                          ": the file's format has another meaning than the importer knows");
}

/// The default number of steps: one, for streaming, or those of the file if a convolution is unpadded.
std::int64_t usual_length(const json& model) {
    const auto steps = steps_of(model, "in_shape");
    for (const json& one : model["layers"])
        if (const auto left = one.is_object() ? steps_of(one, "shape") : std::nullopt; steps && left && left != steps) {
            if (*steps * features(model, "in_shape") > 1 << 20)
                throw refusal("in_shape has " + std::to_string(*steps) + " steps; --length chooses how many to import");
            return *steps;
        }
    return 1;
}

/// Describes a JSON file that is not an RTNeural model.
std::string kind_of(const json& file) {
    if (!file.is_object()) return "it is damaged, or not a JSON object";
    return file.contains("in_shape") ? "its layers are not a list" : "in_shape is missing";
}

}  // namespace

network parse_rtneural(std::string_view text, std::optional<std::int64_t> length) {
    const json model = parse_json(text);
    if (!model.is_object() || !model.contains("in_shape") || !model.contains("layers") || !model["layers"].is_array())
        throw refusal("the file is not an RTNeural model: " + kind_of(model));
    require_known_names(
        model, {"in_shape", "layers", "metadata", "in_skip", "in_gain", "out_gain", "input_batch", "output_batch"});
    compare_batch(model);
    return whole_of(model, length ? *length : usual_length(model));
}

network import_rtneural(const std::filesystem::path& file, std::optional<std::int64_t> length) {
    return parse_rtneural(whole_file(file), length);
}

}  // namespace ctnn_import
