// SPDX-License-Identifier: BSL-1.0
#include "read/tensor_data.hpp"

#include "refusal.hpp"

#include <bit>
#include <cstring>
#include <fstream>
#include <limits>
#include <set>
#include <system_error>

namespace ctnn_import {

namespace {

using onnx::TensorProto;

constexpr std::uint64_t most_numbers = std::uint64_t{1} << 26;

/// The size of one element in raw data, in bytes.
std::size_t width_of(int type) {
    switch (type) {
        case TensorProto::BOOL:
        case TensorProto::INT8:
        case TensorProto::UINT8:
            return 1;
        case TensorProto::FLOAT16:
        case TensorProto::BFLOAT16:
        case TensorProto::INT16:
        case TensorProto::UINT16:
            return 2;
        case TensorProto::FLOAT:
        case TensorProto::INT32:
        case TensorProto::UINT32:
            return 4;
        default:
            return 8;
    }
}

double from_half(std::uint16_t bits) {
    const double sign = bits >> 15 ? -1 : 1;
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    if (exponent == 31)
        return fraction ? std::numeric_limits<double>::quiet_NaN() : sign * std::numeric_limits<double>::infinity();
    const double significand = exponent ? 1024 + fraction : fraction;
    return sign * significand * std::bit_cast<double>(std::uint64_t(1023 + (exponent ? exponent : 1) - 25) << 52);
}
double from_bfloat(std::uint16_t bits) {
    return std::bit_cast<float>(std::uint32_t{bits} << 16);
}

template <class T>
T loaded(const char* bytes) {
    T number;
    std::memcpy(&number, bytes, sizeof number);
    return number;
}

std::int64_t in_range(std::uint64_t number, const std::string& what) {
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        throw refusal(what + ": a value does not fit a signed 64-bit integer");
    return static_cast<std::int64_t>(number);
}

/// Converts raw data, which ONNX stores as little-endian.
void from_raw(std::string_view raw, int type, array& to, const std::string& what) {
    static_assert(std::endian::native == std::endian::little, "raw data is little-endian");
    for (std::size_t i = 0; i < to.size(); ++i) {
        const char* const at = raw.data() + i * width_of(type);
        switch (type) {
            case TensorProto::FLOAT:
                to.reals()[i] = loaded<float>(at);
                break;
            case TensorProto::DOUBLE:
                to.reals()[i] = loaded<double>(at);
                break;
            case TensorProto::FLOAT16:
                to.reals()[i] = from_half(loaded<std::uint16_t>(at));
                break;
            case TensorProto::BFLOAT16:
                to.reals()[i] = from_bfloat(loaded<std::uint16_t>(at));
                break;
            case TensorProto::BOOL:
                to.integers()[i] = *at != 0;
                break;
            case TensorProto::INT8:
                to.integers()[i] = loaded<std::int8_t>(at);
                break;
            case TensorProto::UINT8:
                to.integers()[i] = loaded<std::uint8_t>(at);
                break;
            case TensorProto::INT16:
                to.integers()[i] = loaded<std::int16_t>(at);
                break;
            case TensorProto::UINT16:
                to.integers()[i] = loaded<std::uint16_t>(at);
                break;
            case TensorProto::INT32:
                to.integers()[i] = loaded<std::int32_t>(at);
                break;
            case TensorProto::UINT32:
                to.integers()[i] = loaded<std::uint32_t>(at);
                break;
            case TensorProto::INT64:
                to.integers()[i] = loaded<std::int64_t>(at);
                break;
            default:
                to.integers()[i] = in_range(loaded<std::uint64_t>(at), what);
        }
    }
}

void make_room(bool integers, std::uint64_t size, array& to) {
    if (integers)
        to.values = std::vector<std::int64_t>(size);
    else
        to.values = std::vector<double>(size);
}

/// Converts the typed field (float_data, int32_data, ...) that holds the elements of a tensor without raw_data.
void from_lists(const TensorProto& tensor, array& to, const std::string& what) {
    const auto take = [&](const auto& list, auto&& convert) {
        if (static_cast<std::size_t>(list.size()) != to.size())
            throw refusal(what + ": it has " + std::to_string(list.size()) + " elements, and its extents say " +
                          std::to_string(to.size()));
        for (std::size_t i = 0; i < to.size(); ++i) convert(i, list[static_cast<int>(i)]);
    };
    switch (const int type = tensor.data_type()) {
        case TensorProto::FLOAT:
            return take(tensor.float_data(), [&](auto i, float x) { to.reals()[i] = x; });
        case TensorProto::DOUBLE:
            return take(tensor.double_data(), [&](auto i, double x) { to.reals()[i] = x; });
        case TensorProto::FLOAT16:
        case TensorProto::BFLOAT16:
            return take(tensor.int32_data(), [&](auto i, std::int32_t x) {
                const auto bits = static_cast<std::uint16_t>(x);
                to.reals()[i] = type == TensorProto::FLOAT16 ? from_half(bits) : from_bfloat(bits);
            });
        case TensorProto::INT64:
            return take(tensor.int64_data(), [&](auto i, auto x) { to.integers()[i] = x; });
        case TensorProto::UINT32:
        case TensorProto::UINT64:
            return take(tensor.uint64_data(), [&](auto i, auto x) { to.integers()[i] = in_range(x, what); });
        default:
            return take(tensor.int32_data(), [&](auto i, auto x) { to.integers()[i] = x; });
    }
}

/// Reads a tensor's external data.
std::string external_bytes(const TensorProto& tensor, const std::filesystem::path& folder, std::uint64_t wanted,
                           const std::string& what) {
    namespace fs = std::filesystem;
    const std::string location = location_of(tensor);
    std::uint64_t offset = 0, length = wanted;
    const auto number = [&](const std::string& text) {
        if (text.empty() || text.size() > 15 || text.find_first_not_of("0123456789") != text.npos)
            throw refusal(what + ": the offset or length of its external data is not a number");
        return std::stoull(text);
    };
    for (const auto& entry : tensor.external_data()) {
        if (entry.key() == "offset") offset = number(entry.value());
        if (entry.key() == "length") length = number(entry.value());
    }
    if (folder.empty() || location.empty()) throw refusal(what + ": its external data has no location");
    if (length != wanted) throw refusal(what + ": its external data has another length than its extents say");
    const fs::path given(location);
    std::error_code status;
    const fs::path home = fs::weakly_canonical(folder, status), file = fs::weakly_canonical(folder / given, status);
    const auto [end_of_home, ignored] = std::mismatch(home.begin(), home.end(), file.begin(), file.end());
    if (status || given.is_absolute() || end_of_home != home.end())
        throw refusal(what + ": its external data is outside of the model's folder");
    const std::uint64_t size = fs::is_regular_file(file, status) ? fs::file_size(file, status) : 0;
    if (status || offset > size || length > size - offset)
        throw refusal(what + ": its external data is missing, or extends beyond the end of its file");
    std::string bytes(length, '\0');
    std::ifstream stream(file, std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(offset));
    stream.read(bytes.data(), static_cast<std::streamsize>(length));
    if (!stream) throw refusal(what + ": its external data cannot be read");
    return bytes;
}

}  // namespace

std::string location_of(const TensorProto& tensor) {
    std::string location;
    if (tensor.data_location() == TensorProto::EXTERNAL)
        for (const auto& entry : tensor.external_data())
            if (entry.key() == "location") location = entry.value();
    return location;
}

bool holds_integers(int onnx_type, const std::string& what) {
    switch (onnx_type) {
        case TensorProto::FLOAT:
        case TensorProto::DOUBLE:
        case TensorProto::FLOAT16:
        case TensorProto::BFLOAT16:
            return false;
        case TensorProto::BOOL:
        case TensorProto::INT8:
        case TensorProto::UINT8:
        case TensorProto::INT16:
        case TensorProto::UINT16:
        case TensorProto::INT32:
        case TensorProto::UINT32:
        case TensorProto::INT64:
        case TensorProto::UINT64:
            return true;
        default:
            throw refusal(what + ": its type, " + std::to_string(onnx_type) +
                          ", is neither floating point nor integer");
    }
}

array array_of_bytes(std::string_view bytes, int onnx_type, const extents& dims, const std::string& what) {
    array result{dims, {}};
    const bool integers = holds_integers(onnx_type, what);
    std::uint64_t size = 1;
    for (const std::int64_t extent : dims) {
        if (extent > 0 && size > most_numbers / static_cast<std::uint64_t>(extent))
            throw refusal(what + ": it has more than 2^26 elements");
        size *= static_cast<std::uint64_t>(extent);
        if (size == 0) break;
    }
    if (const std::uint64_t wanted = size * width_of(onnx_type); bytes.size() != wanted)
        throw refusal(what + ": it has " + std::to_string(bytes.size()) + " bytes, and its extents say " +
                      std::to_string(wanted));
    make_room(integers, size, result);
    from_raw(bytes, onnx_type, result, what);
    return result;
}

array array_of(const TensorProto& tensor, const std::filesystem::path& folder, const std::string& what) {
    array result;
    const bool integers = holds_integers(tensor.data_type(), what);
    if (tensor.has_segment()) throw refusal(what + ": it is a segment of a tensor");
    std::uint64_t size = 1;
    bool empty = false;
    for (const std::int64_t extent : tensor.dims()) {
        if (extent < 0) throw refusal(what + ": it has a negative extent");
        empty = empty || extent == 0;
        if (extent > 0 && size > most_numbers / static_cast<std::uint64_t>(extent))
            throw refusal(what + ": it has more than 2^26 elements");
        size *= extent > 0 ? static_cast<std::uint64_t>(extent) : 1;
        result.dims.push_back(extent);
    }
    if (empty) size = 0;
    const std::uint64_t bytes = size * width_of(tensor.data_type());
    const bool external = tensor.data_location() == TensorProto::EXTERNAL;
    // Checked before allocating: the file may hold fewer elements than the extents imply.
    const std::uint64_t given = static_cast<std::uint64_t>(
        std::max({tensor.float_data_size(), tensor.int32_data_size(), tensor.int64_data_size(),
                  tensor.double_data_size(), tensor.uint64_data_size()}));
    if (!external && (tensor.has_raw_data() ? tensor.raw_data().size() != bytes : given != size))
        throw refusal(
            what + ": it has " +
            (tensor.has_raw_data()
                 ? std::to_string(tensor.raw_data().size()) + " bytes, and its extents say " + std::to_string(bytes)
                 : std::to_string(given) + " elements, and its extents say " + std::to_string(size)));
    if (external)
        return array_of_bytes(external_bytes(tensor, folder, bytes, what), tensor.data_type(), result.dims, what);
    if (tensor.has_raw_data()) return array_of_bytes(tensor.raw_data(), tensor.data_type(), result.dims, what);
    make_room(integers, size, result);
    from_lists(tensor, result, what);
    return result;
}

}  // namespace ctnn_import
