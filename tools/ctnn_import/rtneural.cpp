// SPDX-License-Identifier: BSL-1.0
// Sequential models in the JSON of RTNeural: for each layer its type, activation, shape, and the weights of Keras.
#include "import_weights.hpp"
#include "operation.hpp"
#include "read.hpp"
#include "refusal.hpp"
#include "spec_layer.hpp"

#include <ctnn/io/error.hpp>

#include <nlohmann/json.hpp>

#include <set>

namespace ctnn_import {

namespace {

using nlohmann::json;

std::int64_t integer(const json& of, const char* name) {
    const json value = of.value(name, json());
    const json& last = value.is_array() && !value.empty() ? value.back() : value;
    if (!last.is_number_integer() || last.get<std::int64_t>() < 1 || last.get<std::int64_t>() > 1 << 20)
        throw refusal(std::string(name) + " is no positive number");
    return last.get<std::int64_t>();
}

/// Nested lists of numbers, as long as each other.
array numbers_of(const json& lists) {
    array result;
    std::vector<double> numbers;
    const auto walk = [&](const auto& self, const json& at, std::size_t depth) -> void {
        if (!at.is_array()) {
            if (!at.is_number() || depth != result.dims.size()) throw refusal("its weights are no array of numbers");
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

/// The spec of a layer, and what Keras calls its weights, in the order in which they are kept.
struct description {
    std::string spec;
    std::vector<std::string> weights;
    bool line = false;  ///< channels first, and not the time
};

std::string activation_of(const json& of) {
    const std::string name = of.value("activation", std::string());
    if (name.empty() || name == "linear") return "";
    for (const char* known : {"tanh", "relu", "sigmoid", "softmax", "elu"})
        if (name == known) return "ctnn::" + name;
    throw refusal("its activation is \"" + name + "\"");
}

/// How many features a step has. Of four extents RTNeural takes the last two for them, which no layer here does.
std::int64_t features(const json& of, const char* name) {
    if (of.contains(name) && of[name].is_array() && of[name].size() > 3)
        throw refusal(std::string(name) + " has " + std::to_string(of[name].size()) +
                      " extents, and at most 3 are known");
    return integer(of, name);
}

/// What is not known may change what the model computes: strides, or a sum of input and output.
void require_known_names(const json& object, const std::set<std::string>& known) {
    for (const auto& [name, value] : object.items())
        if (!known.contains(name)) throw refusal("what " + ctnn::io::detail::in_quotes(name) + " means is not known");
}

description describe(const json& of) {
    const std::string type = of.value("type", std::string()), activation = activation_of(of);
    const std::string with_activation = activation.empty() ? "" : ", " + activation;
    const std::string units = std::to_string(features(of, "shape"));
    if (type == "dense" || type == "time-distributed-dense")
        return {"ctnn::dense<" + units + with_activation + ">", {"kernel", "bias"}};
    if (type == "conv1d") {
        const std::int64_t groups = of.contains("groups") ? integer(of, "groups") : 1;
        return {"ctnn::conv1d<" + units + ", ctnn::window<" + std::to_string(integer(of, "kernel_size")) +
                    ">, ctnn::dilation<" + std::to_string(integer(of, "dilation")) + ">, ctnn::causal" +
                    (groups == 1 ? "" : ", ctnn::groups<" + std::to_string(groups) + ">") + with_activation + ">",
                {"kernel", "bias"},
                true};
    }
    // RTNeural gives these the activations that they have in Keras unless told otherwise.
    if ((type == "gru" || type == "lstm") && (activation.empty() || activation == "ctnn::tanh"))
        return {"ctnn::" + type + "<" + units + ">", {"kernel", "recurrent_kernel", "bias"}};
    // RTNeural passes over an activation of these, which the model had if the file says so.
    if ((type == "prelu" || type == "batchnorm") && !activation.empty())
        throw refusal("a " + type + " with an activation is not known");
    if (type == "prelu") return {"ctnn::prelu<ctnn::axis<1>>", {"alpha"}};
    if (type == "batchnorm") {
        // Without "affine", gamma and beta are not there.
        const double epsilon = of.value("epsilon", 0.0);
        if (!(epsilon > 1e-15 && epsilon <= 1)) throw refusal("its epsilon is missing, or not between 1e-15 and 1");
        const auto denominator = static_cast<std::int64_t>(1 / epsilon + 0.5);
        if (static_cast<float>(1.0 / static_cast<double>(denominator)) != static_cast<float>(epsilon))
            throw refusal("its epsilon is not one over an integer");
        if (!of.contains("weights") || of["weights"].size() != 4)
            throw refusal("it has not gamma, beta, mean and variance");
        return {"ctnn::batch_norm<ctnn::identity, ctnn::axis<1>, std::ratio<1, 100>, ctnn::epsilon<std::ratio<1, " +
                    std::to_string(denominator) + ">>>",
                {"gamma", "beta", "moving_mean", "moving_variance"}};
    }
    if (type == "activation" && !activation.empty()) return {"ctnn::activation<" + activation + ">", {}};
    throw refusal("the type \"" + type + "\"" +
                  (activation.empty() ? "" : " with the activation " + of.value("activation", std::string())) +
                  " is not known");
}

void append(network& to, const std::string& spec) {
    to.layers.push_back(layer_of_spec(parse_spec(spec), to.output));
    to.output = to.layers.back().output;
}

void append_layer(network& to, const json& of) {
    const description what = describe(of);
    require_known_names(
        of, {"type", "name", "activation", "shape", "weights", "kernel_size", "dilation", "groups", "epsilon"});
    std::map<std::string, array> tensors;
    const json weights = of.value("weights", json::array());
    if (!weights.is_array() || (weights.size() != what.weights.size() && !what.weights.empty()))
        throw refusal("it has " + std::to_string(weights.size()) + " arrays of weights, and not " +
                      std::to_string(what.weights.size()));
    for (std::size_t i = 0; i < what.weights.size(); ++i) tensors[what.weights[i]] = numbers_of(weights[i]);
    // One slope a feature, kept with extents of 1 in front.
    if (const auto alpha = tensors.find("alpha"); alpha != tensors.end()) {
        extents& dims = alpha->second.dims;
        while (dims.size() > 1 && dims[0] == 1) dims.erase(dims.begin());
        // RTNeural takes a single slope for all features.
        if (dims == extents{1} && to.output[1] > 1) {
            dims = {to.output[1]};
            alpha->second.reals().assign(static_cast<std::size_t>(to.output[1]), alpha->second.reals()[0]);
        }
    }
    if (what.line) append(to, "ctnn::permute<1, 0>");
    append(to, what.spec);
    fill_layer(to.layers.back(), framework::keras, [&](const std::string& name) -> const array* {
        const auto found = tensors.find(name);
        return found == tensors.end() ? nullptr : &found->second;
    });
    if (what.line) append(to, "ctnn::permute<1, 0>");
    if (to.output[1] != features(of, "shape")) throw refusal("its shape does not fit the layer before it");
}

/// Two that follow one another take each other back.
void drop_pairs(chain& layers) {
    for (std::size_t i = 0; i + 1 < layers.size();) {
        if (layers[i].kind == "permute" && layers[i + 1].kind == "permute")
            layers.erase(layers.begin() + static_cast<std::ptrdiff_t>(i),
                         layers.begin() + static_cast<std::ptrdiff_t>(i) + 2);
        else
            ++i;
    }
}

}  // namespace

network import_rtneural(const std::filesystem::path& file, std::int64_t length) {
    const json model = json::parse(whole_file(file), nullptr, false);
    if (!model.is_object() || !model.contains("in_shape") || !model.value("layers", json()).is_array())
        throw refusal("the file is no model of RTNeural: in_shape and layers are missing");
    require_known_names(model, {"in_shape", "layers"});
    network result;
    result.input = result.output = {length, features(model, "in_shape")};
    std::size_t index = 0;
    for (const json& one : model["layers"]) {
        try {
            if (!one.is_object()) throw refusal("it is no object");
            append_layer(result, one);
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

}  // namespace ctnn_import
