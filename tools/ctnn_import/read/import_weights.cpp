// SPDX-License-Identifier: BSL-1.0
#include "read/import_weights.hpp"

#include "read/weights_file.hpp"
#include "refusal.hpp"

#include <ctnn/io/error.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace ctnn_import {

namespace {

using ctnn::io::detail::in_quotes;

/// A layer with parameters, and its path in ctnn.
struct place {
    std::string path;
    layer* what;
};
void collect(chain& layers, const std::string& before, framework layout, std::vector<place>& all) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const std::string path = before + std::to_string(i);
        // In PyTorch and Keras both directions are one layer.
        const bool one =
            !layers[i].parameters.empty() || (layers[i].kind == "bidirectional" && layout != framework::ctnn);
        if (one)
            all.push_back({path, &layers[i]});
        else
            for (std::size_t b = 0; b < layers[i].branches.size(); ++b)
                collect(layers[i].branches[b], path + "." + std::to_string(b) + ".", layout, all);
    }
}

/// The module of a tensor: the prefix of its name. Attention contains a nested module, out_proj.
std::string module_of(const std::string& tensor) {
    std::string name = tensor.substr(0, std::min(tensor.find_last_of("./"), tensor.size()));
    if (name == tensor) return "";
    for (const std::string inside : {".out_proj", "/out_proj"})
        if (name.ends_with(inside)) name.resize(name.size() - inside.size());
    return name == "out_proj" ? "" : name;
}

/// The indices in names such as "0" and "10.2"; empty for other names.
std::vector<std::int64_t> numbers_of(const std::string& name) {
    std::vector<std::int64_t> numbers;
    for (std::size_t begin = 0; begin <= name.size();) {
        const std::size_t end = std::min(name.find('.', begin), name.size());
        const std::string part = name.substr(begin, end - begin);
        if (part.empty() || part.size() > 9 || part.find_first_not_of("0123456789") != part.npos) return {};
        numbers.push_back(std::stoll(part));
        begin = end + 1;
    }
    return numbers;
}

/// Maps each layer's path to its module.
std::map<std::string, std::string> modules_of(const std::vector<place>& places,
                                              const std::map<std::string, array>& tensors,
                                              const weights_options& options) {
    if (options.layout == framework::ctnn) {
        std::map<std::string, std::string> same;
        for (const place& one : places) same[one.path] = one.path;
        return same;
    }
    if (!options.map.empty()) {
        for (const auto& [path, module] : options.map)
            if (std::none_of(places.begin(), places.end(),
                             [&, &name = path](const place& one) { return one.path == name; }))
                throw refusal("--map " + path + "=" + module + ": the network has no layer " + path +
                              " with parameters");
        for (const place& one : places)
            if (!options.map.contains(one.path))
                throw refusal("--map does not say which module layer " + one.path + " (" + one.what->kind + ") takes");
        return options.map;
    }
    std::set<std::string> modules;
    for (const auto& [name, tensor] : tensors) modules.insert(module_of(name));
    std::vector<std::string> sorted(modules.begin(), modules.end());
    for (const std::string& name : sorted)
        if (numbers_of(name).empty() && sorted.size() > 1)
            throw refusal("the module " + in_quotes(name) +
                          " is not named by a number; --map LAYER=MODULE assigns modules to layers");
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return numbers_of(a) < numbers_of(b); });
    if (sorted.size() != places.size())
        throw refusal("the file has " + std::to_string(sorted.size()) + " modules, and the network " +
                      std::to_string(places.size()) + " layers with parameters");
    std::map<std::string, std::string> result;
    for (std::size_t i = 0; i < places.size(); ++i) result[places[i].path] = sorted[i];
    return result;
}

}  // namespace

network import_weights(const std::filesystem::path& weights, network declared, const weights_options& options) {
    network result = std::move(declared);
    const auto tensors = read_safetensors(weights);
    std::vector<place> places;
    collect(result.layers, "", options.layout, places);
    const auto modules = modules_of(places, tensors, options);
    std::set<std::string> used;
    for (const place& one : places) {
        std::string module = modules.at(one.path), level = "0";
        if (const std::size_t mark = module.find('#'); mark != module.npos) {
            level = module.substr(mark + 1);
            module.resize(mark);
        }
        const tensor_source source = [&](const std::string& name) -> const array* {
            std::string own = name;
            // PyTorch's recurrent modules number their layers: weight_ih_l0, weight_ih_l0_reverse.
            if (options.layout == framework::torch &&
                (name.find("_ih") != name.npos || name.find("_hh") != name.npos)) {
                const bool backwards = own.ends_with("_reverse");
                if (backwards) own.resize(own.size() - 8);
                own += "_l" + level + (backwards ? "_reverse" : "");
            }
            for (const char* separator : {".", "/"}) {
                const auto found = tensors.find(module.empty() ? own : module + separator + own);
                if (found == tensors.end()) continue;
                used.insert(found->first);
                return &found->second;
            }
            return nullptr;
        };
        try {
            fill_layer(*one.what, options.layout, source);
        } catch (const refusal& error) {
            throw refusal("layer " + one.path + ", module " + in_quotes(modules.at(one.path)) + ": " + error.what());
        }
        one.what->nodes = {modules.at(one.path)};
    }
    for (const auto& [name, tensor] : tensors)
        if (!used.contains(name) && !name.ends_with("num_batches_tracked"))
            throw refusal("no layer takes the tensor " + in_quotes(name));
    return result;
}

}  // namespace ctnn_import
