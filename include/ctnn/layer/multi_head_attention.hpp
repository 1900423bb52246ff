// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Attention of a sequence to itself.

#include <ctnn/activation/identity.hpp>
#include <ctnn/activation/softmax.hpp>
#include <ctnn/capped.hpp>
#include <ctnn/chain/allocate.hpp>
#include <ctnn/chain/chain.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/product/matrix_product.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/math/sqrt.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/define_struct.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// Each step attends to itself and to earlier steps alone.
struct causal_mask {};
struct no_mask {};

/// The rule that the features of a sequence can be split into heads.
template <std::size_t Heads>
struct wants_features_divisible_by {
    template <class Shape>
    static constexpr bool fits = Shape::rank != 2 || Shape::last % Heads == 0;
};

/// `multi_head_attention`, bound to its input. Columns of the weights: queries, keys and values, F columns each, head
/// after head (PyTorch's order).
template <class T, class InputShape, std::size_t Heads, class Mask>
struct multi_head_attention_layer {
    using input_shape = InputShape;
    using output_shape = InputShape;
    using activation = identity;
    static constexpr std::size_t length = InputShape::extent(0), width = InputShape::extent(1);
    static constexpr std::size_t head_width = width / Heads, three_widths = detail::extent_product({3, width});
    using weights_type = tensor<T, shape<width, three_widths>>;
    using bias_type = tensor<T, shape<three_widths>>;
    using output_weights_type = tensor<T, shape<width, width>>;
    using output_bias_type = tensor<T, shape<width>>;

    static constexpr std::size_t fan_in = width, fan_out = width;
    static constexpr std::uint64_t multiply_accumulates = detail::capped_sum<std::uint64_t>(
        {detail::operation_count({4, length, width, width}), detail::operation_count({2, length, length, width})});

    /// For each sample: queries, keys and values, the attention weights of each head, and the concatenated heads.
    static constexpr std::size_t projected = 0, attention = projected + length * 3 * width;
    static constexpr std::size_t together = attention + Heads * length * length;
    static constexpr std::size_t sample_kept = together + length * width;
    template <std::size_t Batch>
    static constexpr std::size_t kept_size = detail::extent_product({Batch, sample_kept});

    BOOST_HANA_DEFINE_STRUCT(multi_head_attention_layer, (weights_type, weights), (bias_type, bias),
                             (output_weights_type, output_weights), (output_bias_type, output_bias));

    friend constexpr bool operator==(const multi_head_attention_layer&, const multi_head_attention_layer&) = default;

    /// Scratch memory of inference: as above, but the weights and the keys of one head at a time.
    struct forward_plan_type {
        std::size_t projected, attention, together, keys, size;
    };
    static constexpr forward_plan_type forward_plan = [] {
        forward_plan_type result{};
        result.projected = detail::allocate<T>(result.size, length * 3 * width);
        result.attention = detail::allocate<T>(result.size, length * length);
        result.together = detail::allocate<T>(result.size, length * width);
        result.keys = detail::allocate<T>(result.size, head_width * length);
        return result;
    }();
    template <std::size_t Batch>
    static constexpr std::size_t forward_scratch = forward_plan.size;

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y, T* scratch) const {
        for (std::size_t sample = 0; sample < Batch; ++sample)
            attend<0>(x + sample * InputShape::size, y + sample * InputShape::size, scratch + forward_plan.projected,
                      scratch + forward_plan.attention, scratch + forward_plan.together, scratch + forward_plan.keys);
    }

    template <std::size_t Batch>
    constexpr void forward_training(const T* x, T* y, T* kept, training_context&) const {
        T keys[head_width * length];
        for (std::size_t sample = 0; sample < Batch; ++sample, kept += sample_kept)
            attend<length * length>(x + sample * InputShape::size, y + sample * InputShape::size, kept + projected,
                                    kept + attention, kept + together, keys);
    }

    struct plan_type {
        std::size_t d_projected, d_together, d_scores, transposed, size;
    };
    static constexpr plan_type plan = [] {
        plan_type result{};
        result.d_projected = detail::allocate<T>(result.size, length * 3 * width);
        result.d_together = detail::allocate<T>(result.size, length * width);
        result.d_scores = detail::allocate<T>(result.size, length * length);
        result.transposed = detail::allocate<T>(result.size, kernel::transposed_scratch<length, width, 3 * width>);
        return result;
    }();
    template <std::size_t Batch, bool InputGradient>
    static constexpr std::size_t scratch_size = plan.size;

    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* kept, T* scratch,
                            multi_head_attention_layer& gradient) const {
        clear(gradient);
        T* const d_projected = scratch + plan.d_projected;
        T* const d_together = scratch + plan.d_together;
        for (std::size_t sample = 0; sample < Batch;
             ++sample, x += InputShape::size, dy += InputShape::size, kept += sample_kept) {
            add_products<width, width>(kept + together, dy, gradient.output_weights.values,
                                       gradient.output_bias.values);
            kernel::product_with_transposed<length, width, width>(dy, output_weights.values, d_together,
                                                                  scratch + plan.transposed);
            for (std::size_t head = 0; head < Heads; ++head)
                head_backward(kept + projected + head * head_width, kept + attention + head * length * length,
                              d_together + head * head_width, d_projected + head * head_width, scratch + plan.d_scores);
            add_products<width, 3 * width>(x, d_projected, gradient.weights.values, gradient.bias.values);
            if constexpr (InputGradient) {
                kernel::product_with_transposed<length, width, 3 * width>(
                    static_cast<const T*>(d_projected), weights.values, dx, scratch + plan.transposed);
                dx += InputShape::size;
            }
        }
    }

  private:
    static constexpr T scale = T{1} / math::sqrt(static_cast<T>(head_width));
    static constexpr bool seen(std::size_t from, std::size_t at) { return std::is_same_v<Mask, no_mask> || at <= from; }

    /// d_weights += x^T d, d_bias += the sum of d over the steps.
    template <std::size_t Rows, std::size_t Columns>
    static constexpr void add_products(const T* x, const T* d, T* d_weights, T* d_bias) {
        kernel::matrix_product<kernel::product_size<Rows, Columns, length, 1, Rows>, kernel::from_matrix<Columns>>(
            x, d, static_cast<const T*>(d_weights), d_weights);
        for (std::size_t i = 0; i < length * Columns; ++i) d_bias[i % Columns] += d[i];
    }

    /// The attention weights of the heads are `Apart` elements apart.
    template <std::size_t Apart>
    constexpr void attend(const T* x, T* y, T* heads, T* shares, T* outputs, T* keys) const {
        kernel::matrix_product<kernel::forward_size<T, length, 3 * width, width>, kernel::from_bias>(
            x, weights.values, bias.values, heads);
        for (std::size_t head = 0; head < Heads; ++head)
            head_forward(heads + head * head_width, shares + head * Apart, outputs + head * head_width, keys);
        kernel::matrix_product<kernel::forward_size<T, length, width, width>, kernel::from_bias>(
            static_cast<const T*>(outputs), output_weights.values, output_bias.values, y);
    }

    /// share = softmax(queries keys^T / sqrt(head_width)), out = share values.
    static constexpr void head_forward(const T* head, T* share, T* out, T* keys) {
        constexpr std::size_t row = 3 * width;
        transpose_head(head + width, keys);
        kernel::matrix_product<kernel::product_size<length, length, head_width, row, 1>, kernel::from_zero>(
            head, static_cast<const T*>(keys), head, share);
        for (std::size_t from = 0; from < length; ++from) {
            T* const scores = share + from * length;
            for (std::size_t at = 0; at < length; ++at)
                scores[at] = seen(from, at) ? scores[at] * scale : std::numeric_limits<T>::lowest() / 2;
            softmax::forward<length>(static_cast<const T*>(scores), scores);
        }
        kernel::matrix_product<
            kernel::product_size<length, head_width, length, length, 1, kernel::left_to_right, row, width>,
            kernel::from_zero>(static_cast<const T*>(share), head + 2 * width, head, out);
    }

    /// d_share = d_out values^T, d_values = share^T d_out; with d_scores = scale times the gradient through softmax,
    /// d_queries = d_scores keys, d_keys = d_scores^T queries. `d_scores` is scratch memory, Length x Length.
    static constexpr void head_backward(const T* head, const T* share, const T* d_out, T* d_head, T* d_scores) {
        constexpr std::size_t row = 3 * width;
        constexpr auto order = kernel::left_to_right;
        T values[head_width * length];
        transpose_head(head + 2 * width, values);
        kernel::matrix_product<kernel::product_size<length, length, head_width, width, 1>, kernel::from_zero>(
            d_out, static_cast<const T*>(values), d_out, d_scores);
        kernel::matrix_product<kernel::product_size<length, head_width, length, 1, length, order, width, row>,
                               kernel::from_zero>(share, d_out, share, d_head + 2 * width);
        for (std::size_t from = 0; from < length; ++from) {
            T* const scores = d_scores + from * length;
            softmax::backward<length>(share + from * length, static_cast<const T*>(scores), scores);
            for (std::size_t at = 0; at < length; ++at) scores[at] *= scale;
        }
        const T* const scores = d_scores;
        kernel::matrix_product<kernel::product_size<length, head_width, length, length, 1, order, row, row>,
                               kernel::from_zero>(scores, head + width, scores, d_head);
        kernel::matrix_product<kernel::product_size<length, head_width, length, 1, length, order, row, row>,
                               kernel::from_zero>(scores, head, scores, d_head + width);
    }

    /// The queries, keys or values of a head with a row for each feature.
    static constexpr void transpose_head(const T* steps, T* __restrict features) {
        for (std::size_t t = 0; t < length; ++t)
            for (std::size_t i = 0; i < head_width; ++i) features[i * length + t] = steps[t * 3 * width + i];
    }
};

/// Multi-head self-attention. With [Q K V] = x W + b split into heads of F / Heads columns,
///
///     head = softmax(Q K^T / sqrt(F / Heads)) V,   y = [head_0 head_1 ...] W_o + b_o
///
/// Template parameters: `Heads`; `Mask`, `causal_mask` to hide later steps, `no_mask` unless given.
/// *Shapes*: `shape<Length, F>` in, the same out; `weights` are `shape<F, 3 F>`, `bias` `shape<3 F>`, `output_weights`
/// `shape<F, F>`, `output_bias` `shape<F>`.
/// *Cost*: 4 Length F^2 + 2 Length^2 F multiply-accumulates; a call keeps Length (4 F + F / Heads + Length)
/// elements in the workspace.
/// *Errors*: for features not divisible by the heads, "ctnn::network: a layer cannot take the shape that the layer before
/// it gives".
/// *Source*: Vaswani and others, "Attention is all you need", 2017.
template <std::size_t Heads, class Mask = no_mask>
struct multi_head_attention {
    using wants = wants_all<wants_rank<2>, wants_features_divisible_by<Heads == 0 ? 1 : Heads>>;

    template <class T, class InputShape>
    using layer = multi_head_attention_layer<T, InputShape, Heads, Mask>;

    static_assert(std::is_same_v<Mask, no_mask> || std::is_same_v<Mask, causal_mask>,
                  "ctnn::multi_head_attention: the mask is no_mask or causal_mask");
    static_assert(Heads > 0, "ctnn::multi_head_attention: there is at least one head");
};

}  // namespace CTNN_NAMESPACE
