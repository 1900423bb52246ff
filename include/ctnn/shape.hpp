// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The sizes of a tensor, as a type.

#include <ctnn/capped.hpp>
#include <ctnn/config.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace CTNN_NAMESPACE {

namespace detail {
/// The largest number of elements.
inline constexpr std::uint64_t element_limit{(std::numeric_limits<std::ptrdiff_t>::max)()};
}  // namespace detail

/// The extents of a tensor, outermost first: `shape<4, 2>` is four rows of two.
///
/// Template parameters: one extent per dimension, each at least 1.
/// *Errors*: "ctnn::shape: every extent is at least 1", "ctnn::shape: there are more elements than memory can address".
template <std::size_t... Extents>
struct shape {
  private:
    static constexpr std::uint64_t counted = detail::capped_product<std::uint64_t>({Extents...});

  public:
    static_assert(((Extents > 0) && ...), "ctnn::shape: every extent is at least 1");
    static_assert(counted <= detail::element_limit, "ctnn::shape: there are more elements than memory can address");

    /// The number of dimensions.
    static constexpr std::size_t rank = sizeof...(Extents);
    /// The number of elements: the product of the extents. (1 where the rule above has reported too many.)
    static constexpr std::size_t size = counted <= detail::element_limit ? static_cast<std::size_t>(counted) : 1;

    /// The extent of dimension `index`, counted from 0 outermost.
    static constexpr std::size_t extent(std::size_t index) {
        constexpr std::size_t extents[]{Extents..., 1};
        return extents[index];
    }

    /// The distance in memory between neighbours in dimension `index`, in elements.
    static constexpr std::size_t stride(std::size_t index) {
        std::size_t result = 1;
        for (std::size_t inner = index + 1; inner < rank; ++inner) result *= extent(inner);
        return result;
    }

    /// The innermost extent: the length of a contiguous row.
    static constexpr std::size_t last = extent(rank > 0 ? rank - 1 : 0);
};

namespace detail {
template <std::size_t Extent, class Shape>
struct prepended;
template <std::size_t Extent, std::size_t... Extents>
struct prepended<Extent, shape<Extents...>> {
    using type = shape<Extent, Extents...>;
};
}  // namespace detail

/// The shape of `Count` items of shape `Shape`: `batch_of<32, shape<3, 8, 8>>` is `shape<32, 3, 8, 8>`.
template <std::size_t Count, class Shape>
using batch_of = typename detail::prepended<Count, Shape>::type;

}  // namespace CTNN_NAMESPACE
