// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A view of many samples of one shape: how networks, metrics and training see data.

#include <ctnn/tensor.hpp>

#include <cstddef>
#include <utility>

namespace ctnn {

/// `count` samples of shape `Shape`, one after another in memory that somebody else owns.
///
/// A tensor `shape<Count, Shape...>` converts to it, so data known to the compiler and data read from a file are used
/// alike. Class labels are samples of the empty shape: `samples<std::uint8_t, shape<>>`.
template <class T, class Shape>
struct samples {
    using value_type = T;
    using shape_type = Shape;

    const T* data;
    std::size_t count;

    /// The first element of sample `index`.
    constexpr const T* operator[](std::size_t index) const { return data + index * Shape::size; }
};

/// A tensor seen as samples: its outermost extent counts them.
template <class T, std::size_t Count, std::size_t... Extents>
constexpr samples<T, shape<Extents...>> as_samples(const tensor<T, shape<Count, Extents...>>& values) {
    return {values.data(), Count};
}
template <class T, class Shape>
constexpr samples<T, Shape> as_samples(samples<T, Shape> values) {
    return values;
}

/// The view that `as_samples` makes of a `Source`, for signatures.
template <class Source>
using samples_of = decltype(as_samples(std::declval<const Source&>()));

}  // namespace ctnn
