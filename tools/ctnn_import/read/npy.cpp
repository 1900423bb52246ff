// SPDX-License-Identifier: BSL-1.0
// Reads NumPy's array files.
#include "graph/operator_call.hpp"
#include "read/read.hpp"
#include "refusal.hpp"

#include <ctnn/io/error.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ctnn_import {

namespace {

[[noreturn]] void damaged(const std::string& reason) {
    throw refusal("the file is not a NumPy array that the importer reads: " + reason);
}

/// The header: a Python dictionary literal with three keys.
struct header_of_array {
    std::optional<std::string> type;
    std::optional<bool> is_fortran;
    std::optional<extents> dims;
};

class header_reader {
  public:
    header_reader(std::string_view text, std::size_t place) : text_(text), place_(place) {}

    header_of_array read() {
        header_of_array result;
        take("{");
        while (!takes("}")) {
            const std::size_t begin = at_;
            const std::string name = quoted();
            take(":");
            if (name == "descr" && !result.type)
                result.type = type();
            else if (name == "fortran_order" && !result.is_fortran)
                result.is_fortran = boolean();
            else if (name == "shape" && !result.dims)
                result.dims = shape();
            else
                fail("the name " + ctnn::io::detail::in_quotes(name) + " is unknown or occurs twice", begin);
            if (!takes(",")) {
                take("}");
                break;
            }
        }
        skip();
        if (at_ != text_.size()) fail("something follows the header", at_);
        for (const auto& [name, missing] : {std::pair{"'descr'", !result.type}, {"'shape'", !result.dims}})
            if (missing) damaged(std::string("its header has no ") + name);
        if (!result.is_fortran) damaged("its header has no 'fortran_order'");
        return result;
    }

  private:
    [[noreturn]] void fail(const std::string& reason, std::size_t at) const {
        damaged("byte " + std::to_string(place_ + at) + ": " + reason);
    }
    void skip() { at_ = std::min(text_.find_first_not_of(" \n", at_), text_.size()); }
    bool takes(std::string_view token) {
        skip();
        if (!text_.substr(at_).starts_with(token)) return false;
        at_ += token.size();
        return true;
    }
    void take(std::string_view token) {
        if (takes(token)) return;
        if (at_ == text_.size()) damaged("its header ends early");
        fail("found " + ctnn::io::detail::in_quotes(text_.substr(at_, 1)) + ", expected " + std::string(token), at_);
    }
    std::string quoted() {
        skip();
        const char quote = at_ < text_.size() ? text_[at_] : '\0';
        if (quote != '\'' && quote != '"') take("'");
        const std::size_t end = text_.find(quote, at_ + 1);
        if (end == text_.npos) damaged("its header ends early");
        const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        return std::string(inside);
    }
    /// A structured dtype is a list of fields.
    std::string type() {
        skip();
        if (text_.substr(at_).starts_with("[")) damaged("its elements have several fields");
        return quoted();
    }
    bool boolean() {
        if (takes("True")) return true;
        if (takes("False")) return false;
        fail("'fortran_order' is neither True nor False", at_);
    }
    extents shape() {
        extents dims;
        skip();
        if (!takes("(")) damaged("its shape is not a tuple of extents");
        while (!takes(")")) {
            skip();
            const std::size_t end = std::min(text_.find_first_not_of("0123456789", at_), text_.size());
            if (end == at_) damaged("its shape is not a tuple of extents");
            const std::string extent(text_.substr(at_, end - at_));
            if (extent.size() > 9 || std::stoll(extent) > 1 << 28) damaged("its shape is too large");
            dims.push_back(std::stoll(extent));
            at_ = end;
            // In Python (3) is not a tuple, (3,) is.
            if (takes(",")) continue;
            if (dims.size() == 1) damaged("its shape is not a tuple of extents");
            take(")");
            break;
        }
        if (dims.size() > 32) damaged("its shape has more than 32 dimensions");
        return dims;
    }

    std::string_view text_;
    std::size_t place_;
    std::size_t at_ = 0;
};

template <class T, class To>
std::vector<To> numbers_of(std::string_view bytes) {
    std::vector<To> result(bytes.size() / sizeof(T));
    for (std::size_t i = 0; i < result.size(); ++i) {
        T number;
        std::memcpy(&number, bytes.data() + i * sizeof number, sizeof number);
        result[i] = static_cast<To>(number);
    }
    return result;
}
using reals = double;
using integers = std::int64_t;

struct known_type {
    const char* name;
    std::size_t width;
    void (*take)(std::string_view bytes, array& to);
};
template <class T, class To>
constexpr known_type known(const char* name) {
    return {name, sizeof(T), [](std::string_view bytes, array& to) { to.values = numbers_of<T, To>(bytes); }};
}
constexpr known_type types[]{known<float, reals>("<f4"),
                             known<double, reals>("<f8"),
                             known<std::uint8_t, integers>("|b1"),
                             known<std::int8_t, integers>("|i1"),
                             known<std::uint8_t, integers>("|u1"),
                             known<std::int16_t, integers>("<i2"),
                             known<std::uint16_t, integers>("<u2"),
                             known<std::int32_t, integers>("<i4"),
                             known<std::uint32_t, integers>("<u4"),
                             known<std::int64_t, integers>("<i8")};

/// Converts column-major elements (Fortran order) to row-major (C order).
template <class T>
std::vector<T> in_rows(const std::vector<T>& columns, const extents& dims) {
    std::vector<std::int64_t> strides;
    std::int64_t stride = 1;
    for (const std::int64_t extent : dims) {
        strides.push_back(stride);
        stride *= extent;
    }
    std::vector<T> result(columns.size());
    const std::vector<std::int64_t> one[]{strides};
    for_each_element(dims, one, [&](std::size_t flat, const std::int64_t* offsets) {
        result[flat] = columns[static_cast<std::size_t>(offsets[0])];
    });
    return result;
}

}  // namespace

array parse_npy(std::string_view bytes) {
    static_assert(std::endian::native == std::endian::little, "the types are little-endian");
    if (!bytes.starts_with("\x93NUMPY") || bytes.size() < 10) damaged("it does not begin as one");
    const auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])); };
    const bool wide = byte(6) >= 2;
    if (byte(6) < 1 || byte(6) > 3 || (wide && bytes.size() < 12)) damaged("its version is not known");
    std::size_t length = byte(8) + 256 * byte(9);
    if (wide) length += 65536 * byte(10) + 16777216 * byte(11);
    const std::size_t begin = wide ? 12 : 10;
    if (length > bytes.size() - begin) damaged("its header ends early");
    const header_of_array header = header_reader(bytes.substr(begin, length), begin).read();
    array result{*header.dims, {}};
    std::int64_t size = 1;
    for (const std::int64_t extent : result.dims)
        if (__builtin_mul_overflow(size, extent, &size) || size > 1 << 28) damaged("it has more than 2^28 elements");
    for (const known_type& one : types) {
        if (*header.type != one.name) continue;
        // Checked before allocating: the file may be shorter than its shape implies.
        const std::string_view data = bytes.substr(begin + length);
        if (data.size() != static_cast<std::size_t>(size) * one.width)
            damaged("it has another number of bytes than its shape says");
        one.take(data, result);
        if (*header.is_fortran && result.dims.size() > 1)
            std::visit([&](auto& numbers) { numbers = in_rows(numbers, result.dims); }, result.values);
        return result;
    }
    damaged("its type " + ctnn::io::detail::in_quotes(*header.type) + " is not a little-endian float, integer or bool");
}

array read_npy(const std::filesystem::path& file) {
    return parse_npy(whole_file(file));
}

}  // namespace ctnn_import
