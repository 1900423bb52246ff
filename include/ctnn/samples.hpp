// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A view of many samples of one shape: the form of data for networks, metrics and training.

#include <ctnn/config.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// `count` samples of shape `Shape`, one after another in memory that the view does not own.
///
/// A tensor `shape<Count, Shape...>` converts to it, so data known at compile time and data read from a file are used
/// alike. Class labels are samples of the empty shape: `samples<std::uint8_t, shape<>>`.
template <class T, class Shape>
struct samples {
    using value_type = T;
    using shape_type = Shape;

    const T* data = nullptr;
    std::size_t count = 0;

    constexpr samples() = default;
    constexpr samples(const T* first_element, std::size_t sample_count) : data{first_element}, count{sample_count} {}
    template <std::size_t Count, std::size_t... Extents>
        requires std::is_same_v<shape<Extents...>, Shape>
    constexpr samples(const tensor<T, shape<Count, Extents...>>& sample_tensor)
        : data{sample_tensor.values}, count{Count} {}

    /// The first element of sample `index`.
    constexpr const T* operator[](std::size_t index) const { return data + index * Shape::size; }
};

/// A tensor viewed as samples: its outermost extent counts them.
template <class T, std::size_t Count, std::size_t... Extents>
constexpr samples<T, shape<Extents...>> as_samples(const tensor<T, shape<Count, Extents...>>& values) {
    return values;
}
template <class T, class Shape>
constexpr samples<T, Shape> as_samples(samples<T, Shape> values) {
    return values;
}

/// The view that `as_samples` makes of a `Source`: a tensor, or such a view itself.
template <class Source>
using samples_of = decltype(as_samples(std::declval<const Source&>()));

/// The number of samples of a `Source`, if known at compile time: that of a tensor. 0 for a view.
template <class Source>
inline constexpr std::size_t constant_count = 0;
template <class T, std::size_t Count, std::size_t... Extents>
inline constexpr std::size_t constant_count<tensor<T, shape<Count, Extents...>>> = Count;

/// Whether two sources may belong together: false if their counts are known to differ.
template <std::size_t Inputs, std::size_t Targets>
inline constexpr bool counts_agree = Inputs == Targets || Inputs == 0 || Targets == 0;

/// Whether samples are class labels: integers, one per sample.
template <class Samples>
inline constexpr bool are_labels =
    std::is_integral_v<typename Samples::value_type> && Samples::shape_type::rank == 0;

}  // namespace CTNN_NAMESPACE
