// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A network packed for the processor that the program is compiled for.

#include <ctnn/activation/activate.hpp>
#include <ctnn/config.hpp>
#include <ctnn/quantize/frozen/convolution.hpp>
#include <ctnn/quantize/frozen/layer.hpp>
#include <ctnn/quantize/frozen/pooling.hpp>
#include <ctnn/quantize/frozen/sample_calls.hpp>
#include <ctnn/quantize/frozen/values.hpp>
#include <ctnn/quantize/network/quantized.hpp>
#include <ctnn/quantize/unsigned_calls.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/at.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

namespace detail {
template <class Net>
struct rounding_of;
template <class Net, class Rounding, class Granularity, class End>
struct rounding_of<quantized<Net, Rounding, Granularity, End>> {
    using type = Rounding;
};
}  // namespace detail

/// A quantised network, packed for the processor that the program is compiled for, in constants: an empty type, whose
/// layers lie in flash memory with nothing but what inference needs.
///
/// `device(x)` gives the integers that the network gives, in constants and at run time. Each layer takes the smallest of three
/// forms: weights packed for the processor's instructions, a list without the weights that are 0, or weights in the code; so a
/// weight that is 0 costs nothing where there are enough of them.
/// Template parameters: a constant, the network; `prefer_size`, or `prefer_speed`, by which weights are in the code where a third
/// of them or fewer are not 0.
/// *Example*: `constexpr ctnn::frozen<q> device{};`
template <const auto& Net, class Preference = prefer_size>
struct frozen
    : detail::sample_calls<frozen<Net, Preference>, std::remove_cvref_t<decltype(Net)>>,
      detail::unsigned_calls<frozen<Net, Preference>, typename std::remove_cvref_t<decltype(Net)>::input_shape> {
    using network_type = std::remove_cvref_t<decltype(Net)>;
    using value_type = typename network_type::value_type;
    using chain_type = typename network_type::chain_type;
    using input_shape = typename network_type::input_shape;
    using output_shape = typename network_type::output_shape;
    using input_type = typename network_type::input_type;
    using output_type = typename network_type::output_type;
    using element_type = typename network_type::element_type;
    static constexpr std::size_t layer_count = network_type::layer_count;
    static constexpr std::uint64_t multiply_accumulates = network_type::multiply_accumulates;

    /// The integers that the network computes for integers.
    constexpr tensor<element_type, output_shape> operator()(const tensor<std::int8_t, input_shape>& x) const {
        // Declared in the outermost block, where g++ 12 constructs it in place of the result.
        tensor<element_type, output_shape> y;
        if (__builtin_is_constant_evaluated())
            y = Net(x);
        else
            run(x.values, y.values);
        return y;
    }

    /// The outputs for a sample of real numbers, quantised and dequantised as the network does.
    constexpr output_type operator()(const input_type& x) const {
        output_type y{};
        forward(x.values, y.values);
        return y;
    }
    using detail::sample_calls<frozen, std::remove_cvref_t<decltype(Net)>>::operator();
    /// Those of integers without sign, 128 more.
    using detail::unsigned_calls<frozen, typename std::remove_cvref_t<decltype(Net)>::input_shape>::operator();
    /// The same on plain memory. Without `Activated`, the activation of a last layer that gives sums is omitted.
    template <std::size_t Batch = 1, bool Activated = true>
    constexpr void forward(const value_type* x, value_type* y) const {
        if (__builtin_is_constant_evaluated()) {
            Net.template forward<Batch, Activated>(x, y);
        } else {
            for (std::size_t i = 0; i < Batch; ++i, x += input_shape::size, y += output_shape::size) {
                std::int8_t integers[input_shape::size];
                element_type results[output_shape::size];
                detail::quantize_values<rounding_type>(x, input_shape::size, Net.input, integers);
                run(integers, results);
                dequantize<Activated>(results, y);
            }
        }
    }

  private:
    using rounding_type = typename detail::rounding_of<network_type>::type;

    /// As `Net.dequantize`, of which only the scales are kept in memory.
    template <bool Activated>
    static void dequantize(const element_type* from, value_type* y) {
        if constexpr (network_type::has_sums) {
            using last_layer = detail::real_layer_of<Net, layer_count - 1>;
            using weights_type = integer_weights<last_layer>;
            constexpr std::size_t width = output_shape::last;
            for (std::size_t i = 0; i < output_shape::size; ++i) {
                const std::size_t channel = i / weights_type::channel_stride % weights_type::channels;
                y[i] = static_cast<value_type>(from[i]) *
                       static_cast<value_type>(scale<0>[decltype(scale<0>)::size() == 1 ? 0 : channel]);
            }
            if constexpr (Activated)
                activate_in_place<typename last_layer::activation, output_shape::size / width, width>(y);
        } else {
            constexpr quantization output = Net.output;
            for (std::size_t i = 0; i < output_shape::size; ++i) y[i] = static_cast<value_type>(output.number(from[i]));
        }
    }
    template <int>
    static constexpr auto scale = boost::hana::at_c<layer_count - 1>(Net.layers.layers).scale;

    template <std::size_t Index>
    using layer = detail::frozen_layer<Net, Index, Preference>;
    using value = detail::frozen_value;
    static constexpr auto indices = std::make_index_sequence<layer_count>{};

    static constexpr bool is_view(std::size_t index) {
        return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            return ((Index == index && detail::reads_of<Net, Index> == detail::reads::view) || ...);
        }
        (indices);
    }
    /// How many layers one computes with: itself, and perhaps a pool.
    template <std::size_t Index>
    static constexpr std::size_t layers_in() {
        if constexpr (requires { layer<Index>::has_pool; })
            return layer<Index>::has_pool ? 2 : 1;
        else
            return 1;
    }
    /// The largest of the values that are between layers.
    template <std::size_t Index = 0>
    static constexpr std::size_t widest() {
        if constexpr (Index >= layer_count) {
            return 0;
        } else if constexpr (is_view(Index)) {
            return widest<Index + 1>();
        } else {
            constexpr std::size_t size = detail::input_layout<Net, Index>.size() + layer<Index>::beyond,
                                  others = widest<Index + layers_in<Index>()>();
            return size > others ? size : others;
        }
    }
    /// The last layer that is no view.
    static constexpr std::size_t last = [] {
        std::size_t index = layer_count - 1;
        while (index > 0 && is_view(index)) --index;
        return index;
    }();

    static void run(const std::int8_t* x, element_type* y) {
        alignas(4) value values[2][(widest() + 3) / 4 * 4];
        detail::freeze_input<Net>(x, values[0]);
        run_from<0>(values[0], values[1], y);
    }
    template <std::size_t Index>
    CTNN_INLINE static void run_from(value* from, value* to, element_type* y) {
        if constexpr (is_view(Index) && Index < last) {
            run_from<Index + 1>(from, to, y);
        } else if constexpr (Index + layers_in<Index>() > last) {
            layer<Index>::forward(from, y);
        } else {
            layer<Index>::forward(from, to);
            run_from<Index + layers_in<Index>()>(to, from, y);
        }
    }
};

}  // namespace CTNN_NAMESPACE
