// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The configuration of a Keras layer, of which every option has to be understood.

#include "graph/array.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace ctnn_import {

/// The options of one layer. Each call marks one as understood; `finish` refuses the rest.
///
/// *Errors*: `refusal` for an option of another type than Keras writes.
class keras_settings {
  public:
    explicit keras_settings(const nlohmann::json& config);

    bool has(const std::string& name) const;  ///< and it is not null
    const nlohmann::json& get(const std::string& name);
    bool flag(const std::string& name, bool otherwise);
    double number(const std::string& name, double otherwise);
    std::int64_t integer(const std::string& name, std::int64_t least);
    std::string text(const std::string& name, const std::string& otherwise);
    /// A positive number for each of `count` axes, or one for all.
    std::vector<std::int64_t> each(const std::string& name, std::size_t count, std::int64_t otherwise);
    /// Options that do not change what the layer computes.
    void ignore(const std::vector<std::string>& names) { known_.insert(names.begin(), names.end()); }
    /// An option that has to have this value, if it is there.
    void require(const std::string& name, const nlohmann::json& value);
    /// Refuses options that nothing has asked for, except null, and initialisers, regularisers and constraints.
    void finish() const;

    const nlohmann::json& whole() const { return config_; }

  private:
    const nlohmann::json& config_;
    std::set<std::string> known_;
};

/// An integer of a list or on its own, within these bounds; refused with this name.
std::int64_t keras_integer(const nlohmann::json& given, const std::string& name, std::int64_t least,
                           std::int64_t most = std::int64_t{1} << 26);
/// A number, also as Keras 2 writes those of NumPy.
double keras_number(const nlohmann::json& given, const std::string& name);

}  // namespace ctnn_import
