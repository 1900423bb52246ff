// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Ensembles of decision trees: random forests and gradient boosting.

#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/options.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/define_struct.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

namespace detail {
struct aggregate_option {};
struct leaf_option {};
}  // namespace detail

/// An option of `decision_trees`, the default: outputs are sums over the trees.
struct sum_of_trees {
    using option_kind = detail::aggregate_option;
    template <class T>
    static constexpr T combine(T all, T one) {
        return all + one;
    }
    template <class T>
    static constexpr T finish(T all, std::size_t) {
        return all;
    }
};
/// An option of `decision_trees`: sums divided by the number of trees.
struct average_of_trees : sum_of_trees {
    template <class T>
    static constexpr T finish(T all, std::size_t trees) {
        return all / static_cast<T>(trees);
    }
};
/// Options of `decision_trees`: the smallest, or the largest, of what the trees give.
struct minimum_of_trees : sum_of_trees {
    template <class T>
    static constexpr T combine(T all, T one) {
        return one < all ? one : all;
    }
};
struct maximum_of_trees : sum_of_trees {
    template <class T>
    static constexpr T combine(T all, T one) {
        return one > all ? one : all;
    }
};
/// An option of `decision_trees`: the leaves of a tree have one number, and tree t is one of output t mod Outputs, as in
/// gradient boosting of several classes.
struct one_output_per_tree {
    using option_kind = detail::leaf_option;
};

/// Whether no layer before one of trees needs its derivative. It is false where it is named in an error.
template <bool InputGradient>
inline constexpr bool nothing_before_trees_is_trained = !InputGradient;
/// Whether tables for these numbers can be counted in the network's value type. It is false where it is named in an error.
template <std::size_t Nodes, std::size_t Tests>
inline constexpr bool tree_tables_are_exact = Nodes <= std::size_t{1} << 24 && Tests <= std::size_t{1} << 24;

/// `decision_trees`, bound to its input. A node is a leaf, from 0 on, or a split, from `leaf_count` on.
template <class T, std::size_t Inputs, std::size_t Outputs, std::size_t Trees, std::size_t Splits, class Aggregate,
          bool OneOutput>
struct decision_trees_layer {
    static constexpr std::size_t leaf_count = Splits + Trees, width = OneOutput ? 1 : Outputs;

    using input_shape = shape<Inputs>;
    using output_shape = shape<Outputs>;
    using activation = identity;
    using splits_type = tensor<T, shape<Splits, 4>>;
    using weights_type = tensor<T, shape<leaf_count, width>>;
    using bias_type = tensor<T, shape<Outputs>>;

    static constexpr std::size_t multiply_accumulates = 0;

    BOOST_HANA_DEFINE_STRUCT(decision_trees_layer, (splits_type, splits), (weights_type, weights), (bias_type, bias));
    /// Descent changes none of them.
    static constexpr std::size_t trained_members = 0;

    friend constexpr bool operator==(const decision_trees_layer&, const decision_trees_layer&) = default;

    static constexpr decision_trees_layer start() { return {}; }

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y) const {
        for (std::size_t sample = 0; sample < Batch; ++sample, x += Inputs, y += Outputs) {
            for (std::size_t tree = 0; tree < Trees; ++tree) {
                const T* const leaf = weights.values + width * leaf_of(tree, x);
                T* const all = y + (OneOutput ? tree % Outputs : 0);
                const bool is_first = tree < (OneOutput ? Outputs : 1);
                for (std::size_t k = 0; k < width; ++k)
                    all[k] = is_first ? leaf[k] : Aggregate::template combine<T>(all[k], leaf[k]);
            }
            for (std::size_t k = 0; k < Outputs; ++k) y[k] = Aggregate::template finish<T>(y[k], Trees) + bias[k];
        }
    }

    /// Trees are constant between their thresholds, and jump there.
    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T*, const T*, T*, T*, T*, decision_trees_layer& gradient) const {
        static_assert(nothing_before_trees_is_trained<InputGradient>,
                      "ctnn::decision_trees: trees have no derivative, so layers before them cannot be trained");
        clear(gradient);
    }

  private:
    /// The leaf that a sample reaches. The loop ends, because the splits below one have larger numbers.
    constexpr std::size_t leaf_of(std::size_t split, const T* x) const {
        while (true) {
            const T* const row = splits.values + 4 * split;
            const std::size_t test = whole(row[0], 16 * Inputs, 0);
            const T input = x[test / 16], threshold = row[1];
            unsigned order =
                (input < threshold ? 1u : 0u) + (input == threshold ? 2u : 0u) + (input > threshold ? 4u : 0u);
#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__
            if (math::is_nan(input)) order = 0;  // the compiler assumes that one of the three is true
#endif
            const bool is_first = (test & (order == 0 ? 8u : order)) != 0;
            const std::size_t node = whole(row[is_first ? 2 : 3], leaf_count + Splits, leaf_count + split);
            if (node < leaf_count) return node;
            split = node - leaf_count;
        }
    }
    /// A number of a table: whole, less than `end`, and if it is not that of a leaf, above `parent`.
    static constexpr std::size_t whole(T x, std::size_t end, std::size_t parent) {
        detail::require(x >= 0 && x < static_cast<T>(end) &&
                            (x < static_cast<T>(leaf_count) || x > static_cast<T>(parent)) &&
                            x == static_cast<T>(static_cast<std::int32_t>(x)),
                        "ctnn::decision_trees: its tables are not those of trees");
        return static_cast<std::size_t>(static_cast<std::int32_t>(x));
    }

    static_assert(tree_tables_are_exact<leaf_count + Splits, 16 * Inputs>,
                  "ctnn::decision_trees: it has at most 2^24 leaves and splits, and 2^20 inputs");
};

/// An ensemble of binary decision trees, such as a random forest or gradient boosting: each tree leads to one of its
/// leaves, y(k) = bias(k) + the sum over the trees, in their order, of the leaf's weights(k).
///
/// Template parameters: the numbers of outputs, of trees, and of splits in all trees, at least 1 each, and a split in each
/// tree; then in any order `average_of_trees`, `minimum_of_trees` or `maximum_of_trees` instead of the sum, and
/// `one_output_per_tree`, for which the outputs divide the trees.
/// *Shapes*: `shape<Inputs>` in, `shape<Outputs>` out. All tables are tensors of the network's type, whole numbers too.
/// With L = Splits + Trees, `weights` are those of L leaves, `<L, Outputs>`, or `<L, 1>` with `one_output_per_tree`;
/// `bias` is `<Outputs>`. `splits` are rows of four, the first ones those of the roots of the trees: 16 f + c, the
/// threshold that x(f) is compared with, and the children. c is the sum of the cases that lead to the first child: 1 less,
/// 2 equal, 4 greater, 8 not a number; so 3 is x(f) <= threshold. A child n is leaf n if n < L, and otherwise split n - L,
/// which comes after its parent. Other tables are an error in a constant and without `NDEBUG`, and undefined behaviour
/// otherwise. All zeros are trees of one leaf.
/// *Cost*: no multiply-accumulates; a comparison for each level of a tree, an addition for each output of a tree.
/// Training does not change the tables, and cannot change layers before them.
/// *Errors*: "ctnn::decision_trees: there is at least one output, one tree, and one split a tree; with one_output_per_tree,
/// the number of outputs divides that of trees", "ctnn::decision_trees: the options are one_output_per_tree and one of
/// sum_of_trees, average_of_trees, minimum_of_trees and maximum_of_trees", "ctnn::decision_trees: it has at most 2^24
/// leaves and splits, and 2^20 inputs", "ctnn::decision_trees: trees have no derivative, so layers before them cannot be
/// trained", "ctnn::decision_trees: its tables are not those of trees".
template <std::size_t Outputs, std::size_t Trees, std::size_t Splits, class... Options>
struct decision_trees {
    using wants = wants_rank<1>;

    static constexpr bool has_options =
        detail::allowed_options<detail::aggregate_option, detail::leaf_option>::template are<Options...>;
    static constexpr bool one_output =
        !std::is_void_v<typename detail::chosen_option<detail::leaf_option, void, Options...>::type>;
    static constexpr bool has_sizes = Outputs > 0 && Trees > 0 && Splits >= Trees &&
                                      (!one_output || Trees % (Outputs > 0 ? Outputs : 1) == 0);

    template <class T, class InputShape>
    using layer =
        decision_trees_layer<T, InputShape::size, has_sizes ? Outputs : 1, has_sizes ? Trees : 1,
                             has_sizes ? Splits : 1,
                             typename detail::chosen_option<detail::aggregate_option, sum_of_trees, Options...>::type,
                             has_sizes && one_output>;

    static_assert(has_sizes,
                  "ctnn::decision_trees: there is at least one output, one tree, and one split a tree; with "
                  "one_output_per_tree, the number of outputs divides that of trees");
    static_assert(has_options,
                  "ctnn::decision_trees: the options are one_output_per_tree and one of sum_of_trees, "
                  "average_of_trees, minimum_of_trees and maximum_of_trees");
};

}  // namespace CTNN_NAMESPACE
