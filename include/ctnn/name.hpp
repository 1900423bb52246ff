// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Names as template arguments, and shapes of several tensors that have names.

#include <ctnn/capped.hpp>
#include <ctnn/config.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// A name as a template argument, written as a string: `node<"trunk", ...>`.
template <std::size_t Size>
struct name {
    char text[Size]{};

    constexpr name(const char (&literal)[Size]) {
        for (std::size_t i = 0; i < Size; ++i) text[i] = literal[i];
    }

    /// Whether it is 1 to 40 letters, digits and underscores: what can be a part of a parameter's name in a file.
    constexpr bool is_valid() const {
        bool result = Size > 1 && Size <= 41;
        for (std::size_t i = 0; i + 1 < Size; ++i)
            result = result && ((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z') ||
                                (text[i] >= '0' && text[i] <= '9') || text[i] == '_');
        return result;
    }
};

namespace detail {

template <std::size_t Left, std::size_t Right>
constexpr bool same_name(const name<Left>& left, const name<Right>& right) {
    bool same = Left == Right;
    for (std::size_t i = 0; same && i < Left; ++i) same = left.text[i] == right.text[i];
    return same;
}

/// The index of the first of some values, which have names as `text`, that has this name; their number if none has.
template <name Name, class... Values>
inline constexpr std::size_t index_of_name = [] {
    std::size_t result = sizeof...(Values), index = 0;
    ((result = same_name(Values::text, Name) && result == sizeof...(Values) ? index : result, ++index), ...);
    return result;
}();

}  // namespace detail

/// Shapes that go together, as an error message shows them.
template <class... Shapes>
struct takes {};

/// A tensor among several that are a sample together: its name and its shape.
template <name Name, class Shape>
struct named {
    using shape_type = Shape;
    static constexpr auto text = Name;
};

/// The shape of several named tensors that are a sample together: the vector of all their elements, one tensor after
/// another.
template <class... Parts>
struct joined_shape : shape<detail::capped_sum<std::size_t>({Parts::shape_type::size...})> {
    /// The plain shape of the vector.
    using vector = shape<detail::capped_sum<std::size_t>({Parts::shape_type::size...})>;
    static constexpr std::size_t count = sizeof...(Parts);

    /// The index of the tensor with a name, or `count`.
    template <name Name>
    static constexpr std::size_t index_of = detail::index_of_name<Name, Parts...>;
    /// The same or, where a message has been printed, the first.
    template <name Name>
    static constexpr std::size_t known_index_of = index_of<Name> < count ? index_of<Name> : 0;
    /// The offset of the first element of a tensor.
    static constexpr std::size_t offset(std::size_t index) {
        constexpr std::size_t sizes[]{Parts::shape_type::size...};
        std::size_t result = 0;
        for (std::size_t i = 0; i < index; ++i) result += sizes[i];
        return result;
    }
};

namespace detail {

/// The shape as tensors have it.
template <class Shape>
struct plain {
    using type = Shape;
};
template <class... Parts>
struct plain<joined_shape<Parts...>> {
    using type = typename joined_shape<Parts...>::vector;
};
template <class Shape>
using plain_shape = typename plain<Shape>::type;
template <class One, class Other>
inline constexpr bool same_shape = std::is_same_v<plain_shape<One>, plain_shape<Other>>;

}  // namespace detail

}  // namespace CTNN_NAMESPACE
