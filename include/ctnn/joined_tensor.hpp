// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Several named tensors that are one sample together.

#include <ctnn/config.hpp>
#include <ctnn/name.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/samples.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// The inputs or the outputs of a network that has several: a vector of all elements, and each tensor by its name.
///
/// `Shape` is a `joined_shape`. *Cost*: a tensor is copied when it is read or set.
/// *Errors*: "ctnn::joined_tensor: none of the tensors has this name".
/// *Example*: `const auto y = net(x); y.get<"policy">();`, or `const auto [policy, value] = net(x);`
template <class T, class Shape>
struct joined_tensor;
template <class T, class... Parts>
struct joined_tensor<T, joined_shape<Parts...>> : tensor<T, typename joined_shape<Parts...>::vector> {
    using joined = joined_shape<Parts...>;
    template <std::size_t Index>
    using part_type = tensor<T, typename detail::nth<Index, Parts...>::type::shape_type>;

    /// The tensor with a number or a name.
    template <std::size_t Index>
    constexpr part_type<Index> get() const {
        part_type<Index> part{};
        for (std::size_t i = 0; i < part.size(); ++i) part[i] = (*this)[joined::offset(Index) + i];
        return part;
    }
    template <name Name>
    constexpr auto get() const {
        return get<number_of<Name>()>();
    }
    template <std::size_t Index>
    constexpr void set(const part_type<Index>& part) {
        for (std::size_t i = 0; i < part.size(); ++i) (*this)[joined::offset(Index) + i] = part[i];
    }
    template <name Name>
    constexpr void set(const part_type<joined::template known_index_of<Name>>& part) {
        set<number_of<Name>()>(part);
    }

  private:
    template <name Name>
    static constexpr std::size_t number_of() {
        static_assert(joined::template index_of<Name> < joined::count,
                      "ctnn::joined_tensor: none of the tensors has this name");
        return joined::template known_index_of<Name>;
    }
};

/// Writes samples of several tensors as rows of all their elements, from `rows` on: as many as there are of `first`.
template <class T, class First, class... Rest>
constexpr void join(T* rows, const samples<T, First>& first, const samples<T, Rest>&... rest) {
    constexpr std::size_t width = (First::size + ... + Rest::size);
    std::size_t start = 0;
    const auto add = [&]<class Shape>(const samples<T, Shape>& part) {
        for (std::size_t row = 0; row < first.count; ++row)
            for (std::size_t i = 0; i < Shape::size; ++i) rows[row * width + start + i] = part[row][i];
        start += Shape::size;
    };
    add(first);
    (add(rest), ...);
}

/// Samples of several tensors as rows of all their elements, as `fit` and the metrics take them.
///
/// *Example*: `fit<losses<...>>(net, join(states, goals), join(policies, values), adam{}, {.epochs = 100});`
template <class T, std::size_t Count, std::size_t... First, class... Rest>
constexpr auto join(const tensor<T, shape<Count, First...>>& first, const Rest&... rest) {
    constexpr bool agree = (... && (constant_count<Rest> == Count));
    static_assert(agree, "ctnn::join: the tensors have different numbers of samples");
    constexpr std::size_t width = (shape<First...>::size + ... + samples_of<Rest>::shape_type::size);
    tensor<T, shape<Count, width>> rows{};
    if constexpr (agree) join(rows.values, as_samples(first), as_samples(rest)...);
    return rows;
}

}  // namespace CTNN_NAMESPACE

template <class T, class... Parts>
struct std::tuple_size<ctnn::joined_tensor<T, ctnn::joined_shape<Parts...>>>
    : std::integral_constant<std::size_t, sizeof...(Parts)> {};
template <std::size_t Index, class T, class... Parts>
struct std::tuple_element<Index, ctnn::joined_tensor<T, ctnn::joined_shape<Parts...>>> {
    using type = typename ctnn::joined_tensor<T, ctnn::joined_shape<Parts...>>::template part_type<Index>;
};
