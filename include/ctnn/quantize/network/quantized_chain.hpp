// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Layers of integers, one after the other.

#include <ctnn/chain/chain.hpp>
#include <ctnn/config.hpp>
#include <ctnn/quantize/layer/branches.hpp>
#include <ctnn/quantize/layer/gru.hpp>
#include <ctnn/quantize/layer/lstm.hpp>
#include <ctnn/quantize/layer/pooling.hpp>
#include <ctnn/quantize/layer/quantized_layer.hpp>
#include <ctnn/quantize/layer/rearrangement.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/ranges.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// Quantised layers, in the arithmetic `Arithmetic`. With `Sums`, the last layer is a `layer_of_sums`.
template <class Chain, class Arithmetic, bool Sums>
struct quantized_chain;
template <class T, class InputShape, class... Layers, class Arithmetic, bool Sums>
struct quantized_chain<chain<T, InputShape, Layers...>, Arithmetic, Sums> {
    using chain_type = chain<T, InputShape, Layers...>;
    static constexpr std::size_t count = sizeof...(Layers), inputs = InputShape::size,
                                 outputs = chain_type::output_shape::size;
    using element_type = std::conditional_t<Sums, std::int32_t, std::int8_t>;

    template <std::size_t Index>
    using layer = std::conditional_t<Sums && Index + 1 == count,
                                     layer_of_sums<typename chain_type::template layer<Index>, Arithmetic>,
                                     quantized_layer<typename chain_type::template layer<Index>, Arithmetic>>;

  private:
    template <class Indices>
    struct tuple_of;
    template <std::size_t... Index>
    struct tuple_of<std::index_sequence<Index...>> {
        using type = boost::hana::tuple<layer<Index>...>;
    };
    template <class Indices>
    struct parameters_of;
    template <std::size_t... Index>
    struct parameters_of<std::index_sequence<Index...>> {
        using type = boost::hana::tuple<typename layer<Index>::parameters...>;
    };
    using indices = std::make_index_sequence<count>;

  public:
    /// Whether no layer runs in float.
    static constexpr bool is_integer = []<std::size_t... Index>(std::index_sequence<Index...>) {
        return (... && layer<Index>::is_integer);
    }
    (indices{});

    using storage = typename tuple_of<indices>::type;
    storage layers;

    friend constexpr bool operator==(const quantized_chain& left, const quantized_chain& right) {
        return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            return (... && (boost::hana::at_c<Index>(left.layers) == boost::hana::at_c<Index>(right.layers)));
        }
        (indices{});
    }

    /// What a file has of the layers.
    struct parameters {
        typename parameters_of<indices>::type layers;

        template <std::size_t Index>
        using layer = typename quantized_chain::template layer<Index>::parameters;

        template <class Self, class F>
        static constexpr void members(Self& self, F&& f) {
            f("layers", "layer", self.layers);
        }
    };

    /// The integers and scales for layers of real numbers, and the quantisation of the outputs.
    static constexpr parameters choose(const typename chain_type::storage& from, quantization input,
                                       const chain_ranges<chain_type>& ranges) {
        return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            [[maybe_unused]] const auto choose_one = [&]<class Layer>(std::type_identity<Layer>, const auto& layer_from,
                                                                      const auto& range) {
                const auto chosen = Layer::choose(layer_from, input, range);
                input = Layer::output_of(chosen, input);
                return chosen;
            };
            // Braces evaluate from left to right.
            return parameters{{choose_one(std::type_identity<layer<Index>>{}, chain_type::template at<Index>(from),
                                          boost::hana::at_c<Index>(ranges.layers))...}};
        }
        (indices{});
    }
    /// Derives what is computed with, and returns the quantisation of the outputs.
    constexpr quantization set(const parameters& from, quantization input) {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            ((boost::hana::at_c<Index>(layers).set(boost::hana::at_c<Index>(from.layers), input),
              input = layer<Index>::output_of(boost::hana::at_c<Index>(from.layers), input)),
             ...);
        }
        (indices{});
        return input;
    }

    /// Some samples.
    template <std::size_t Samples = 1>
    constexpr void forward(const std::int8_t* x, element_type* y) const {
        if constexpr (count == 0) {
            for (std::size_t i = 0; i < Samples * inputs; ++i) y[i] = x[i];
        } else {
            std::int8_t values[2][Samples * widest];
            const std::int8_t* from = x;
            std::size_t next = 0;
            [&]<std::size_t... Index>(std::index_sequence<Index...>) CTNN_INLINE {
                (forward_layer<Samples, Index>(from, values, next, y), ...);
            }
            (indices{});
        }
    }

  private:
    /// The largest output between layers.
    static constexpr std::size_t widest = [] {
        constexpr std::size_t sizes[]{InputShape::size, Layers::output_shape::size...};
        std::size_t result = 1;
        for (std::size_t i = 1; i < count; ++i) result = sizes[i] > result ? sizes[i] : result;
        return result;
    }();

    template <std::size_t Samples, std::size_t Index>
    CTNN_INLINE constexpr void forward_layer(const std::int8_t*& from, std::int8_t (&values)[2][Samples * widest],
                                             std::size_t& next, element_type* y) const {
        if constexpr (Index + 1 == count) {
            forward_samples<Samples, Index>(from, y);
        } else if constexpr (!requires { layer<Index>::is_view; }) {
            forward_samples<Samples, Index>(from, values[next]);
            from = values[next];
            next = 1 - next;
        }
    }
    template <std::size_t Samples, std::size_t Index, class Output>
    CTNN_INLINE constexpr void forward_samples(const std::int8_t* x, Output* y) const {
        const auto& here = boost::hana::at_c<Index>(layers);
        using real = typename chain_type::template layer<Index>;
        if constexpr (requires { here.template forward<Samples>(x, y); })
            here.template forward<Samples>(x, y);
        else
            for (std::size_t i = 0; i < Samples; ++i)
                here.forward(x + i * real::input_shape::size, y + i * real::output_shape::size);
    }
};

}  // namespace CTNN_NAMESPACE
