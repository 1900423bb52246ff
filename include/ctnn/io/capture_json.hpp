// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads the JSON of captures: a value with its place in the file, for errors.

#include <ctnn/io/capture_types.hpp>
#include <ctnn/io/error.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctnn::io::detail {

/// A value of a JSON file, and its place there, such as `config.layers[0].channels`. Refers to both.
class capture_value {
    using json = nlohmann::json;

  public:
    /// Sizes are limited, so that products of three do not overflow.
    static constexpr std::uint64_t largest_size = 1 << 20;

    capture_value(const std::filesystem::path& path, std::string place, const json& value)
        : path_(&path), place_(std::move(place)), value_(&value) {}

    [[noreturn]] void fail(const std::string& found, const std::string& expected) const {
        throw error(*path_, place_, found, expected);
    }
    [[noreturn]] void fail(const std::string& expected) const { fail(description(), expected); }

    const json& raw() const { return *value_; }
    const std::string& place() const { return place_; }

    /// What an error says that it found.
    std::string description() const {
        if (value_->is_array()) return joined("a list of ", count_of(value_->size(), "value"));
        if (value_->is_object()) return "an object";
        return value_->is_string() ? in_quotes(value_->get_ref<const std::string&>()) : value_->dump();
    }

    // Of objects. A member that is null counts as missing.

    void require_object() const {
        if (!value_->is_object()) fail("an object");
    }
    bool has(const char* name) const {
        const auto found = value_->find(name);
        return found != value_->end() && !found->is_null();
    }
    capture_value operator[](const char* name) const {
        require_object();
        if (!has(name)) fail(joined("no ", in_quotes(name)), "one");
        const bool plain = std::string_view(name).find('.') == std::string_view::npos;
        const std::string dot = place_.empty() ? "" : ".";
        return {*path_, plain ? joined(place_, dot, name) : joined(place_, "[\"", name, "\"]"), (*value_)[name]};
    }
    std::optional<capture_value> find(const char* name) const {
        require_object();
        return has(name) ? std::optional(operator[](name)) : std::nullopt;
    }
    /// Refuses other members, as they may change what the network computes.
    void require_names(std::span<const std::string_view> known) const {
        require_object();
        for (const auto& member : value_->items()) {
            if (std::find(known.begin(), known.end(), member.key()) == known.end())
                fail(joined(in_quotes(member.key()), ", whose meaning is unknown"), "known names alone");
        }
    }
    void require_names(std::initializer_list<std::string_view> known) const {
        require_names(std::span(known.begin(), known.size()));
    }

    // Of lists.

    bool is_list() const { return value_->is_array(); }
    std::size_t size() const {
        if (!is_list()) fail("a list");
        return value_->size();
    }
    void require_some(const char* expected) const {
        if (size() == 0) fail(expected);
    }
    /// `index` is below `size()`.
    capture_value element(std::size_t index) const {
        return {*path_, joined(place_, "[", index, "]"), (*value_)[index]};
    }
    /// Of a list with a value for each of `count` layers that element, and of any other value itself.
    capture_value of_layer(std::size_t index, std::size_t count) const {
        if (!is_list()) return *this;
        if (size() != count) fail(joined("a list of ", count_of(count, "value"), ", one for each layer"));
        return element(index);
    }

    // Of single values.

    bool is_text() const { return value_->is_string(); }
    const std::string& text() const {
        if (!is_text()) fail("a text");
        return value_->get_ref<const std::string&>();
    }
    bool flag() const {
        if (!value_->is_boolean()) fail("true or false");
        return value_->get<bool>();
    }
    double number() const {
        if (!value_->is_number()) fail("a number");
        return value_->get<double>();
    }
    double positive() const {
        if (!(number() > 0)) fail("a number above 0");
        return number();
    }
    /// 0 or 1.
    bool zero_or_one() const {
        const double given = value_->is_boolean() ? (flag() ? 1 : 0) : number();
        if (given != 0 && given != 1) fail("0 or 1");
        return given == 1;
    }
    std::size_t count() const {
        if (!value_->is_number_unsigned() || value_->get<std::uint64_t>() < 1 ||
            value_->get<std::uint64_t>() > largest_size)
            fail("a whole number from 1 to 1048576");
        return value_->get<std::size_t>();
    }
    float weight() const {
        if (!is_weight(*value_)) fail("a number in the range of float");
        return static_cast<float>(value_->get<double>());
    }

    /// A list of `count` weights.
    std::vector<float> weights(std::size_t count) const {
        if (size() != count) fail(joined("a list of ", count_of(count, "weight")));
        std::vector<float> result;
        append_weights(0, count, result);
        return result;
    }
    /// Appends the weights of a list from `begin` on; there are `count`.
    void append_weights(std::size_t begin, std::size_t count, std::vector<float>& to) const {
        for (std::size_t i = begin; i < begin + count; ++i) {
            const json& one = (*value_)[i];
            to.push_back(is_weight(one) ? static_cast<float>(one.get<double>()) : element(i).weight());
        }
    }
    /// A list of `rows` lists of `columns` weights.
    std::vector<float> matrix(std::size_t rows, std::size_t columns) const {
        if (size() != rows) fail(joined("a list of ", count_of(rows, "row"), " of ", count_of(columns, "weight")));
        std::vector<float> result;
        for (std::size_t i = 0; i < rows; ++i) {
            const capture_value row = element(i);
            if (row.size() != columns) row.fail(joined("a row of ", count_of(columns, "weight")));
            row.append_weights(0, columns, result);
        }
        return result;
    }

  private:
    static bool is_weight(const json& value) {
        return value.is_number() && (std::abs)(value.get<double>()) <= double{(std::numeric_limits<float>::max)()};
    }

    const std::filesystem::path* path_;
    std::string place_;
    const json* value_;
};

/// One flat list of weights, read from the first to the last.
class capture_weights {
  public:
    explicit capture_weights(capture_value list) : list_(std::move(list)) {}

    /// The next weights. `count` has been checked against the length of the list.
    std::vector<float> next(std::size_t count) {
        std::vector<float> result;
        append_next(count, result);
        return result;
    }
    void append_next(std::size_t count, std::vector<float>& to) {
        list_.append_weights(at_, count, to);
        at_ += count;
    }

  private:
    capture_value list_;
    std::size_t at_ = 0;
};

inline std::size_t gates_of(recurrent_capture::cell_kind cell) {
    return cell == recurrent_capture::cell_kind::lstm ? 4 : 3;
}

/// Reads the files of Neural Amp Modeler.
capture read_nam(const capture_value& file, const capture_options& options);

}  // namespace ctnn::io::detail
