// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Linear interpolation along a dimension.

#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/arguments.hpp>
#include <ctnn/chain/features.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/math/lane.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// Where the outputs of a resized dimension are among its inputs, the first of which is at 0: at `numerator` / `denominator`,
/// less 1/2 if `is_centred`.
struct half_pixel {
    static constexpr bool is_centred = true;
    static constexpr std::size_t denominator(std::size_t to) { return 2 * to; }
    static constexpr std::size_t numerator(std::size_t at, std::size_t from) { return (2 * at + 1) * from; }
};
struct align_corners {
    static constexpr bool is_centred = false;
    static constexpr std::size_t denominator(std::size_t to) { return to > 1 ? to - 1 : 1; }
    static constexpr std::size_t numerator(std::size_t at, std::size_t from) { return at * (from - 1); }
};
struct asymmetric {
    static constexpr bool is_centred = false;
    static constexpr std::size_t denominator(std::size_t to) { return to; }
    static constexpr std::size_t numerator(std::size_t at, std::size_t from) { return at * from; }
};

namespace detail {

/// The two inputs of each output, and their weights.
template <class T, std::size_t To>
struct neighbours {
    std::uint32_t first[To], second[To];
    T first_weight[To], second_weight[To];
};
template <class T, class Coordinates, std::size_t From, std::size_t To>
inline constexpr auto neighbours_along = [] {
    neighbours<T, To> result{};
    for (std::size_t i = 0; i < To; ++i) {
        // In integers, so that the weights are the quotients, rounded once.
        const std::size_t below = Coordinates::denominator(To), half = Coordinates::is_centred ? below / 2 : 0,
                          above = Coordinates::numerator(i, From), place = above > half ? above - half : 0,
                          first = place / below, rest = place % below;
        const bool is_edge = first + 1 >= From;
        result.first[i] = static_cast<std::uint32_t>(is_edge ? From - 1 : first);
        result.second[i] = static_cast<std::uint32_t>(is_edge ? From - 1 : first + 1);
        result.first_weight[i] = is_edge ? T{1} : static_cast<T>(below - rest) / static_cast<T>(below);
        result.second_weight[i] = is_edge ? T{} : static_cast<T>(rest) / static_cast<T>(below);
    }
    return result;
}();

}  // namespace detail

/// `linear_resize`, bound to its input.
template <class T, class InputShape, std::size_t Dimension, std::size_t Extent, class Coordinates>
struct linear_resize_layer {
    using input_shape = InputShape;
    using output_shape = typename detail::with_extent<InputShape, Dimension, Extent>::type;
    using activation = identity;
    static constexpr std::size_t multiply_accumulates = 2 * output_shape::size;

    friend constexpr bool operator==(const linear_resize_layer&, const linear_resize_layer&) = default;

    template <std::size_t Batch>
    static constexpr void forward(const T* x, T* y) {
        for (std::size_t block = 0; block < Batch * outer; ++block, x += from * inner, y += Extent * inner)
            for (std::size_t i = 0; i < Extent; ++i) {
                const T first = places.first_weight[i], second = places.second_weight[i];
                if constexpr (inner == 1) {
                    y[i] = x[places.first[i]] * first + x[places.second[i]] * second;
                } else {
                    const auto mix = [first, second](auto a, auto b) CTNN_INLINE {
                        return a * math::broadcast<decltype(a)>(first) + b * math::broadcast<decltype(a)>(second);
                    };
                    kernel::map<inner>(mix, y + i * inner, x + places.first[i] * inner, x + places.second[i] * inner);
                }
            }
    }

    template <std::size_t Batch>
    static constexpr void backward(const T*, const T* dy, T* dx, T* /*kept*/, T* /*scratch*/) {
        for (std::size_t i = 0; i < Batch * InputShape::size; ++i) dx[i] = T{};
        for (std::size_t block = 0; block < Batch * outer; ++block, dx += from * inner, dy += Extent * inner)
            for (std::size_t i = 0; i < Extent; ++i) {
                T* const first = dx + places.first[i] * inner;
                T* const second = dx + places.second[i] * inner;
                for (std::size_t k = 0; k < inner; ++k) {
                    first[k] += places.first_weight[i] * dy[i * inner + k];
                    second[k] += places.second_weight[i] * dy[i * inner + k];
                }
            }
    }

  private:
    static constexpr std::size_t from = InputShape::extent(Dimension), inner = InputShape::stride(Dimension),
                                 outer = InputShape::size / (from * inner);
    static constexpr const auto& places = detail::neighbours_along<T, Coordinates, from, Extent>;
};

/// Whether a type says where the outputs of a resized dimension are.
template <class Type>
inline constexpr bool is_coordinates = requires {
    Type::is_centred;
};

/// Linear interpolation along a dimension, to `Extent` elements: y(i) = (1 - t) x(j) + t x(j + 1), where j + t is the place
/// of i among the inputs, or the nearest of them outside. Two, one for each dimension, are bilinear.
///
/// Template parameters: an `axis<d>`, d counted from 0 outermost; the extent, at least 1; and the places of a dimension of N
/// elements: `half_pixel`, (i + 1/2) N / Extent - 1/2; `align_corners`, i (N - 1) / (Extent - 1); or `asymmetric`,
/// i N / Extent.
/// *Shapes*: `linear_resize<axis<1>, 8>` turns shape<A, B, C> into shape<A, 8, C>. No parameters. *Cost*: two
/// multiply-accumulates an output. A smaller extent takes inputs out, without averaging (no antialiasing).
/// *Errors*: "ctnn::linear_resize: the arguments are an axis, an extent of at least 1, and half_pixel, align_corners or
/// asymmetric"; for a dimension that there is not, "ctnn::network: a layer cannot take the shape that the layer before it
/// gives".
template <class Axis, std::size_t Extent, class Coordinates = half_pixel>
struct linear_resize {
    static constexpr bool are_valid = detail::is_axis<Axis> && Extent > 0 && is_coordinates<Coordinates>;
    using along = detail::axis_or_first<Axis>;
    using wants = wants_features_along<along::value>;

    template <class T, class InputShape>
    using layer = linear_resize_layer<T, InputShape, along::value, are_valid ? Extent : 1,
                                      std::conditional_t<are_valid, Coordinates, half_pixel>>;

    static_assert(are_valid,
                  "ctnn::linear_resize: the arguments are an axis, an extent of at least 1, and half_pixel, "
                  "align_corners or asymmetric");
};

}  // namespace CTNN_NAMESPACE
