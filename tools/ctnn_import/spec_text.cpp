// SPDX-License-Identifier: BSL-1.0
#include "spec_text.hpp"

#include "refusal.hpp"

#include <charconv>

namespace ctnn_import {

namespace {

class reader {
  public:
    explicit reader(std::string_view text) : text_(text) {}

    spec_term whole() {
        spec_term result = term();
        if (at_ != text_.size()) fail();
        return result;
    }

  private:
    [[noreturn]] void fail() const { throw refusal("\"" + std::string(text_) + "\" is no spec"); }

    void skip() {
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    }
    spec_term term() {
        skip();
        const std::size_t begin = at_;
        while (at_ < text_.size() && std::string_view("<>, ").find(text_[at_]) == std::string_view::npos) ++at_;
        std::string_view name = text_.substr(begin, at_ - begin);
        for (const std::string_view space : {"ctnn::", "std::"})
            if (name.starts_with(space)) name.remove_prefix(space.size());
        if (name.empty()) fail();
        spec_term result{std::string(name), {}, false};
        skip();
        if (at_ < text_.size() && text_[at_] == '<') {
            result.has_brackets = true;
            ++at_;
            skip();
            while (at_ < text_.size() && text_[at_] != '>') {
                result.arguments.push_back(term());
                skip();
                if (at_ < text_.size() && text_[at_] == ',') ++at_;
            }
            if (at_ == text_.size()) fail();
            ++at_;
            skip();
        }
        return result;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

std::int64_t spec_term::number() const {
    std::int64_t result = 0;
    const auto [end, status] = std::from_chars(name.data(), name.data() + name.size(), result);
    if (status != std::errc{} || end != name.data() + name.size()) throw refusal("\"" + name + "\" is no number");
    return result;
}

std::vector<std::int64_t> spec_term::numbers() const {
    std::vector<std::int64_t> result;
    for (const spec_term& argument : arguments) result.push_back(argument.number());
    return result;
}

double spec_term::ratio() const {
    if (is_number()) return static_cast<double>(number());
    if (name != "ratio" || arguments.empty() || arguments.size() > 2) throw refusal("\"" + name + "\" is no ratio");
    const double numerator = static_cast<double>(arguments[0].number());
    return arguments.size() == 1 ? numerator : numerator / static_cast<double>(arguments[1].number());
}

spec_term parse_spec(std::string_view text) {
    return reader(text).whole();
}

}  // namespace ctnn_import
