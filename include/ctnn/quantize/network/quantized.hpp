// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A network that computes with 8-bit integers.

#include <ctnn/activation/activate.hpp>
#include <ctnn/config.hpp>
#include <ctnn/network.hpp>
#include <ctnn/quantize/arithmetic.hpp>
#include <ctnn/quantize/network/quantized_chain.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/ranges.hpp>
#include <ctnn/quantize/unsigned_calls.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/integral_constant.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// A network whose weights and activations are 8-bit integers, and whose sums have 32 bits: what `quantize` makes of `Net`.
///
/// It is used as a network: `q(x)` for real numbers, `predict`, `accuracy` and other metrics; `q(integers)`, for
/// `tensor<std::int8_t, input_shape>`, is what the processor computes between quantising and dequantising. A literal type
/// without state, as a network is; its size is that of its integers and factors.
///
/// The integers are the same in constants, at run time and on every machine.
/// Template parameters: the `network`; `rounding::twice`, `rounding::once` or `rounding::half_even`; `per_channel` or
/// `per_tensor`; `ends_in_sums` or `ends_in_integers`.
template <class Net, class Rounding, class Granularity, class End>
struct quantized;
template <class T, class Input, class... Specs, class Rounding, class Granularity, class End>
struct quantized<network<T, Input, Specs...>, Rounding, Granularity, End>
    : detail::unsigned_calls<quantized<network<T, Input, Specs...>, Rounding, Granularity, End>,
                             typename network<T, Input, Specs...>::input_shape> {
    using real_network = network<T, Input, Specs...>;
    using value_type = T;
    using chain_type = typename real_network::chain_type;
    using input_shape = typename real_network::input_shape;
    using output_shape = typename real_network::output_shape;
    using input_type = typename real_network::input_type;
    using output_type = typename real_network::output_type;
    static constexpr std::size_t layer_count = real_network::layer_count;
    static constexpr std::uint64_t multiply_accumulates = real_network::multiply_accumulates;
    static constexpr std::size_t constant_batch = 8;

    /// Whether the last layer gives sums.
    static constexpr bool has_sums = std::is_same_v<End, ends_in_sums> &&
                                     integer_weights<typename chain_type::template layer<layer_count - 1>>::exists;
    using quantized_layers = quantized_chain<chain_type, integer_arithmetic<T, Rounding, Granularity>, has_sums>;
    /// The type of an output before it is dequantised.
    using element_type = typename quantized_layers::element_type;

    quantization input, output;
    quantized_layers layers;

    friend constexpr bool operator==(const quantized&, const quantized&) = default;

    /// What a file has of the network: integers, scales and zero points.
    struct parameters {
        using quantized_type = quantized;
        quantization input;
        typename quantized_layers::parameters layers;
    };
    /// Those for a network whose values lie in the given ranges.
    static constexpr parameters choose(const real_network& net, const ranges<real_network>& values) {
        const quantization of_inputs = asymmetric_quantization(values.input);
        return {of_inputs, quantized_layers::choose(net.layers, of_inputs, values.chain)};
    }
    /// The network with these parameters.
    static constexpr quantized from(const parameters& given) {
        quantized result{};
        result.input = given.input;
        result.output = result.layers.set(given.layers, given.input);
        return result;
    }

    /// The integers that the network computes for integers.
    constexpr tensor<element_type, output_shape> operator()(const tensor<std::int8_t, input_shape>& x) const {
        tensor<element_type, output_shape> y{};
        layers.forward(x.values, y.values);
        return y;
    }
    /// The same for integers without sign, 128 more; and so the outputs, if they have 8 bits.
    using detail::unsigned_calls<quantized, input_shape>::operator();
    /// The outputs for one sample, or for each sample of a batch.
    ///
    /// *Errors*: "ctnn::network: the input has another shape than the network expects".
    template <std::size_t... Extents>
    constexpr auto operator()(const tensor<T, shape<Extents...>>& x) const {
        if constexpr (std::is_same_v<shape<Extents...>, input_shape>) {
            return evaluate<1, output_type>(x.values);
        } else {
            using expected = batch_of<shape<Extents..., 1>::extent(0), input_shape>;
            static_assert(input_has_shape<given<shape<Extents...>>,
                                          expects<std::conditional_t<std::is_same_v<shape<Extents...>, expected>,
                                                                     shape<Extents...>, input_shape>>>,
                          "ctnn::network: the input has another shape than the network expects");
            return evaluate<expected::extent(0), tensor<T, batch_of<expected::extent(0), output_shape>>>(x.values);
        }
    }
    /// The outputs for one sample given as a list.
    template <std::size_t Count>
    constexpr output_type operator()(const T (&x)[Count]) const {
        static_assert(input_has_shape<given<shape<Count>>, expects<shape<input_shape::size>>>,
                      "ctnn::network: the input has another shape than the network expects");
        return evaluate<1, output_type>(x);
    }

    /// The same on plain memory. Without `Activated`, the activation of a last layer that gives sums is omitted.
    template <std::size_t Batch = 1, bool Activated = true>
    constexpr void forward(const T* x, T* y) const {
        if (Batch > 1 && __builtin_is_constant_evaluated()) return forward_at_once<Batch, Activated>(x, y);
        for (std::size_t sample = 0; sample < Batch; ++sample, x += input_shape::size, y += output_shape::size) {
            std::int8_t integers[input_shape::size];
            element_type results[output_shape::size];
            detail::quantize_values<Rounding>(x, input_shape::size, input, integers);
            layers.forward(integers, results);
            dequantize<Activated>(results, y);
        }
    }

    /// What integers of the network represent: those of inputs as a sample, and of outputs as `q(x)` gives them.
    constexpr tensor<std::int8_t, input_shape> quantize_input(const input_type& x) const {
        tensor<std::int8_t, input_shape> result{};
        detail::quantize_values<Rounding>(x.values, input_shape::size, input, result.values);
        return result;
    }
    template <bool Activated = true>
    constexpr void dequantize(const element_type* from, T* y) const {
        if constexpr (has_sums) {
            using last = typename chain_type::template layer<layer_count - 1>;
            constexpr std::size_t width = output_shape::last;
            const auto& layer = boost::hana::at_c<layer_count - 1>(layers.layers);
            for (std::size_t i = 0; i < output_shape::size; ++i) y[i] = layer.template number<T>(from[i], i);
            if constexpr (Activated) activate_in_place<typename last::activation, output_shape::size / width, width>(y);
        } else {
            for (std::size_t i = 0; i < output_shape::size; ++i) y[i] = static_cast<T>(output.number(from[i]));
        }
    }

  private:
    /// All samples, layer by layer: compilers widen the weights once. Not called at run time, where a batch may exceed the stack.
    template <std::size_t Batch, bool Activated>
    constexpr void forward_at_once(const T* x, T* y) const {
        std::int8_t integers[Batch * input_shape::size]{};
        element_type results[Batch * output_shape::size]{};
        detail::quantize_values<Rounding>(x, Batch * input_shape::size, input, integers);
        layers.template forward<Batch>(integers, results);
        for (std::size_t i = 0; i < Batch; ++i)
            dequantize<Activated>(results + i * output_shape::size, y + i * output_shape::size);
    }

    template <std::size_t Batch, class Outputs>
    constexpr Outputs evaluate(const T* x) const {
        Outputs y{};
        forward<Batch>(x, y.values);
        return y;
    }
};

/// The parameters of layer `Index` of a quantised network.
template <std::size_t Index, class Quantized>
using quantized_parameters = typename Quantized::quantized_layers::template layer<Index>::parameters;

}  // namespace CTNN_NAMESPACE
