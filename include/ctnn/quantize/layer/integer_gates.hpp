// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The gates of recurrent layers of integers: the products with the input and with the state, as integers of 16 bits.

#include <ctnn/activation/sigmoid.hpp>
#include <ctnn/activation/tanh.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/integer/product.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/quantize/layer/integer_weights.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/rounding/gate_functions.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

/// Whether the options of a recurrent layer leave its activations as they are: sigmoid and tanh.
template <class Time>
inline constexpr bool has_usual_gates = std::is_same_v<typename Time::activations::gate, sigmoid>&& std::is_same_v<
    typename Time::activations::candidate, tanh>&& std::is_same_v<typename Time::activations::cell, tanh>;

/// Where `Granularity` has one scale for all weights, one for each gate.
template <class Granularity, std::size_t Units>
struct per_gate : Granularity {
    template <std::size_t Channels>
    static constexpr std::size_t scales =
        Granularity::template scales<2> == 1 ? Channels / Units : Granularity::template scales<Channels>;
};

/// A product for the gates: a row of `Depth` integers to `Gates` blocks of `Units` columns. The scales of the weights are one a
/// block, or one a column.
template <std::size_t Depth, std::size_t Units, std::size_t Gates, class Arithmetic>
struct gate_product {
    using rounding = typename Arithmetic::rounding;
    using granularity = per_gate<typename Arithmetic::granularity, Units>;
    static constexpr std::size_t columns = Gates * Units, scales = granularity::template scales<columns>;
    using matrix_type = integer_matrix<Depth, columns, shape<Depth, columns>>;
    using parameters = typename matrix_type::template parameters<scales>;

    matrix_type matrix;
    typename rounding::template factors<scales> factors;

    friend constexpr bool operator==(const gate_product&, const gate_product&) = default;

    /// The nearest to real numbers; a bias of null is 0.
    template <class T, class Bias>
    static constexpr parameters nearest(const T* weights, Bias bias, quantization before) {
        return parameters::template nearest<granularity>(weights, bias, before);
    }
    constexpr void set(const parameters& from, quantization before) {
        matrix.set(from, before);
        for (std::size_t s = 0; s < scales; ++s)
            factors.set(s, rounding::factor(before.scale, from.scales[s], 1.0f / 4096, true));
        for (std::size_t c = 0; c < columns; ++c) {
            std::int64_t most = matrix.bias[c] < 0 ? -std::int64_t{matrix.bias[c]} : std::int64_t{matrix.bias[c]};
            for (std::size_t k = 0; k < Depth; ++k) {
                const std::int64_t w = matrix.weights[k * columns + c];
                most += 128 * (w < 0 ? -w : w);
            }
            require(static_cast<double>(most) * factors.number(scale_of(c)) < 1073741824.0,
                    "ctnn::quantize: a gate may exceed 262144");
        }
    }
    constexpr void sums(const std::int8_t* x, std::int32_t* y) const {
        kernel::integer_product<1, Depth>(x, matrix.weights, matrix.bias, y);
    }
    /// A sum in units of 2^-12.
    CTNN_INLINE constexpr std::int32_t rescaled(std::int32_t sum, std::size_t column) const {
        return ctnn::rounding::gate_functions::saturated(factors(sum, scale_of(column)));
    }
    /// The real number that a sum of 1 represents, and by how much that of a sum of up to `size` is moved by its rounding.
    constexpr double number(std::size_t column) const { return factors.number(scale_of(column)) / 4096; }
    constexpr double error(std::size_t column, double size) const {
        return factors.error(scale_of(column), 4096 * size) / 4096;
    }

  private:
    static constexpr std::size_t scale_of(std::size_t column) { return column / (columns / scales); }
};

/// The quantisation of outputs for the range of a state. Of what is always about 0, a scale for which products cannot overflow.
constexpr quantization state_quantization(value_range range) {
    constexpr float least = 1.0f / 65536;
    return asymmetric_quantization({range.lower, range.upper > least ? range.upper : least});
}
constexpr void require_state_scale(quantization of) {
    require(of.scale >= 1.0f / 1073741824,
            "ctnn::quantize: the outputs of a recurrent layer have a scale of at least 2^-30");
}

/// All time steps, from a state of zeros.
template <class Time, std::size_t Inputs, std::size_t Units, class Layer>
constexpr void run_steps(const Layer& layer, const std::int8_t* x, std::int8_t* y) {
    typename Layer::state_type state{};
    for (std::size_t t = 0; t < Time::length; ++t)
        layer.advance(x + t * Inputs, y + (Time::last_only ? 0 : t * Units), state);
}

/// Factors of products of integers of 16 bits.
template <class Rounding, std::size_t Count>
struct state_factors {
    typename Rounding::template factors<Count> factors;

    friend constexpr bool operator==(const state_factors&, const state_factors&) = default;

    CTNN_INLINE constexpr std::int32_t operator()(std::int32_t product, std::size_t which) const {
        return ctnn::rounding::gate_functions::saturated(factors(product, which));
    }
};

}  // namespace CTNN_NAMESPACE::detail
