// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a mathematical function may do with its argument, be it one number or a register full of them.
///
/// Every function in `ctnn/math/` is a template over a *lane type* `V`: `float`, `double`, or a GNU vector of them.
/// Constant evaluation uses the scalars, run time mostly the vectors; the operations are the same, so are the bits.

#include <ctnn/config.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace ctnn::math {

/// A vector of `Lanes` numbers of type `T`, added and multiplied lane by lane. Run time only: clang does not take the
/// lanes of one apart in constant evaluation.
template <class T, std::size_t Lanes>
struct vector_of {
    typedef T type __attribute__((vector_size(Lanes * sizeof(T))));
};
template <class T, std::size_t Lanes>
using vector = typename vector_of<T, Lanes>::type;

namespace detail {
template <class V>
struct lane {
    using scalar = std::remove_cvref_t<decltype(V{}[0])>;
    using bits = std::conditional_t<sizeof(scalar) == 4, std::int32_t, std::int64_t>;
    using integer = vector<bits, sizeof(V) / sizeof(scalar)>;
};
template <>
struct lane<float> {
    using scalar = float;
    using integer = std::int32_t;
};
template <>
struct lane<double> {
    using scalar = double;
    using integer = std::int64_t;
};
}  // namespace detail

/// `float` or `double`: the number in each lane of `V`.
template <class V>
using scalar_t = typename detail::lane<V>::scalar;

/// Signed integers as wide as the numbers in `V`, as many as `V` has lanes.
template <class V>
using integer_t = typename detail::lane<V>::integer;

/// `mask ? yes : no` in each lane; both are evaluated.
template <class Mask, class V>
CTNN_INLINE constexpr V select(Mask mask, V yes, V no) {
    return mask ? yes : no;
}

/// The bit pattern of each lane.
template <class V>
CTNN_INLINE constexpr integer_t<V> to_bits(V x) {
    return __builtin_bit_cast(integer_t<V>, x);
}

/// The numbers that have these bit patterns.
template <class V>
CTNN_INLINE constexpr V from_bits(integer_t<V> bits) {
    return __builtin_bit_cast(V, bits);
}

/// The same number in every lane.
template <class V>
CTNN_INLINE constexpr V broadcast(scalar_t<V> x) {
    return x - V{};
}

}  // namespace ctnn::math
