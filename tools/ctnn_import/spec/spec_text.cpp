// SPDX-License-Identifier: BSL-1.0
#include "spec/spec_text.hpp"

#include <algorithm>
#include <charconv>

namespace ctnn_import {

namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view name_characters = ":_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

class reader {
  public:
    reader(std::string_view text, std::size_t begin) : text_(text), at_(begin) {}

    spec_term term(int depth = 0) {
        constexpr int deepest = 64;
        if (depth > deepest) throw spec_refusal("it is nested more than 64 deep", at_);
        skip();
        spec_term result;
        result.at = at_;
        result.name = name();
        skip();
        if (next() != '<') return result;
        result.has_brackets = true;
        ++at_;
        skip();
        if (next() == '>') {
            ++at_;
            return result;
        }
        for (;;) {
            result.arguments.push_back(term(depth + 1));
            skip();
            const char separator = next();
            if (separator != ',' && separator != '>') fail("',' or '>'");
            ++at_;
            if (separator == '>') return result;
        }
    }

    void skip() { at_ = std::min(text_.find_first_not_of(" \n\t\r\v\f", at_), text_.size()); }
    char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    std::size_t place() const { return at_; }

    [[noreturn]] void fail(const std::string& expected) const {
        throw spec_refusal(at_ < text_.size()
                               ? "found " + ctnn::io::detail::in_quotes(text_.substr(at_, 1)) + ", expected " + expected
                               : "it ends where " + expected + " is expected",
                           at_);
    }

  private:
    /// A name of a graph's values, in quotation marks.
    std::string quoted_name() {
        const std::size_t begin = at_++,
                          end = std::min(text_.find_first_not_of(name_characters.substr(1), at_), text_.size());
        if (end == at_ || end == text_.size() || text_[end] != '"' || end - at_ > 40)
            throw spec_refusal("a name in quotation marks has 1 to 40 letters, digits and underscores", begin);
        at_ = end + 1;
        return std::string(text_.substr(begin, at_ - begin));
    }
    std::string name() {
        if (next() == '"') return quoted_name();
        const std::size_t begin = at_;
        const bool negative = next() == '-';
        at_ += negative;
        const std::string_view characters = negative ? digits : name_characters;
        at_ = std::min(text_.find_first_not_of(characters, at_), text_.size());
        std::string_view found = text_.substr(begin, at_ - begin);
        for (const std::string_view space : {"::ctnn::", "ctnn::", "::std::", "std::"})
            if (found.starts_with(space)) {
                found.remove_prefix(space.size());
                break;
            }
        if (found.empty() || found == "-") fail("a name or a number");
        if (digits.find(found.front()) != digits.npos && found.find_first_not_of(digits) != found.npos)
            throw spec_refusal(ctnn::io::detail::in_quotes(found) + " is not a decimal integer", begin);
        return std::string(found);
    }

    std::string_view text_;
    std::size_t at_;
};

}  // namespace

std::int64_t spec_term::number() const {
    std::int64_t result = 0;
    const auto [end, status] = std::from_chars(name.data(), name.data() + name.size(), result);
    if (status == std::errc::result_out_of_range) throw spec_refusal("the number " + name + " is too large", at);
    if (status != std::errc{} || end != name.data() + name.size())
        throw spec_refusal(ctnn::io::detail::in_quotes(name) + " is not a number", at);
    return result;
}

std::string spec_term::quoted() const {
    if (name.size() < 2 || name.front() != '"')
        throw spec_refusal(ctnn::io::detail::in_quotes(name) + " is not a name in quotation marks", at);
    return name.substr(1, name.size() - 2);
}

std::vector<std::int64_t> spec_term::numbers() const {
    std::vector<std::int64_t> result;
    for (const spec_term& argument : arguments) result.push_back(argument.number());
    return result;
}

double spec_term::ratio() const {
    if (is_number()) return static_cast<double>(number());
    if (name != "ratio" || arguments.empty() || arguments.size() > 2)
        throw spec_refusal(ctnn::io::detail::in_quotes(name) + " is not a ratio", at);
    const double numerator = static_cast<double>(arguments[0].number());
    return arguments.size() == 1 ? numerator : numerator / static_cast<double>(arguments[1].number());
}

spec_term parse_spec(std::string_view text) {
    reader from(text, 0);
    spec_term result = from.term();
    from.skip();
    if (from.place() != text.size()) from.fail("the end");
    return result;
}

spec_term parse_spec(std::string_view text, std::size_t begin, std::size_t& end) {
    reader from(text, begin);
    spec_term result = from.term();
    from.skip();
    end = from.place();
    return result;
}

}  // namespace ctnn_import
