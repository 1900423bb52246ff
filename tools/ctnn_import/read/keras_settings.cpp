// SPDX-License-Identifier: BSL-1.0
#include "read/keras_settings.hpp"

#include "refusal.hpp"

#include <ctnn/io/error.hpp>

#include <cmath>

namespace ctnn_import {

using nlohmann::json;

namespace {

[[noreturn]] void refuse_option(const std::string& name, const json& value, const std::string& wanted) {
    throw refusal("its " + name + " is " + ctnn::io::detail::printable(value.dump(-1, ' ', true), 60) + ", and not " +
                  wanted);
}

}  // namespace

std::int64_t keras_integer(const json& given, const std::string& name, std::int64_t least, std::int64_t most) {
    const bool is_whole =
        given.is_number_integer() && (!given.is_number_unsigned() || given.get<std::uint64_t>() <= 1ull << 62);
    if (!is_whole || given.get<std::int64_t>() < least || given.get<std::int64_t>() > most)
        refuse_option(name, given, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return given.get<std::int64_t>();
}

double keras_number(const json& given, const std::string& name) {
    const json& one = given.is_object() && given.contains("value") ? given["value"] : given;
    if (!one.is_number() || !std::isfinite(one.get<double>())) refuse_option(name, given, "a number");
    return one.get<double>();
}

keras_settings::keras_settings(const json& config) : config_(config) {
    if (!config.is_object()) throw refusal("its configuration is no JSON object");
    ignore({"name", "trainable", "batch_input_shape", "batch_shape", "input_dtype", "seed", "dtype"});
}

bool keras_settings::has(const std::string& name) const {
    const auto found = config_.find(name);
    return found != config_.end() && !found->is_null();
}

const json& keras_settings::get(const std::string& name) {
    known_.insert(name);
    const auto found = config_.find(name);
    if (found == config_.end()) throw refusal("its " + name + " is missing");
    return *found;
}

bool keras_settings::flag(const std::string& name, bool otherwise) {
    known_.insert(name);
    if (!has(name)) return otherwise;
    if (!config_[name].is_boolean()) refuse_option(name, config_[name], "true or false");
    return config_[name].get<bool>();
}

double keras_settings::number(const std::string& name, double otherwise) {
    known_.insert(name);
    return has(name) ? keras_number(config_[name], name) : otherwise;
}

std::int64_t keras_settings::integer(const std::string& name, std::int64_t least) {
    return keras_integer(get(name), name, least);
}

std::string keras_settings::text(const std::string& name, const std::string& otherwise) {
    known_.insert(name);
    if (!has(name)) return otherwise;
    if (!config_[name].is_string()) refuse_option(name, config_[name], "text");
    return config_[name].get<std::string>();
}

std::vector<std::int64_t> keras_settings::each(const std::string& name, std::size_t count, std::int64_t otherwise) {
    known_.insert(name);
    if (!has(name)) return std::vector<std::int64_t>(count, otherwise);
    const json& given = config_[name];
    if (!given.is_array()) return std::vector<std::int64_t>(count, keras_integer(given, name, 1));
    if (given.size() != count) refuse_option(name, given, std::to_string(count) + " numbers");
    std::vector<std::int64_t> all;
    for (const json& one : given) all.push_back(keras_integer(one, name, 1));
    return all;
}

void keras_settings::require(const std::string& name, const json& value) {
    known_.insert(name);
    if (has(name) && config_[name] != value) refuse_option(name, config_[name], value.dump());
}

void keras_settings::finish() const {
    for (const auto& [name, value] : config_.items()) {
        if (known_.contains(name) || value.is_null()) continue;
        if (name.ends_with("_initializer") || name.ends_with("_regularizer") || name.ends_with("_constraint")) continue;
        throw refusal("the meaning of its option " + ctnn::io::detail::in_quotes(name) + " is unknown");
    }
}

}  // namespace ctnn_import
