// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Checks a JSON text before it is parsed: for input that the JSON library should not accept, and for excessive memory
/// use.

#include <ctnn/config.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn::io::detail {

/// What is wrong with a JSON text, and how many bytes had been read when it was found.
struct json_fault {
    enum kind { none, zero_byte, no_json, too_deep, name_twice, too_many_values };
    kind what = none;
    std::size_t at = 0;
    std::string name;  ///< the duplicate one
};

/// A handler of the library's SAX events that stores only the names in open objects.
class json_checker final : public nlohmann::json::json_sax_t {
    using json = nlohmann::json;

  public:
    json_checker(const char* const& begin, std::size_t deepest, std::size_t most_bytes)
        : at_(begin), begin_(begin), deepest_(deepest), most_bytes_(most_bytes) {}

    const json_fault& fault() const { return fault_; }

    bool null() override { return value(); }
    bool boolean(bool) override { return value(); }
    bool number_integer(number_integer_t) override { return value(); }
    bool number_unsigned(number_unsigned_t) override { return value(); }
    bool number_float(number_float_t, const string_t&) override { return value(); }
    bool string(string_t&) override { return value(); }
    bool binary(binary_t&) override { return value(); }
    bool start_object(std::size_t) override { return open(); }
    bool start_array(std::size_t) override { return open(); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override { return open_.back().insert(name).second || fail(json_fault::name_twice, name); }
    bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
        fault_ = {json_fault::no_json, position, {}};
        return false;
    }

  private:
    // The memory of a value and of a list during parsing, including the spare capacity of lists.
    static constexpr std::size_t value_bytes = 56, list_bytes = 160;

    bool fail(json_fault::kind what, const std::string& name = {}) {
        fault_ = {what, static_cast<std::size_t>(at_ - begin_), name};
        return false;
    }
    bool count(std::size_t bytes) {
        bytes_ += bytes;
        return bytes_ <= most_bytes_ || fail(json_fault::too_many_values);
    }
    bool value() { return count(value_bytes); }
    bool open() {
        open_.emplace_back();
        return open_.size() <= deepest_ ? count(list_bytes) : fail(json_fault::too_deep);
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    const char* const& at_;
    const char* begin_;
    std::size_t deepest_;
    std::size_t most_bytes_;
    std::size_t bytes_ = 0;
    std::vector<std::set<std::string>> open_;
    json_fault fault_;
};

/// Iterates over a text and stores its position elsewhere, because the library does not report it.
class json_text_iterator {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    json_text_iterator(const char* at, const char*& farthest) : at_(at), farthest_(&farthest) {}
    reference operator*() const { return *at_; }
    json_text_iterator& operator++() {
        *farthest_ = ++at_;
        return *this;
    }
    json_text_iterator operator++(int) {
        const json_text_iterator before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const json_text_iterator& left, const json_text_iterator& right) {
        return left.at_ == right.at_;
    }

  private:
    const char* at_;
    const char** farthest_;
};

/// Rejects zero bytes and duplicate names in an object, both of which the library accepts, lists and objects nested
/// deeper than `deepest`, and values that would take more memory than `most_bytes`.
inline json_fault check_json(std::string_view text, std::size_t deepest, std::size_t most_bytes) {
    if (const std::size_t zero = text.find('\0'); zero != text.npos) return {json_fault::zero_byte, zero, {}};
    const char* farthest = text.data();
    json_checker checker(farthest, deepest, most_bytes);
    nlohmann::json::sax_parse(json_text_iterator(text.data(), farthest),
                              json_text_iterator(text.data() + text.size(), farthest), &checker);
    return checker.fault();
}

}  // namespace ctnn::io::detail
