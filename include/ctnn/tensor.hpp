// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A contiguous array whose shape is a type.

#include <ctnn/capped.hpp>
#include <ctnn/config.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE {

template <class T, class Shape>
struct tensor;

/// Elements of type `T` in row-major order, with their shape in the type.
///
/// An aggregate and a literal, structural type: `tensor<double, shape<2, 2>> t{1, 2, 3, 4};`. Omitted elements are
/// zero, as in any C++ aggregate. Its size is that of its elements.
///
/// *Cost*: no allocation; copying copies the elements.
/// *Errors*: "ctnn::tensor: it has more bytes than an object can have".
template <class T, std::size_t... Extents>
struct tensor<T, shape<Extents...>> {
  private:
    static constexpr bool fits = shape<Extents...>::size <= detail::tensor_bytes_limit / sizeof(T);

  public:
    using value_type = T;
    using shape_type = shape<Extents...>;

    T values[fits && shape_type::size > 0 ? shape_type::size : 1];

    /// The number of elements.
    static constexpr std::size_t size() { return shape_type::size; }

    /// Element `index` in row-major order.
    constexpr T& operator[](std::size_t index) { return values[index]; }
    constexpr const T& operator[](std::size_t index) const { return values[index]; }

    /// The element at one index per dimension, outermost first.
    ///
    /// *Errors*: "ctnn::tensor: give one index for each dimension".
    template <class... Indices>
    constexpr T& operator()(Indices... indices) {
        return values[offset(indices...)];
    }
    template <class... Indices>
    constexpr const T& operator()(Indices... indices) const {
        return values[offset(indices...)];
    }

    constexpr T* begin() { return values; }
    constexpr T* end() { return values + size(); }
    constexpr T* data() { return values; }
    constexpr const T* begin() const { return values; }
    constexpr const T* end() const { return values + size(); }
    constexpr const T* data() const { return values; }

    friend constexpr bool operator==(const tensor&, const tensor&) = default;

  private:
    static_assert(fits, "ctnn::tensor: it has more bytes than an object can have");

    template <class... Indices>
    static constexpr std::size_t offset(Indices... indices) {
        static_assert(sizeof...(Indices) == shape_type::rank, "ctnn::tensor: give one index for each dimension");
        std::size_t result = 0;
        if constexpr (sizeof...(Indices) == shape_type::rank)
            ((result = result * Extents + static_cast<std::size_t>(indices)), ...);
        return result;
    }
};

namespace detail {

/// The number of elements of a type that states it, as `std::array` and `std::span<T, Count>` do. For a span of dynamic
/// extent it is the largest value.
template <class Numbers>
inline constexpr std::size_t constant_size_of = 0;
template <class Numbers>
requires requires {
    std::tuple_size<Numbers>::value;
}
inline constexpr std::size_t constant_size_of<Numbers> = std::tuple_size<Numbers>::value;
template <class Numbers>
requires requires {
    Numbers::extent;
}
inline constexpr std::size_t constant_size_of<Numbers> = Numbers::extent;

/// (A type with a shape is a tensor.)
template <class Numbers, class T>
concept elements_of_type = !requires {
    typename Numbers::shape_type;
}
&&requires(const Numbers& numbers, const T*& data) {
    requires constant_size_of<Numbers> >
    0;
    data = numbers.data();
};

}  // namespace detail

}  // namespace CTNN_NAMESPACE
