// SPDX-License-Identifier: BSL-1.0
// Activations of Keras, as layers and as options of layers.
#include "graph/operator_call.hpp"
#include "read/keras_layers.hpp"
#include "refusal.hpp"

#include <ctnn/io/error.hpp>

#include <algorithm>

namespace ctnn_import {

namespace {

using nlohmann::json;

/// Functions without parameters.
struct function_of_keras {
    const char *name, *op;
};
constexpr function_of_keras functions_of_keras[]{{"relu", "Relu"},
                                                 {"sigmoid", "Sigmoid"},
                                                 {"tanh", "Tanh"},

                                                 {"softplus", "Softplus"},
                                                 {"softsign", "Softsign"},
                                                 {"swish", "Silu"},
                                                 {"silu", "Silu"},
                                                 {"exponential", "Exp"},
                                                 {"mish", "Mish"},
                                                 {"hard_swish", "HardSwish"},
                                                 {"hard_silu", "HardSwish"}};

keras_value with_op(const keras_call& of, const std::string& name, keras_value x, const std::string& op,
                    const keras_graph::attributes& with = {}) {
    return of.to.elementwise(x, [&](const std::string& value) { return of.to.emit(op, name, {value}, with); });
}

/// The softmax along an axis of Keras.
keras_value softmax_of_keras(const keras_call& of, const std::string& name, keras_value x, std::int64_t axis,
                             const char* op) {
    return of.to.as_is(of.to.emit(op, name, {of.to.in_place(x)}, {{"axis", axis}}));
}

keras_value clipped(const keras_call& of, const std::string& name, keras_value x, double low, double high) {
    const std::string least = of.to.constant(name + "/min", {{}, std::vector<double>{low}}),
                      most = of.to.constant(name + "/max", {{}, std::vector<double>{high}});
    return of.to.elementwise(x, [&](const std::string& value) {
        return of.to.emit("Clip", name, {value, least, most});
    });
}

keras_value by_function(const keras_call& of, const std::string& called, const std::string& name, keras_value x) {
    if (called == "linear") return x;
    for (const auto& [known, op] : functions_of_keras)
        if (called == known) return with_op(of, name, x, op);
    // ONNX's defaults are rounded to float.
    if (called == "selu")
        return with_op(of, name, x, "Selu", {{"alpha", 1.6732632423543772}, {"gamma", 1.0507009873554805}});
    if (called == "elu") return with_op(of, name, x, "Elu", {{"alpha", 1.0}});
    if (called == "gelu") return with_op(of, name, x, "Gelu");
    if (called == "relu6") return clipped(of, name, x, 0, 6);
    if (called == "softmax") return softmax_of_keras(of, name, x, -1, "Softmax");
    if (called == "log_softmax") return softmax_of_keras(of, name, x, -1, "LogSoftmax");
    if (called == "hard_sigmoid")
        return with_op(of, name, x, "HardSigmoid", {{"alpha", hard_sigmoid_slope(of.version)}, {"beta", 0.5}});
    if (called == "leaky_relu" && of.version >= 300) return with_op(of, name, x, "LeakyRelu", {{"alpha", 0.2}});
    throw refusal("its activation " + ctnn::io::detail::in_quotes(called) + " is unknown");
}

keras_value activation_layer(const keras_call& of) {
    return activate_keras(of, "activation", of.input());
}

keras_value relu_layer(const keras_call& of) {
    const bool is_bounded = of.settings.has("max_value");
    const double most = of.settings.number("max_value", 0), slope = of.settings.number("negative_slope", 0);
    if (of.settings.number("threshold", 0) != 0) throw refusal("its threshold is not 0");
    if (is_bounded && slope != 0) throw refusal("it has both a max_value and a negative_slope");
    if (is_bounded && most < 0) throw refusal("its max_value is negative");
    if (is_bounded) return clipped(of, of.name, of.input(), 0, most);
    if (slope != 0) return with_op(of, of.name, of.input(), "LeakyRelu", {{"alpha", slope}});
    return with_op(of, of.name, of.input(), "Relu");
}

keras_value leaky_relu_layer(const keras_call& of) {
    const char* const name = of.settings.has("alpha") ? "alpha" : "negative_slope";
    return with_op(of, of.name, of.input(), "LeakyRelu", {{"alpha", keras_number(of.settings.get(name), name)}});
}

keras_value elu_layer(const keras_call& of) {
    return with_op(of, of.name, of.input(), "Elu", {{"alpha", of.settings.number("alpha", 1)}});
}

keras_value softmax_layer(const keras_call& of) {
    const json axis = of.settings.has("axis") ? of.settings.get("axis") : json(-1);
    const json& one = axis.is_array() && axis.size() == 1 ? axis[0] : axis;
    return softmax_of_keras(of, of.name, of.input(), keras_integer(one, "axis", -8, 8), "Softmax");
}

keras_value prelu_layer(const keras_call& of) {
    extents slopes(of.dims().begin() + 1, of.dims().end());
    if (of.settings.has("shared_axes"))
        for (const json& one : of.settings.get("shared_axes")) {
            const auto rank = static_cast<std::int64_t>(slopes.size());
            const std::int64_t axis = keras_integer(one, "shared_axes", -rank, rank);
            if (axis == 0) throw refusal("its shared_axes has the batch");
            slopes[static_cast<std::size_t>(axis > 0 ? axis - 1 : axis + rank)] = 1;
        }
    of.settings.ignore({"shared_axes"});
    array alpha = of.take({{"alpha", slopes}}).at("alpha");
    const keras_value x = of.to.is_moved(of.input()) ? of.input() : of.to.as_is(of.to.in_place(of.input()));
    if (of.to.is_moved(x)) {
        std::vector<std::size_t> order(slopes.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i == 0 ? order.size() - 1 : i - 1;
        alpha = permuted_array(alpha, order);
    }
    const std::string numbers = of.to.constant(of.name + "/alpha", std::move(alpha));
    return of.to.elementwise(x, [&](const std::string& value) {
        return of.to.emit("PRelu", of.name, {value, numbers});
    });
}

}  // namespace

double hard_sigmoid_slope(int version) {
    if (version == 0) throw refusal("its activation is hard_sigmoid, and the file has no version of Keras");
    return version < 300 ? 0.2 : 1.0 / 6;
}

keras_value activate_keras(const keras_call& of, const std::string& name, keras_value x) {
    of.settings.ignore({name});
    if (!of.settings.has(name)) return x;
    const json& given = of.settings.get(name);
    if (given.is_string()) {
        const auto called = given.get<std::string>();
        return by_function(of, called, of.type == "Activation" ? of.name : of.name + "/" + called, x);
    }
    // A layer as an activation.
    if (given.is_object() && given.contains("class_name") && given["class_name"].is_string() &&
        given.contains("config") && given["config"].is_object() &&
        (!given.contains("registered_name") || given["registered_name"].is_null())) {
        keras_table table;
        add_keras_activations(table);
        const auto type = given["class_name"].get<std::string>();
        if (table.contains(type) && type != "PReLU") {
            keras_settings settings(given["config"]);
            const keras_value result =
                table.at(type)({type, of.name + "/" + type, settings, of.place, of.weights, of.to, of.version, {x}});
            settings.finish();
            return result;
        }
    }
    throw refusal("its " + name + " is " + ctnn::io::detail::printable(given.dump(-1, ' ', true), 80) +
                  ", which the importer does not know");
}

void add_keras_activations(keras_table& table) {
    table.insert({{"Activation", activation_layer},
                  {"ReLU", relu_layer},
                  {"LeakyReLU", leaky_relu_layer},
                  {"ELU", elu_layer},
                  {"Softmax", softmax_layer},
                  {"PReLU", prelu_layer}});
}

}  // namespace ctnn_import
