// SPDX-License-Identifier: BSL-1.0
// Arrays in the files of NumPy.
#include "read.hpp"
#include "refusal.hpp"

#include <cstring>
#include <fstream>
#include <iterator>

namespace ctnn_import {

namespace {

[[noreturn]] void damaged(const std::string& reason) {
    throw refusal("the file is no array of NumPy that the importer reads: " + reason);
}

/// What follows a key of the header, which is a dictionary as Python prints it.
std::string_view behind(std::string_view header, std::string_view key) {
    const std::size_t at = header.find(key);
    if (at == header.npos) damaged("its header has no " + std::string(key));
    std::string_view rest = header.substr(at + key.size());
    const std::size_t begin = rest.find_first_not_of(": ");
    if (begin == rest.npos) damaged("its header ends early");
    return rest.substr(begin);
}

extents shape_of(std::string_view text) {
    if (text.empty() || text.front() != '(') damaged("its shape is none");
    extents dims;
    std::int64_t number = -1;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] >= '0' && text[i] <= '9') {
            number = (number < 0 ? 0 : number * 10) + (text[i] - '0');
            if (number > 1 << 28) damaged("its shape is too large");
        } else if (text[i] == ',' || text[i] == ')') {
            if (number >= 0) dims.push_back(number);
            number = -1;
            if (text[i] == ')') return dims;
        } else if (text[i] != ' ') {
            break;
        }
    }
    damaged("its shape is none");
}

template <class T, class To>
void take(const std::string& bytes, std::size_t begin, std::vector<To>& to) {
    for (std::size_t i = 0; i < to.size(); ++i) {
        T number;
        std::memcpy(&number, bytes.data() + begin + i * sizeof number, sizeof number);
        to[i] = static_cast<To>(number);
    }
}

}  // namespace

array read_npy(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw refusal("the file does not open");
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    if (bytes.size() < 10 || bytes.compare(0, 6, "\x93NUMPY") != 0) damaged("it does not begin as one");
    const auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])); };
    const bool wide = byte(6) >= 2;
    if (byte(6) < 1 || byte(6) > 3 || (wide && bytes.size() < 12)) damaged("its version is not known");
    std::size_t length = byte(8) + 256 * byte(9);
    if (wide) length += 65536 * byte(10) + 16777216 * byte(11);
    const std::size_t begin = wide ? 12 : 10;
    if (length > bytes.size() - begin) damaged("its header ends early");
    const std::string_view header = std::string_view(bytes).substr(begin, length);
    if (!behind(header, "'fortran_order'").starts_with("False")) damaged("its numbers are in Fortran's order");
    array result{shape_of(behind(header, "'shape'")), {}};
    std::int64_t size = 1;
    for (const std::int64_t extent : result.dims)
        if (__builtin_mul_overflow(size, extent, &size) || size > 1 << 28) damaged("it has more than 2^28 numbers");
    const std::string_view type = behind(header, "'descr'").substr(1);
    struct known {
        const char* name;
        std::size_t width;
        bool integers;
    };
    static constexpr known types[]{{"<f4", 4, false}, {"<f8", 8, false}, {"|b1", 1, true}, {"|i1", 1, true},
                                   {"|u1", 1, true},  {"<i2", 2, true},  {"<u2", 2, true}, {"<i4", 4, true},
                                   {"<u4", 4, true},  {"<i8", 8, true}};
    for (const known& one : types) {
        if (!type.starts_with(one.name)) continue;
        const std::size_t data = begin + length, numbers = static_cast<std::size_t>(size);
        if (bytes.size() - data != numbers * one.width) damaged("it has another number of bytes than its shape says");
        std::vector<double> reals(one.integers ? 0 : numbers);
        std::vector<std::int64_t> integers(one.integers ? numbers : 0);
        const std::string_view name = one.name;
        if (name == "<f4") take<float>(bytes, data, reals);
        if (name == "<f8") take<double>(bytes, data, reals);
        if (name == "|b1" || name == "|u1") take<std::uint8_t>(bytes, data, integers);
        if (name == "|i1") take<std::int8_t>(bytes, data, integers);
        if (name == "<i2") take<std::int16_t>(bytes, data, integers);
        if (name == "<u2") take<std::uint16_t>(bytes, data, integers);
        if (name == "<i4") take<std::int32_t>(bytes, data, integers);
        if (name == "<u4") take<std::uint32_t>(bytes, data, integers);
        if (name == "<i8") take<std::int64_t>(bytes, data, integers);
        if (one.integers)
            result.values = std::move(integers);
        else
            result.values = std::move(reals);
        return result;
    }
    damaged("its type " + std::string(type.substr(0, 4)) + " is none of float, integers and bool");
}

}  // namespace ctnn_import
