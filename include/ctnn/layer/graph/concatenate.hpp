// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The concatenation of the outputs of branches.

#include <ctnn/capped.hpp>
#include <ctnn/chain/features.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/layer/graph/sum.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

template <class... Arguments>
struct concatenate;

namespace detail {

/// Concatenates the outputs of branches along a dimension.
template <class T, std::size_t Dimension, class First, class... Rest>
struct concatenation {
    static constexpr std::size_t inner = First::stride(Dimension);
    static constexpr std::size_t outer = First::size / (First::extent(Dimension) * inner);
    static constexpr std::size_t together =
        capped_sum<std::size_t>({First::extent(Dimension), Rest::extent(Dimension)...});
    using output_shape = typename with_extent<First, Dimension, together>::type;
    static constexpr std::size_t multiply_accumulates = 0;
    static constexpr bool writes_at_once = false, reads_outputs = false;

    /// One time step, for `stream`: concatenates vectors, unless the dimension is time.
    template <std::size_t TimeAxis>
    static constexpr bool streams_along = First::rank <= 2 && Dimension != TimeAxis;
    template <class... Steps>
    using of_steps = concatenation<T, 0, Steps...>;

    /// The number of contiguous elements of a branch in each run of the output, and their offset in the run.
    static constexpr std::size_t run_of(std::size_t branch) {
        constexpr std::size_t extents[]{First::extent(Dimension), Rest::extent(Dimension)...};
        return extents[branch] * inner;
    }
    static constexpr std::size_t start_of(std::size_t branch) {
        std::size_t start = 0;
        for (std::size_t i = 0; i < branch; ++i) start += run_of(i);
        return start;
    }

    template <std::size_t Branch, std::size_t Batch>
    static constexpr void write(const T* part, T* __restrict y) {
        constexpr std::size_t run = run_of(Branch), start = start_of(Branch);
        for (std::size_t row = 0; row < Batch * outer; ++row)
            for (std::size_t i = 0; i < run; ++i) y[row * together * inner + start + i] = part[row * run + i];
    }
    template <std::size_t Branch, std::size_t Batch>
    static constexpr void read(const T* dy, T* part) {
        constexpr std::size_t run = run_of(Branch), start = start_of(Branch);
        for (std::size_t row = 0; row < Batch * outer; ++row)
            for (std::size_t i = 0; i < run; ++i) part[row * run + i] = dy[row * together * inner + start + i];
    }
};

/// The axis, and the branches after it.
template <class... Arguments>
struct concatenate_arguments {
    using along = axis<0>;
    template <template <class, class...> class Use>
    using with = Use<axis<0>, Arguments...>;
    template <class... Others>
    using with_branches = ctnn::concatenate<Others...>;
};
template <std::size_t Dimension, class... Branches>
struct concatenate_arguments<axis<Dimension>, Branches...> {
    template <template <class, class...> class Use>
    using with = Use<axis<Dimension>, Branches...>;
    template <class... Others>
    using with_branches = ctnn::concatenate<axis<Dimension>, Others...>;
};

/// Whether two shapes differ in one dimension at most.
template <std::size_t Dimension, class One, class Other>
constexpr bool differ_only_along() {
    if constexpr (One::rank <= Dimension || Other::rank != One::rank)
        return false;
    else
        return std::is_same_v<typename with_extent<Other, Dimension, One::extent(Dimension)>::type,
                              typename with_extent<One, Dimension, One::extent(Dimension)>::type>;
}

}  // namespace detail

/// The rule that the output shapes of the branches differ in one dimension only.
template <class Axis, class... Branches>
struct wants_branches_alike_but_along {
    template <class Shape>
    static constexpr bool fits = [] {
        if constexpr (wants_branches_that_bind<Branches...>::template fits<Shape>) {
            using first = typename detail::nth<0, Branches...>::type::template bound<float, Shape>::output_shape;
            return (... && detail::differ_only_along<Axis::value, first,
                                                     typename Branches::template bound<float, Shape>::output_shape>());
        } else {
            return true;  // another rule reports it
        }
    }();
};

namespace detail {

template <class T, class InputShape, class Axis, class... Bound>
using concatenate_of = branches_layer<T, InputShape, concatenation<T, Axis::value, typename Bound::output_shape...>,
                                      typename Bound::layers...>;

template <class Axis, class... Branches>
struct concatenate {
    using wants = wants_all<wants_branches_that_bind<Branches...>, wants_branches_alike_but_along<Axis, Branches...>>;

    template <class T, class InputShape>
    using layer = concatenate_of<T, InputShape, Axis, typename Branches::template bound<T, InputShape>...>;

    using branches = branch_list<Branches...>;
};

template <class Axis, class... Branches>
struct concatenate_if_branches {
    static constexpr bool are_branches = (sizeof...(Branches) > 0) && (... && is_branch<Branches>);
    using type = std::conditional_t<are_branches, concatenate<Axis, Branches...>, no_branches>;

    static_assert(are_branches,
                  "ctnn::concatenate: the arguments are an axis, if it is not the outermost, and then branches");
};

}  // namespace detail

/// What branches compute from the same input, concatenated along the outermost dimension (the channels), or along
/// another: `concatenate<axis<1>, branch<...>, branch<...>>`.
///
/// *Shapes*: the input shape of the branches in; out their extents along the dimension added up, the others being
/// equal. Parameters are those of the branches. `branch<>` is the input itself.
/// *Errors*: "ctnn::concatenate: the arguments are an axis, if it is not the outermost, and then branches"; for a
/// branch with a layer that does not fit, or branches that differ in another dimension, "ctnn::network: a layer cannot
/// take the shape that the layer before it gives".
/// *Example*: `concatenate<branch<>, branch<conv2d<4, window<3>, relu, same>>>`.
template <class... Arguments>
struct concatenate : detail::concatenate_arguments<Arguments...>::template with<detail::concatenate_if_branches>::type {
    /// The same spec with other branches, for `fold`, and with the axis only if it is written here.
    template <class... Others>
    using with_branches = typename detail::concatenate_arguments<Arguments...>::template with_branches<Others...>;
};

}  // namespace CTNN_NAMESPACE
