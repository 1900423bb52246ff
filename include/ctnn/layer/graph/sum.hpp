// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The sum of the outputs of branches.

#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/name.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

template <class... Branches>
struct sum;

/// The rule that in each branch every layer accepts its input shape.
template <class... Branches>
struct wants_branches_that_bind {
    template <class Shape>
    static constexpr bool fits = (... && Branches::template binds<Shape>);
};

/// The rule that all branches have the same output shape.
template <class... Branches>
struct wants_branches_of_one_shape {
    template <class Shape>
    static constexpr bool fits = [] {
        if constexpr (wants_branches_that_bind<Branches...>::template fits<Shape>) {
            using first = typename detail::nth<0, Branches...>::type::template bound<float, Shape>::output_shape;
            return (... && detail::same_shape<typename Branches::template bound<float, Shape>::output_shape, first>);
        } else {
            return true;  // another rule reports it
        }
    }();
};

namespace detail {

/// Adds the outputs of branches, in their order.
template <class T, class OutputShape>
struct addition {
    using output_shape = OutputShape;
    static constexpr std::size_t multiply_accumulates = 0;
    static constexpr bool writes_at_once = false, reads_outputs = false;

    /// One time step, for `stream`: the same operation on the outputs of the branches in that step.
    template <std::size_t>
    static constexpr bool streams_along = true;
    template <class First, class...>
    using of_steps = addition<T, First>;

    template <std::size_t Branch, std::size_t Batch>
    static constexpr void write(const T* part, T* __restrict y) {
        for (std::size_t i = 0; i < Batch * OutputShape::size; ++i) y[i] = Branch == 0 ? part[i] : y[i] + part[i];
    }
    template <std::size_t, std::size_t Batch>
    static constexpr void read(const T* dy, T* part) {
        for (std::size_t i = 0; i < Batch * OutputShape::size; ++i) part[i] = dy[i];
    }
};

template <class T, class InputShape, class... Bound>
using sum_of = branches_layer<T, InputShape, addition<T, typename nth<0, Bound...>::type::output_shape>,
                              typename Bound::layers...>;

template <class... Branches>
struct sum {
    using wants = wants_all<wants_branches_that_bind<Branches...>, wants_branches_of_one_shape<Branches...>>;

    template <class T, class InputShape>
    using layer = sum_of<T, InputShape, typename Branches::template bound<T, InputShape>...>;

    /// The same spec with other branches, for `fold`.
    using branches = branch_list<Branches...>;
    template <class... Others>
    using with_branches = ctnn::sum<Others...>;
};

}  // namespace detail

/// The sum of what branches compute from the same input: y = branch_0(x) + branch_1(x) + ..., added in this order.
///
/// *Shapes*: the input shape of the branches in, their common output shape out. Parameters are those of the branches.
/// *Errors*: "ctnn::sum: the arguments are branches, at least one, such as branch<dense<4>>"; for a branch with a layer
/// that does not fit, or branches of different shapes, "ctnn::network: a layer cannot take the shape that the layer
/// before it gives".
/// *Example*: `sum<branch<conv2d<8, window<1>>>, branch<conv2d<8, window<3>, same>>>`.
template <class... Branches>
struct sum : std::conditional_t<(sizeof...(Branches) > 0) && (... && detail::is_branch<Branches>),
                                detail::sum<Branches...>, detail::no_branches> {
    static_assert((sizeof...(Branches) > 0) && (... && detail::is_branch<Branches>),
                  "ctnn::sum: the arguments are branches, at least one, such as branch<dense<4>>");
};

/// A residual connection: y = x + layers(x).
///
/// *Shapes*: any in, the same out: the layers have to keep the shape.
/// *Source*: He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2015.
/// *Example*: `residual<conv2d<8, window<3>, relu, same>, conv2d<8, window<3>, same>>, activation<relu>`.
template <class... Layers>
struct residual : sum<branch<>, branch<Layers...>> {
    template <class, class Other>
    using with_branches = typename Other::template as<ctnn::residual>;
};

}  // namespace CTNN_NAMESPACE
