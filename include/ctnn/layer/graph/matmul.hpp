// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The matrix product of the outputs of two branches.

#include <ctnn/capped.hpp>
#include <ctnn/chain/features.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/product/matrix_product.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/layer/graph/sum.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

template <class... Branches>
struct matmul;

namespace detail {

/// The product of the matrices `Left`, shape<..., M, K>, and `Right`, shape<..., K, N>.
template <class T, class Left, class Right>
struct matrix_multiplication {
    static constexpr std::size_t rows = Left::extent(Left::rank - 2), depth = Left::last, columns = Right::last;
    static constexpr std::size_t matrices = Left::size / (rows * depth);
    using output_shape = typename with_extent<Left, Left::rank - 1, columns>::type;
    static constexpr std::uint64_t multiply_accumulates = operation_count({matrices, rows, depth, columns});
    static constexpr bool writes_at_once = true, reads_outputs = true;
    static constexpr std::size_t scratch_size = kernel::transposed_scratch<rows, depth, columns>;

    /// For `stream`: the product needs the whole sequence.
    template <std::size_t>
    static constexpr bool streams_along = false;
    template <class...>
    using of_steps = matrix_multiplication;

    template <std::size_t Batch>
    static constexpr void write(const T* const (&outputs)[2], T* y) {
        for (std::size_t i = 0; i < Batch * matrices; ++i)
            kernel::matrix_product<kernel::forward_size<T, rows, columns, depth>, kernel::from_zero>(
                outputs[0] + i * rows * depth, outputs[1] + i * depth * columns, outputs[0], y + i * rows * columns);
    }
    /// dL/dleft = dy right^T, dL/dright = left^T dy.
    template <std::size_t Branch, std::size_t Batch>
    static constexpr void read(const T* dy, const T* const (&outputs)[2], T* part, T* scratch) {
        for (std::size_t i = 0; i < Batch * matrices; ++i, dy += rows * columns)
            if constexpr (Branch == 0)
                kernel::product_with_transposed<rows, depth, columns>(dy, outputs[1] + i * depth * columns,
                                                                      part + i * rows * depth, scratch);
            else
                kernel::matrix_product<kernel::product_size<depth, columns, rows, 1, depth>, kernel::from_zero>(
                    outputs[0] + i * rows * depth, dy, dy, part + i * depth * columns);
    }
};

template <class Left, class Right>
constexpr bool matrices_fit() {
    if constexpr (Left::rank < 2 || Right::rank != Left::rank)
        return false;
    else
        return Left::last == Right::extent(Right::rank - 2) &&
               std::is_same_v<typename with_extent<typename with_extent<Left, Left::rank - 2, Left::last>::type,
                                                   Left::rank - 1, Right::last>::type,
                              Right>;
}

}  // namespace detail

/// The rule that the branches output matrices, equally many, and those of the first have as many columns as those of
/// the second have rows.
template <class Left, class Right>
struct wants_branches_of_matrices_that_fit {
    template <class Shape>
    static constexpr bool fits = [] {
        if constexpr (wants_branches_that_bind<Left, Right>::template fits<Shape>)
            return detail::matrices_fit<typename Left::template bound<float, Shape>::output_shape,
                                        typename Right::template bound<float, Shape>::output_shape>();
        else
            return true;  // another rule reports it
    }();
};

namespace detail {

template <class T, class InputShape, class Left, class Right>
using matmul_of =
    branches_layer<T, InputShape, matrix_multiplication<T, typename Left::output_shape, typename Right::output_shape>,
                   typename Left::layers, typename Right::layers>;

template <class... Branches>
inline constexpr bool are_two_branches = false;
template <class... Left, class... Right>
inline constexpr bool are_two_branches<branch<Left...>, branch<Right...>> = true;

template <class Left, class Right>
struct matmul {
    using wants = wants_all<wants_branches_that_bind<Left, Right>, wants_branches_of_matrices_that_fit<Left, Right>>;

    template <class T, class InputShape>
    using layer = matmul_of<T, InputShape, typename Left::template bound<T, InputShape>,
                            typename Right::template bound<T, InputShape>>;

    /// The same spec with other branches, for `fold`.
    using branches = branch_list<Left, Right>;
    template <class... Others>
    using with_branches = ctnn::matmul<Others...>;
};

template <bool AreBranches, class... Branches>
struct matmul_if_branches {
    using type = no_branches;
};
template <class... Branches>
struct matmul_if_branches<true, Branches...> {
    using type = matmul<Branches...>;
};

}  // namespace detail

/// The product of the matrices that two branches compute from the same input: y = branch_0(x) branch_1(x).
///
/// *Shapes*: the input shape of the branches in; they output shape<..., M, K> and shape<..., K, N>, whose other extents
/// are equal and count the matrices; shape<..., M, N> out. Parameters are those of the branches.
/// *Cost*: that of the branches, and M N K multiply-accumulates per matrix.
/// *Errors*: "ctnn::matmul: the arguments are two branches, such as branch<dense<4>>"; for a branch with a layer that
/// does not fit, or matrices that do not, "ctnn::network: a layer cannot take the shape that the layer before it
/// gives".
/// *Example*: attention scores, `matmul<branch<dense<8>>, branch<dense<8>, permute<1, 0>>>`.
template <class... Branches>
struct matmul : detail::matmul_if_branches<detail::are_two_branches<Branches...>, Branches...>::type {
    static_assert(detail::are_two_branches<Branches...>,
                  "ctnn::matmul: the arguments are two branches, such as branch<dense<4>>");
};

}  // namespace CTNN_NAMESPACE
