// SPDX-License-Identifier: BSL-1.0
// The structure of Keras models: files, sequences and graphs of layers, models as layers.
#include "read/keras.hpp"

#include "graph/operator_call.hpp"
#include "read/archive.hpp"
#include "read/json_text.hpp"
#include "read/keras_layers.hpp"
#include "refusal.hpp"
#include "text.hpp"

#include <ctnn/io/error.hpp>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <optional>
#include <set>
#include <utility>

namespace ctnn_import {

namespace {

using ctnn::io::detail::in_quotes;
using ctnn::io::detail::printable;
using nlohmann::json;

constexpr int deepest_model = 8;

const json& member(const json& of, const char* name) {
    const auto found = of.is_object() ? of.find(name) : of.end();
    if (!of.is_object() || found == of.end()) throw refusal("its configuration has no " + std::string(name));
    return *found;
}
std::string text_member(const json& of, const char* name) {
    const json& found = member(of, name);
    if (!found.is_string()) throw refusal("its " + std::string(name) + " is no text");
    return found.get<std::string>();
}

/// An output of a call of a layer.
struct tensor_reference {
    std::string layer;
    std::size_t call, tensor;
};

bool is_reference(const json& of) {
    return of.is_array() && of.size() >= 3 && of[0].is_string() && of[1].is_number_unsigned() &&
           of[2].is_number_unsigned();
}
tensor_reference reference_of(const json& of) {
    return {of[0].get<std::string>(), static_cast<std::size_t>(keras_integer(of[1], "inbound_nodes", 0)),
            static_cast<std::size_t>(keras_integer(of[2], "inbound_nodes", 0))};
}
/// Those in lists and objects of any form.
void add_references(const json& of, std::vector<tensor_reference>& to) {
    if (is_reference(of)) return to.push_back(reference_of(of));
    if (!of.is_structured()) throw refusal("its configuration names a tensor in an unknown way");
    for (const json& one : of) add_references(one, to);
}

/// Refuses arguments of a call other than tensors, except those of training.
void check_arguments(const json& arguments) {
    if (!arguments.is_object()) throw refusal("the arguments of its call are no object");
    for (const auto& [name, value] : arguments.items())
        if (!value.is_null() && name != "training" && !(value.is_boolean() && !value.get<bool>()))
            throw refusal("it is called with the argument " + in_quotes(name));
}

/// The tensors that Keras 3 gives to a call.
void add_tensors(const json& of, std::vector<tensor_reference>& to) {
    if (of.is_array()) {
        for (const json& one : of) add_tensors(one, to);
        return;
    }
    if (!of.is_object() || of.value("class_name", json()) != "__keras_tensor__")
        throw refusal("it is called with something else than tensors");
    const json& history = member(member(of, "config"), "keras_history");
    if (!is_reference(history)) throw refusal("its configuration names a tensor in an unknown way");
    to.push_back(reference_of(history));
}

/// The tensors of each call of a layer.
std::vector<std::vector<tensor_reference>> calls_of(const json& layer) {
    std::vector<std::vector<tensor_reference>> result;
    const json& nodes = member(layer, "inbound_nodes");
    if (!nodes.is_array()) throw refusal("its inbound_nodes are no list");
    for (const json& node : nodes) {
        auto& tensors = result.emplace_back();
        if (node.is_object()) {
            add_tensors(member(node, "args"), tensors);
            check_arguments(member(node, "kwargs"));
            continue;
        }
        if (!node.is_array()) throw refusal("its inbound_nodes are of an unknown form");
        // The first TensorFlow 2 has no list around a single tensor.
        for (const json& one : is_reference(node) ? json::array({node}) : node) {
            if (!is_reference(one)) throw refusal("its inbound_nodes are of an unknown form");
            if (one.size() > 3) check_arguments(one[3]);
            tensors.push_back(reference_of(one));
        }
    }
    return result;
}

/// A layer of a model: its entry in the configuration, and its place.
struct entry {
    const json* whole;
    std::string type, name;
    keras_place place{};

    const json& config() const { return member(*whole, "config"); }
    bool is_model() const { return type == "Sequential" || type == "Functional" || type == "Model"; }
    template <class F>
    auto about(F f) const {
        try {
            return f();
        } catch (const refusal& error) {
            throw refusal("layer " + in_quotes(name) + " (" + printable(type, 60) + "): " + error.what());
        }
    }
};

entry entry_of(const json& layer) {
    entry result{&layer, text_member(layer, "class_name"), {}};
    const json& config = member(layer, "config");
    const json name = config.is_object() && config.contains("name") ? config["name"] : layer.value("name", json());
    if (name.is_string()) result.name = name.get<std::string>();
    if (result.name.empty() || result.name.find('/') != std::string::npos) {
        if (!result.is_model() || !config.is_array())
            throw refusal("a layer of the class " + in_quotes(result.type) + " has no valid name");
        result.name = "sequential";
    }
    // Classes of users are registered under other names, and functions of keras.ops are no layers.
    result.about([&] {
        if (const auto own = layer.find("registered_name");
            own != layer.end() && !own->is_null() && *own != result.type)
            throw refusal("it is no layer of Keras: its class is registered as " + printable(own->dump(), 80));
        if (const auto module = layer.find("module"); module != layer.end()) {
            const std::string from = module->is_string() ? module->get<std::string>() : "";
            // x + y, x - y and x * y of tensors are what the layers of these names are.
            if (from == "keras.src.ops.numpy" &&
                (result.type == "Add" || result.type == "Subtract" || result.type == "Multiply"))
                return;
            if ((from != "keras" && !from.starts_with("keras.")) || from.find(".ops") != std::string::npos)
                throw refusal("it is no layer of Keras: its module is " + printable(module->dump(), 80));
        }
    });
    return result;
}

class model_reader {
  public:
    model_reader(keras_weights& weights, int version, const read_options& options)
        : weights_(weights), version_(version), options_(options) {}

    graph read(const json& whole) {
        entry model = entry_of(whole);
        if (!model.is_model())
            throw refusal("the model is of the class " + in_quotes(model.type) +
                          ", and the importer reads Sequential and Functional ones");
        model.place = weights_.root();
        const auto outputs = outputs_of(model, {}, "", 0);
        weights_.finish();
        for (const auto& [name, dims] : options_.shapes)
            if (!shaped_.contains(name)) throw refusal("the model has no input " + in_quotes(name));
        if (options_.output.empty()) return to_.finish(outputs);
        for (const auto& [name, of] : outputs)
            if (name == options_.output) return needed(to_.finish({{name, of}}));
        throw refusal("the model has no output " + in_quotes(options_.output) + "; it has " +
                      quoted_list(outputs, [](const auto& one) { return one.first; }));
    }

  private:
    using named_values = std::vector<std::pair<std::string, keras_value>>;

    named_values outputs_of(const entry& model, const std::vector<keras_value>& given, const std::string& prefix,
                            int depth) {
        if (depth > deepest_model) throw refusal("models are nested more than 8 deep");
        check_type(model.config());
        if (model.type == "Sequential") return of_sequence(model, given, prefix, depth);
        return of_functional(model, given, prefix, depth);
    }

    std::vector<entry> layers_of(const entry& model, int depth) const {
        const json& config = model.config();
        const json& list = config.is_array() ? config : member(config, "layers");
        if (!list.is_array() || list.empty()) throw refusal("the model has no layers");
        std::vector<entry> result;
        std::vector<std::pair<std::string, std::string>> names;
        std::set<std::string> seen;
        for (const json& one : list) {
            result.push_back(entry_of(one));
            names.emplace_back(result.back().type, result.back().name);
            if (!seen.insert(result.back().name).second)
                throw refusal("two layers have the name " + in_quotes(result.back().name));
        }
        const auto places = weights_.layers(model.place, names, depth == 0);
        for (std::size_t i = 0; i < result.size(); ++i) result[i].place = places[i];
        return result;
    }

    /// Notes numbers of less precision; refuses those of quantised layers.
    void check_type(const json& config) {
        json type = config.is_object() ? config.value("dtype", json()) : json();
        if (type.is_object())
            type = type.value("config", json()).is_object() ? type["config"].value("name", json()) : json(0);
        if (type.is_null() || type == "float32" || type == "float64") return;
        if (!type.is_string() || type.get<std::string>().find("float16") == std::string::npos)
            throw refusal("its dtype is " + printable(type.dump(), 60));
        const std::string note =
            "The model computes in " + printable(type.get<std::string>(), 40) + ", and the network does not.";
        if (std::find(to_.notes().begin(), to_.notes().end(), note) == to_.notes().end()) to_.notes().push_back(note);
    }

    keras_value input_of(const std::string& name, const json& shape, bool integers) {
        if (!shape.is_array() || shape.size() < 2 || shape.size() > 5)
            throw refusal("the input " + in_quotes(name) + " has no shape of 2 to 5 extents");
        extents dims;
        const auto given = options_.shapes.find(name);
        if (given != options_.shapes.end()) {
            shaped_.insert(name);
            if (given->second.size() != shape.size() || given->second[0] != 1)
                throw refusal("--shape " + printable(name) + ": the input of the model has " +
                              std::to_string(shape.size()) + " extents, and the first, the batch, has to be 1");
        }
        for (std::size_t axis = 0; axis < shape.size(); ++axis) {
            const bool is_open = shape[axis].is_null();
            if (given != options_.shapes.end()) {
                dims.push_back(given->second[axis]);
                if (axis > 0 && !is_open && keras_integer(shape[axis], "shape", 1) != dims.back())
                    throw refusal("--shape " + printable(name) + ": the model fixes axis " + std::to_string(axis) +
                                  " at " + shape[axis].dump());
                continue;
            }
            // One sample at a time, whatever the batch was.
            if (axis > 0 && is_open) {
                std::string example = "1";
                for (std::size_t i = 1; i < shape.size(); ++i)
                    example += "x" + (shape[i].is_null() ? "N" : shape[i].dump());
                throw refusal("the input " + in_quotes(name) + ": its axis " + std::to_string(axis) +
                              " is open; --shape " + printable(name) + "=" + example + " binds it");
            }
            dims.push_back(axis == 0 ? 1 : keras_integer(shape[axis], "shape", 1));
        }
        return to_.input(name, dims, integers);
    }
    static const json* shape_in(const json& config) {
        for (const char* const name : {"batch_shape", "batch_input_shape"})
            if (config.is_object() && config.contains(name)) return &config[name];
        return nullptr;
    }

    named_values apply(const entry& layer, const std::vector<keras_value>& inputs, const std::string& prefix,
                       int depth) {
        return layer.about([&]() -> named_values {
            if (layer.is_model()) return outputs_of(layer, inputs, prefix + layer.name + "/", depth + 1);
            check_type(layer.config());
            keras_settings settings(layer.config());
            const keras_value result =
                apply_keras({layer.type, prefix + layer.name, settings, layer.place, weights_, to_, version_, inputs});
            settings.finish();
            return {{layer.name, result}};
        });
    }

    named_values of_sequence(const entry& model, const std::vector<keras_value>& given, const std::string& prefix,
                             int depth) {
        const std::vector<entry> layers = layers_of(model, depth);
        if (given.size() > 1) throw refusal("it has " + std::to_string(given.size()) + " inputs, and not one");
        const bool has_input = layers[0].type == "InputLayer";
        const std::size_t first = has_input ? 1 : 0;
        keras_value x = 0;
        if (given.empty()) {
            const json* shape = shape_in(layers[0].config());
            const json& config = model.config();
            if (shape == nullptr && config.is_object() && config.contains("build_input_shape"))
                shape = &config["build_input_shape"];
            if (shape == nullptr) throw refusal("the model has no input shape: it was saved before it was built");
            x = input_of(has_input ? layers[0].name : layers[0].name + "_input", *shape,
                         layers.size() > first && layers[first].type == "Embedding");
        } else {
            x = given[0];
        }
        if (layers.size() == first) throw refusal("the model has no layers");
        named_values made;
        for (std::size_t i = first; i < layers.size(); ++i) {
            made = apply(layers[i], {x}, prefix, depth);
            if (made.size() != 1)
                throw refusal("layer " + in_quotes(layers[i].name) + " has " + std::to_string(made.size()) +
                              " outputs, and not one");
            x = made[0].second;
        }
        return {{layers.back().name, x}};
    }

    named_values of_functional(const entry& model, const std::vector<keras_value>& given, const std::string& prefix,
                               int depth) {
        const std::vector<entry> layers = layers_of(model, depth);
        const json& config = model.config();
        std::map<std::string, std::vector<std::vector<tensor_reference>>> calls;
        for (const entry& one : layers) calls[one.name] = one.about([&] { return calls_of(*one.whole); });
        std::vector<tensor_reference> inputs, outputs;
        add_references(member(config, "input_layers"), inputs);
        add_references(member(config, "output_layers"), outputs);
        if (outputs.empty()) throw refusal("the model has no output");
        const auto before = calls_before(layers, calls, outputs);

        // The outputs of each call of each layer.
        std::map<std::pair<std::string, std::size_t>, std::vector<keras_value>> values;
        if (depth > 0 && inputs.size() != given.size())
            throw refusal("it has " + std::to_string(given.size()) + " inputs, and its configuration " +
                          std::to_string(inputs.size()));
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const auto found = std::find_if(layers.begin(), layers.end(),
                                            [&](const entry& one) { return one.name == inputs[i].layer; });
            if (found == layers.end() || found->type != "InputLayer")
                throw refusal("its input " + in_quotes(inputs[i].layer) + " is no InputLayer");
            if (depth > 0) {
                values[{found->name, 0}] = {given[i]};
                continue;
            }
            const json* const shape = shape_in(found->config());
            if (shape == nullptr) throw refusal("the input " + in_quotes(found->name) + " has no shape");
            values[{found->name, 0}] = {input_of(found->name, *shape, feeds_embeddings(found->name, layers, calls))};
        }
        const auto value_of = [&](const tensor_reference& of) -> const keras_value* {
            const auto found = values.find({of.layer, of.call});
            if (found == values.end()) return nullptr;
            if (of.tensor >= found->second.size())
                throw refusal("the layer " + in_quotes(of.layer) + " has no output " + std::to_string(of.tensor));
            return &found->second[of.tensor];
        };
        // Layers are in order mostly, and their calls not always.
        for (bool goes_on = true; goes_on;) {
            goes_on = false;
            for (const entry& one : layers) {
                const auto& own = calls.at(one.name);
                for (std::size_t i = 0; i < own.size(); ++i) {
                    const std::pair<std::string, std::size_t> key{one.name, i + before.at(one.name)};
                    if (values.contains(key)) continue;
                    std::vector<keras_value> arguments;
                    for (const tensor_reference& of : own[i])
                        if (const keras_value* const found = value_of(of)) arguments.push_back(*found);
                    if (arguments.size() != own[i].size()) continue;
                    std::vector<keras_value> made;
                    for (const auto& [name, value] : apply(one, arguments, prefix, depth)) made.push_back(value);
                    values[key] = std::move(made);
                    goes_on = true;
                }
            }
        }
        named_values result;
        std::map<std::string, int> used;
        for (const tensor_reference& of : outputs) {
            const keras_value* const found = value_of(of);
            if (found == nullptr) throw refusal("nothing computes the output " + in_quotes(of.layer));
            const int number = used[of.layer]++;
            result.emplace_back(of.layer + (number == 0 ? "" : "_" + std::to_string(number)), *found);
        }
        return result;
    }

    /// How many calls of a layer are not in the configuration: a model that is a layer has the one of its own inputs.
    static std::map<std::string, std::size_t> calls_before(
        const std::vector<entry>& layers,
        const std::map<std::string, std::vector<std::vector<tensor_reference>>>& calls,
        const std::vector<tensor_reference>& outputs) {
        std::map<std::string, std::set<std::size_t>> used;
        for (const tensor_reference& of : outputs) used[of.layer].insert(of.call);
        for (const auto& [name, all] : calls)
            for (const auto& tensors : all)
                for (const tensor_reference& of : tensors) used[of.layer].insert(of.call);
        std::map<std::string, std::size_t> result;
        for (const entry& one : layers) {
            std::size_t& before = result[one.name] = 0;
            const std::size_t count = calls.at(one.name).size();
            if (!one.is_model() || !used.contains(one.name)) continue;
            const std::size_t least = *used[one.name].begin(), most = *used[one.name].rbegin();
            if (most == count && least > 0)
                before = 1;
            else if (most >= count || (count > 1 && least > 0))
                one.about([] { throw refusal("it is unclear which of its calls is which"); });
        }
        return result;
    }

    static bool feeds_embeddings(const std::string& input, const std::vector<entry>& layers,
                                 const std::map<std::string, std::vector<std::vector<tensor_reference>>>& calls) {
        bool any = false;
        for (const entry& one : layers)
            for (const auto& tensors : calls.at(one.name))
                for (const tensor_reference& of : tensors) {
                    if (of.layer != input) continue;
                    if (one.type != "Embedding") return false;
                    any = true;
                }
        return any;
    }

    keras_weights& weights_;
    int version_;
    const read_options& options_;
    keras_graph to_;
    std::set<std::string> shaped_;
};

/// 215 for "2.15.0" and for "2.15.0-tf"; 0 for no version.
int version_of(const std::string& text) {
    std::size_t at = 0;
    const auto number = [&] {
        int result = -1;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && result < 100; ++at)
            result = std::max(result, 0) * 10 + (text[at] - '0');
        return result;
    };
    const int major = number();
    if (major < 1 || major > 9 || at >= text.size() || text[at++] != '.') return 0;
    const int minor = number();
    return minor < 0 || minor > 99 ? 0 : 100 * major + minor;
}

json configuration(std::string_view text) {
    try {
        return parse_json(text, 128);
    } catch (const refusal& error) { throw refusal(std::string("its configuration: ") + error.what()); }
}

}  // namespace

bool is_keras(const std::filesystem::path& file) {
    std::string end = file.extension().string();
    std::transform(end.begin(), end.end(), end.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (end == ".keras" || end == ".h5" || end == ".hdf5") return true;
    std::ifstream stream(file, std::ios::binary);
    char read[8] = {};
    if (!std::filesystem::is_regular_file(file) || !stream.read(read, sizeof read)) return false;
    return is_hdf5({read, sizeof read});
}

graph graph_of_keras(std::string_view text, hdf5_content content, bool numbered, const std::string& version,
                     const read_options& options) {
    if (!options.dims.empty() || (options.batch && *options.batch != 1))
        throw refusal("--dim, and --batch other than 1, are not for Keras' models");
    const int known = version_of(version);
    if (known >= 100 && known < 200) throw refusal("it is of Keras " + printable(version, 20) + "; 2 and 3 are read");
    const json model = configuration(text);
    keras_weights weights(std::move(content), numbered);
    return model_reader(weights, known, options).read(model);
}

graph read_keras(const std::filesystem::path& file, const read_options& options) {
    return parse_keras(whole_file(file), options);
}

graph parse_keras(std::string_view bytes, const read_options& options) {
    if (is_hdf5(bytes)) {
        hdf5_content content = read_hdf5(bytes, {"optimizer_weights"});
        const auto text = [&](const char* name) -> std::optional<std::string> {
            const auto found = content.texts[""].find(name);
            if (found == content.texts[""].end() || found->second.size() != 1) return std::nullopt;
            return found->second[0];
        };
        const auto model = text("model_config");
        if (!model)
            throw refusal(
                "it has no model_config: it is no model of Keras, or its weights alone; model.save(...) saves both");
        const std::string version = text("keras_version").value_or("");
        return graph_of_keras(*model, std::move(content), false, version, options);
    }
    if (!is_archive(bytes)) throw refusal("it is damaged, or no file of Keras");
    constexpr const char *config = "config.json", *metadata = "metadata.json", *numbers = "model.weights.h5";
    const auto files = read_archive(bytes, {config, metadata, numbers});
    for (const char* const name : {config, metadata, numbers})
        if (!files.contains(name)) throw refusal("the archive has no " + std::string(name));
    const std::string version = text_member(configuration(files.at(metadata)), "keras_version");
    return graph_of_keras(files.at(config), read_hdf5(files.at(numbers), {"optimizer", "metrics", "_metrics"}), true,
                          version, options);
}

}  // namespace ctnn_import
