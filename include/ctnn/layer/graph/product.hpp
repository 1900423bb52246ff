// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The elementwise product of the outputs of branches.

#include <ctnn/capped.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/layer/graph/sum.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

template <class... Branches>
struct product;

namespace detail {

/// Multiplies the outputs of branches elementwise, in their order.
template <class T, class OutputShape, std::size_t Branches>
struct multiplication {
    using output_shape = OutputShape;
    static constexpr std::uint64_t multiply_accumulates = operation_count({Branches - 1, OutputShape::size});
    static constexpr bool writes_at_once = false, reads_outputs = true;
    static constexpr std::size_t scratch_size = 0;

    /// One time step, for `stream`: the same operation on the outputs of the branches in that step.
    template <std::size_t>
    static constexpr bool streams_along = true;
    template <class First, class...>
    using of_steps = multiplication<T, First, Branches>;

    template <std::size_t Branch, std::size_t Batch>
    static constexpr void write(const T* part, T* y) {
        if constexpr (Branch == 0)
            kernel::copy<Batch * OutputShape::size>(part, y);
        else
            kernel::map<Batch * OutputShape::size>(kernel::product{}, y, static_cast<const T*>(y), part);
    }
    /// dL/dy times the outputs of all other branches, in their order.
    template <std::size_t Branch, std::size_t Batch>
    static constexpr void read(const T* dy, const T* const (&outputs)[Branches], T* part, T* /*scratch*/) {
        [&]<std::size_t... Other>(std::index_sequence<Other...>) {
            kernel::map<Batch * OutputShape::size>([](auto upstream, auto... others)
                                                       CTNN_INLINE { return (upstream * ... * others); },
                                                   part, dy, outputs[Other < Branch ? Other : Other + 1]...);
        }
        (std::make_index_sequence<Branches - 1>{});
    }
};

template <class T, class InputShape, class... Bound>
using product_of =
    branches_layer<T, InputShape, multiplication<T, typename nth<0, Bound...>::type::output_shape, sizeof...(Bound)>,
                   typename Bound::layers...>;

template <class... Branches>
struct product {
    using wants = wants_all<wants_branches_that_bind<Branches...>, wants_branches_of_one_shape<Branches...>>;

    template <class T, class InputShape>
    using layer = product_of<T, InputShape, typename Branches::template bound<T, InputShape>...>;

    /// The same spec with other branches, for `fold`.
    using branches = branch_list<Branches...>;
    template <class... Others>
    using with_branches = ctnn::product<Others...>;
};

}  // namespace detail

/// The elementwise product of what branches compute from the same input: y = branch_0(x) branch_1(x) ..., in this
/// order.
///
/// *Shapes*: the input shape of the branches in, their common output shape out. Parameters are those of the branches.
/// *Cost*: that of the branches, and one multiplication per output for each branch but the first, counted as a
/// multiply-accumulate.
/// *Errors*: "ctnn::product: the arguments are branches, at least one, such as branch<dense<4>>"; for a branch with a
/// layer that does not fit, or branches of different shapes, "ctnn::network: a layer cannot take the shape that the
/// layer before it gives".
/// *Example*: a gated linear unit, `product<branch<dense<8>>, branch<dense<8, sigmoid>>>`.
template <class... Branches>
struct product : std::conditional_t<(sizeof...(Branches) > 0) && (... && detail::is_branch<Branches>),
                                    detail::product<Branches...>, detail::no_branches> {
    static_assert((sizeof...(Branches) > 0) && (... && detail::is_branch<Branches>),
                  "ctnn::product: the arguments are branches, at least one, such as branch<dense<4>>");
};

}  // namespace CTNN_NAMESPACE
