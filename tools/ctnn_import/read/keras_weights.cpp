// SPDX-License-Identifier: BSL-1.0
#include "read/keras_weights.hpp"

#include "refusal.hpp"
#include "text.hpp"

#include <ctnn/io/error.hpp>

#include <algorithm>
#include <utility>

namespace ctnn_import {

namespace {

using ctnn::io::detail::in_quotes;

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

/// "max_pooling1d" for MaxPooling1D, as Keras names groups.
std::string snake_case(const std::string& name) {
    std::string split;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool begins_word = i > 0 && is_upper(name[i]) && i + 1 < name.size() && is_lower(name[i + 1]);
        const bool ends_word = i > 0 && is_upper(name[i]) && is_lower(name[i - 1]);
        if (begins_word || ends_word) split += '_';
        split += name[i];
    }
    std::transform(split.begin(), split.end(), split.begin(),
                   [](char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; });
    return split;
}

/// "kernel" of "lstm/lstm_cell/kernel:0".
std::string own_name(const std::string& path) {
    const std::string last = path.substr(path.rfind('/') + 1);
    return last.substr(0, last.find(':'));
}

bool has_part(const std::string& path, const std::string& part) {
    return ("/" + path + "/").find("/" + part + "/") != std::string::npos;
}

}  // namespace

keras_weights::keras_weights(hdf5_content content, bool numbered) : content_(std::move(content)), numbered_(numbered) {
    const auto has_group = [&](const std::string& name) {
        return std::any_of(content_.arrays.begin(), content_.arrays.end(),
                           [&](const auto& one) { return has_part(one.first, name); });
    };
    if (numbered_ && !has_group(layers_)) layers_ = "_layer_checkpoint_dependencies";
}

keras_place keras_weights::part(const keras_place& of, const std::string& group, const std::string& name) const {
    keras_place result = of;
    if (numbered_)
        result.path += "/" + group;
    else if (!name.empty())
        result.within.push_back(name);
    return result;
}

std::vector<keras_place> keras_weights::layers(
    const keras_place& of, const std::vector<std::pair<std::string, std::string>>& classes_and_names,
    bool is_outermost) const {
    std::vector<keras_place> result;
    std::map<std::string, int> used;
    for (const auto& [type, name] : classes_and_names) {
        if (!numbered_) {
            result.push_back(is_outermost ? keras_place{of.path + "/" + name, {}} : part(of, "", name));
            continue;
        }
        std::string group = snake_case(type);
        if (const auto [at, is_new] = used.emplace(group, 0); !is_new) group += "_" + std::to_string(++at->second);
        result.push_back({(of.path.empty() ? "" : of.path + "/") + layers_ + "/" + group, {}});
        check_name(result.back(), name);
    }
    return result;
}

/// Newer archives have the name of the layer beside its weights.
void keras_weights::check_name(const keras_place& of, const std::string& layer) const {
    const auto texts = content_.texts.find(of.path + "/vars");
    if (texts == content_.texts.end()) return;
    const auto name = texts->second.find("name");
    if (name == texts->second.end() || name->second.empty() || name->second[0] == layer) return;
    throw refusal("the weights of the layer " + in_quotes(layer) + " are those of " + in_quotes(name->second[0]));
}

std::vector<std::string> keras_weights::all_of(const keras_place& of) const {
    const std::string prefix = of.path + (numbered_ ? "/vars/" : "/");
    std::vector<std::string> result;
    for (auto at = content_.arrays.lower_bound(prefix); at != content_.arrays.end(); ++at) {
        if (!at->first.starts_with(prefix)) break;
        const std::string rest = at->first.substr(prefix.size());
        const bool inside = std::all_of(of.within.begin(), of.within.end(),
                                        [&](const std::string& one) { return has_part(rest, one); });
        if (inside && rest.find("seed_generator") == std::string::npos) result.push_back(at->first);
    }
    return result;
}

std::vector<const array*> keras_weights::take(const keras_place& of, const std::vector<std::string>& names) {
    const std::vector<std::string> all = all_of(of);
    if (all.size() != names.size())
        throw refusal("the file has " + std::to_string(all.size()) + " weights for it, and it takes " +
                      std::to_string(names.size()) + (names.empty() ? "" : ": " + comma_list(names)));
    std::vector<const array*> result;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto found = std::find_if(all.begin(), all.end(), [&](const std::string& path) {
            return own_name(path) == (numbered_ ? std::to_string(i) : names[i]);
        });
        if (found == all.end()) throw refusal("the file has no weights " + in_quotes(names[i]) + " for it");
        taken_.insert(*found);
        result.push_back(&content_.arrays.at(*found));
    }
    return result;
}

bool keras_weights::has(const keras_place& of, const std::string& name) const {
    const std::vector<std::string> all = all_of(of);
    return !numbered_ &&
           std::any_of(all.begin(), all.end(), [&](const std::string& path) { return own_name(path) == name; });
}

void keras_weights::finish() const {
    const std::string root = (numbered_ ? layers_ : "model_weights") + "/";
    for (const auto& [path, numbers] : content_.arrays)
        if (path.starts_with(root) && !taken_.contains(path) && path.find("seed_generator") == std::string::npos)
            throw refusal("no layer takes the weights " + in_quotes(path));
}

}  // namespace ctnn_import
