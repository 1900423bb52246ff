// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Functions of all elements of an object that consists of numbers of one type, in both phases, whatever its members are.

#include <ctnn/config.hpp>
#include <ctnn/kernel/constant_evaluation/arrays.hpp>
#include <ctnn/kernel/vector/registers.hpp>

#include <cstddef>
#include <cstdint>

// Registers may be wider than those of the machine; g++ warns about their ABI.
#if !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

namespace CTNN_NAMESPACE::kernel {

namespace detail {

template <class U, class T, class To, class From>
constexpr To converted(const From& from) {
    constexpr std::size_t count = sizeof(From) / sizeof(T), lanes = constant_lanes(count, count);
    using from_type = registers<T, count, lanes>;
    using result_type = registers<U, count, lanes>;
    using register_type = register_t<U, lanes>;
    const auto numbers = __builtin_bit_cast(from_type, from);
    result_type result{};
    for (std::size_t i = 0; i < count / lanes; ++i)
        if constexpr (lanes > 1)
            result.in[i] = __builtin_convertvector(numbers.in[i], register_type);
        else
            result.in[i] = static_cast<U>(numbers.in[i]);
    return __builtin_bit_cast(To, result);
}
template <class Object>
constexpr Object magnitudes(const Object& of) {
    constexpr std::size_t count = sizeof(Object) / sizeof(double), lanes = constant_lanes(count, count);
    using bits_type = registers<std::uint64_t, count, lanes>;
    auto bits = __builtin_bit_cast(bits_type, of);
    for (std::size_t i = 0; i < count / lanes; ++i) bits.in[i] &= ~std::uint64_t{} >> 1;
    return __builtin_bit_cast(Object, bits);
}

}  // namespace detail

/// Each `U` of `to` becomes that `T` of `from`, converted.
template <class U, class T, class To, class From>
constexpr void convert_elements(const From& from, To& to) {
    constexpr std::size_t count = sizeof(From) / sizeof(T);
    static_assert(sizeof(To) == count * sizeof(U) && sizeof(From) == count * sizeof(T));
    if (__builtin_is_constant_evaluated()) {
        to = detail::converted<U, T, To>(from);
    } else {
        const char* const source = static_cast<const char*>(static_cast<const void*>(&from));
        char* const target = static_cast<char*>(static_cast<void*>(&to));
        for (std::size_t i = 0; i < count; ++i) {
            T number;
            __builtin_memcpy(&number, source + i * sizeof(T), sizeof(T));
            const U result = static_cast<U>(number);
            __builtin_memcpy(target + i * sizeof(U), &result, sizeof(U));
        }
    }
}

/// Each `double` of an object becomes its magnitude.
template <class Object>
constexpr void take_magnitudes(Object& object) {
    if (__builtin_is_constant_evaluated()) {
        object = detail::magnitudes(object);
    } else {
        char* const place = static_cast<char*>(static_cast<void*>(&object));
        for (std::size_t i = 0; i < sizeof(Object); i += sizeof(double)) {
            double number;
            __builtin_memcpy(&number, place + i, sizeof(double));
            number = __builtin_fabs(number);
            __builtin_memcpy(place + i, &number, sizeof(double));
        }
    }
}

}  // namespace CTNN_NAMESPACE::kernel

#if !defined(__clang__)
#pragma GCC diagnostic pop
#endif
