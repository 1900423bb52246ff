// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The values between the layers of a frozen network: where they lie, and what represents them.

#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/integer/packed/rows.hpp>
#include <ctnn/layer/convolution/convolution.hpp>
#include <ctnn/layer/dense.hpp>
#include <ctnn/layer/pooling/average_pool.hpp>
#include <ctnn/layer/pooling/global_pool.hpp>
#include <ctnn/layer/pooling/max_pool.hpp>
#include <ctnn/quantize/frozen/layout.hpp>
#include <ctnn/quantize/layer/integer_weights.hpp>

#include <boost/hana/at.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

template <const auto& Net>
using quantized_of = std::remove_cvref_t<decltype(Net)>;
template <const auto& Net, std::size_t Index>
using real_layer_of = typename quantized_of<Net>::chain_type::template layer<Index>;
template <const auto& Net, std::size_t Index>
inline constexpr const auto& integer_layer_of = boost::hana::at_c<Index>(Net.layers.layers);
template <const auto& Net, std::size_t Index>
using integer_layer_type = std::remove_cvref_t<decltype(integer_layer_of<Net, Index>)>;

/// What a layer reads. Layers that are not here read and write plain int8 values, as in a tensor.
enum class reads { plain, matrix, image, view };

template <class Layer>
inline constexpr reads layer_reads = reads::plain;
template <class T, std::size_t Inputs, std::size_t Outputs, class Activation, class Bias, class InputShape>
inline constexpr reads layer_reads<dense_layer<T, Inputs, Outputs, Activation, Bias, InputShape>> = reads::matrix;
template <class T, class InputShape, class OutputShape, class WeightShape, class Activation, class Bias, class Rules>
inline constexpr reads
    layer_reads<convolution_layer<T, InputShape, OutputShape, WeightShape, Activation, Bias, Rules>> = reads::image;
template <class T, class InputShape, class Pooling>
inline constexpr reads layer_reads<max_pool_layer<T, InputShape, Pooling>> = reads::image;
template <class T, class InputShape, class Pooling, bool CountsPadding>
inline constexpr reads layer_reads<average_pool_layer<T, InputShape, Pooling, CountsPadding>> = reads::image;
template <class T, class InputShape>
inline constexpr reads layer_reads<global_pool_layer<T, InputShape, mean_of_channel>> = reads::image;

/// `reads` of a layer in its network: one with integer weights has a bias and weights that can be packed.
template <const auto& Net, std::size_t Index>
inline constexpr reads reads_of = [] {
    using integer = integer_layer_type<Net, Index>;
    constexpr reads kind = layer_reads<real_layer_of<Net, Index>>;
    if constexpr (requires { integer::is_view; })
        return reads::view;
    else if constexpr (requires { integer_layer_of<Net, Index>.activation.rule; })
        return kind == reads::matrix ? kind : reads::plain;  // softmax, over the outputs of a dense layer alone
    else if constexpr (requires { integer_layer_of<Net, Index>.weights.padding; })
        return kind;
    else if constexpr (requires { integer_layer_of<Net, Index>.layer; })
        return reads::plain;
    else if constexpr (requires {
                           requires std::is_same_v<decltype(integer_layer_of<Net, Index>.mean.empty(0)), float>;
                       })
        return reads::plain;  // sums of floats depend on their order
    else
        return kind;
}();

/// The border of an image that a layer reads.
struct image_border {
    std::size_t top, left, bottom, right;
};
template <class Layer>
inline constexpr image_border border_of{};
template <class T, class InputShape, class OutputShape, class WeightShape, class Activation, class Bias,
          std::size_t Channels, std::size_t Filters, std::size_t Groups, kernel::slide Down, kernel::slide Across>
inline constexpr image_border border_of<convolution_layer<T, InputShape, OutputShape, WeightShape, Activation, Bias,
                                                          convolution<T, Channels, Filters, Groups, Down, Across>>>{
    Down.before, Across.before, Down.behind, Across.behind};

/// The layer before `Index` that is no view, or -1 for the network's input.
template <const auto& Net, std::size_t Index>
constexpr std::size_t producer_of() {
    if constexpr (Index == 0)
        return static_cast<std::size_t>(-1);
    else if constexpr (reads_of<Net, Index - 1> == reads::view)
        return producer_of<Net, Index - 1>();
    else
        return Index - 1;
}

/// Where the input of layer `Index` lies; for the number of layers, where the network's output does.
template <const auto& Net, std::size_t Index>
constexpr value_layout layout_before() {
    if constexpr (Index == quantized_of<Net>::layer_count) {
        return value_layout::plain<typename quantized_of<Net>::output_shape>();
    } else {
        using layer = real_layer_of<Net, Index>;
        using shape_type = typename layer::input_shape;
        constexpr reads kind = reads_of<Net, Index>;
        if constexpr (kind == reads::view) {
            return layout_before<Net, Index + 1>();
        } else if constexpr (kind == reads::image) {
            constexpr image_border b = border_of<layer>;
            return value_layout::image<shape_type>(b.top, b.left, b.bottom, b.right);
        } else if constexpr (kind == reads::matrix) {
            // The weights can be in the order in which the layer before it writes.
            constexpr std::size_t producer = producer_of<Net, Index>();
            if constexpr (producer < Index) {
                using before = typename real_layer_of<Net, producer>::output_shape;
                if constexpr (reads_of<Net, producer> == reads::image && before::rank > 1 && shape_type::rank == 1)
                    return value_layout::image<before>();
            }
            return value_layout::plain<shape_type>();
        } else {
            return value_layout::plain<shape_type>();
        }
    }
}
template <const auto& Net, std::size_t Index>
inline constexpr value_layout input_layout = layout_before<Net, Index>();

/// What is added to an integer q in the memory before layer `Index`.
template <const auto& Net, std::size_t Index>
constexpr std::int32_t shift_before() {
    if constexpr (Index == quantized_of<Net>::layer_count) {
        return 0;
    } else if constexpr (kernel::values_are_bytes) {
        return 128;
    } else if constexpr (requires { integer_layer_of<Net, Index>.weights.padding; }) {
        return -integer_layer_of<Net, Index>.weights.padding;
    } else if constexpr (reads_of<Net, Index> == reads::plain) {
        return 0;
    } else {
        return shift_before<Net, Index + 1>();
    }
}
template <const auto& Net, std::size_t Index>
inline constexpr std::int32_t input_shift = shift_before<Net, Index>();

}  // namespace CTNN_NAMESPACE::detail
