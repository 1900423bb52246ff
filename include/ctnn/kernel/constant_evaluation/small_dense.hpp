// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The products of a small dense layer in constant evaluation, for one vector.
///
/// Arrays are passed by reference and read at constant indices: through a pointer, or at a computed index, an element
/// costs more than its arithmetic. An array that is computed in one expression costs less than stores to its elements.

#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/kernel/product/fused_update.hpp>
#include <ctnn/kernel/product/product_size.hpp>
#include <ctnn/kernel/reduction/sum_order.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE::kernel::detail {

/// start + a[i] b[j] + a[i + LeftStride] b[j + RightStride] + ...
template <std::size_t LeftStride, std::size_t RightStride, std::size_t... Term, class A, class B, class T>
constexpr T add_terms(std::index_sequence<Term...>, const A& a, std::size_t i, const B& b, std::size_t j, T start) {
    return (start + ... + (a[i + Term * LeftStride] * b[j + Term * RightStride]));
}

/// The same for `Count` terms in an order of additions.
template <sum_order Order, std::size_t Count, std::size_t LeftStride, std::size_t RightStride, class A, class B,
          class T>
constexpr T sum_of_products(const A& a, std::size_t i, const B& b, std::size_t j, T start) {
    if constexpr (Order.kind == sum_kind::lanes) {
        T sums[partial_sums]{};
        for (std::size_t part = 0; part < partial_sums; ++part)
            sums[part] = part < Count % partial_sums ? add_terms<partial_sums * LeftStride, partial_sums * RightStride>(
                                                           std::make_index_sequence<Count / partial_sums + 1>{}, a,
                                                           i + part * LeftStride, b, j + part * RightStride, T{})
                                                     : add_terms<partial_sums * LeftStride, partial_sums * RightStride>(
                                                           std::make_index_sequence<Count / partial_sums>{}, a,
                                                           i + part * LeftStride, b, j + part * RightStride, T{});
        return start + (((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7])));
    } else {
        constexpr std::size_t run = Count / Order.runs, last = (Order.runs - 1) * run;
        if constexpr (last > 0) {
            start = add_terms<LeftStride, RightStride>(std::make_index_sequence<run>{}, a, i, b, j, start);
            for (std::size_t k = run; k < last; k += run)
                start = start + add_terms<LeftStride, RightStride>(std::make_index_sequence<run>{}, a,
                                                                   i + k * LeftStride, b, j + k * RightStride, T{});
            return start + add_terms<LeftStride, RightStride>(std::make_index_sequence<Count - last>{}, a,
                                                              i + last * LeftStride, b, j + last * RightStride, T{});
        } else {
            return add_terms<LeftStride, RightStride>(std::make_index_sequence<Count>{}, a, i, b, j, start);
        }
    }
}

/// A dense layer of one vector: its products and its update. `is_tiny`: copies of its parameters would cost more than
/// accesses to them where they are.
template <class T, std::size_t Inputs, std::size_t Outputs>
struct small_dense {
    static constexpr bool is_small = Inputs * Outputs <= 256 && Inputs <= 64 && Outputs <= 64,
                          is_tiny = Inputs * Outputs <= 32;

    /// y = x W + b.
    static constexpr void forward(const T (&x)[Inputs], const T (&weights)[Inputs * Outputs], const T (&bias)[Outputs],
                                  T (&y)[Outputs]) {
        constexpr sum_order order = forward_order(Outputs, Inputs, sizeof(T));
        if constexpr (is_tiny && is_left_to_right(order))
            add_in_turn(x, weights, bias, y, every_weight{}, every_output{});
        else
            for (std::size_t o = 0; o < Outputs; ++o)
                y[o] = sum_of_products<order, Inputs, 1, Outputs>(x, 0, weights, o, bias[o]);
    }

    /// dx = dy W^T.
    static constexpr void input_gradient(const T (&dy)[Outputs], const T (&weights)[Inputs * Outputs],
                                         T (&dx)[Inputs]) {
        constexpr sum_order order = forward_order(1, Outputs, sizeof(T));
        if constexpr (is_tiny && is_left_to_right(order))
            add_back_in_turn(dy, weights, dx, every_weight{}, std::make_index_sequence<Inputs>{});
        else
            for (std::size_t i = 0; i < Inputs; ++i)
                dx[i] = sum_of_products<order, Outputs, 1, 1>(dy, 0, weights, i * Outputs, T{});
    }

    /// rule(gradient, parameter, moments...) for each parameter of a layer.
    template <class Rule, class Layer, class... Moments>
    static constexpr void update(const Rule& rule, const T (&x)[Inputs], const T (&dy)[Outputs], Layer& layer,
                                 Moments&... moments) {
        if constexpr (!requires { rule.keep; } && !is_tiny) {
            update_by_product<Inputs, Outputs, 1>(rule, x, dy, layer.weights, moments.weights...);
            kernel::update<Outputs>(rule, static_cast<const T*>(dy), layer.bias.values, moments.bias.values...);
        } else if constexpr (!requires { rule.keep; }) {
            for (std::size_t i = 0; i < Inputs; ++i)
                for (std::size_t o = 0; o < Outputs; ++o)
                    rule(T{} + x[i] * dy[o], layer.weights.values[i * Outputs + o],
                         moments.weights.values[i * Outputs + o]...);
            for (std::size_t o = 0; o < Outputs; ++o) rule(dy[o], layer.bias.values[o], moments.bias.values[o]...);
        } else if constexpr (is_tiny) {
            descend(rule.minus_rate, rule.keep, x, dy, layer.weights, layer.bias, every_weight{}, every_output{});
        } else {
            layer = descended(rule.minus_rate, rule.keep, x, dy, layer, every_weight{}, every_output{});
        }
    }

  private:
    using every_weight = std::make_index_sequence<Inputs * Outputs>;
    using every_output = std::make_index_sequence<Outputs>;

    static constexpr bool is_left_to_right(sum_order order) {
        return order.kind == sum_kind::blocks && order.runs == 1;
    }
    /// The products, a term of each sum after the other, in an expression for each term.
    template <std::size_t... Weight, std::size_t... Out>
    static constexpr void add_in_turn(const T (&x)[Inputs], const T (&weights)[Inputs * Outputs],
                                      const T (&bias)[Outputs], T (&y)[Outputs], std::index_sequence<Weight...>,
                                      std::index_sequence<Out...>) {
        ((y[Out] = bias[Out]), ...);
        ((y[Weight % Outputs] += x[Weight / Outputs] * weights[Weight]), ...);
    }
    template <std::size_t... Weight, std::size_t... In>
    static constexpr void add_back_in_turn(const T (&dy)[Outputs], const T (&weights)[Inputs * Outputs],
                                           T (&dx)[Inputs], std::index_sequence<Weight...>,
                                           std::index_sequence<In...>) {
        ((dx[In] = T{}), ...);
        ((dx[Weight / Outputs] += dy[Weight % Outputs] * weights[Weight]), ...);
    }
    /// The formula of gradient descent: all weights at once, as a store to an element costs more than to the tensor.
    template <class Weights, class Bias, std::size_t... Weight, std::size_t... Out>
    static constexpr void descend(T minus_rate, T keep, const T (&x)[Inputs], const T (&dy)[Outputs], Weights& weights,
                                  Bias& bias, std::index_sequence<Weight...>, std::index_sequence<Out...>) {
        weights = {
            {(minus_rate * (T{} + x[Weight / Outputs] * dy[Weight % Outputs]) + keep * weights.values[Weight])...}};
        ((bias.values[Out] = minus_rate * dy[Out] + keep * bias.values[Out]), ...);
    }
    /// The same for a copy of the layer, in one expression.
    template <class Layer, std::size_t... Weight, std::size_t... Out>
    static constexpr Layer descended(T minus_rate, T keep, const T (&x)[Inputs], const T (&dy)[Outputs],
                                     const Layer& from, std::index_sequence<Weight...>, std::index_sequence<Out...>) {
        return {{{(minus_rate * (T{} + x[Weight / Outputs] * dy[Weight % Outputs]) +
                   keep * from.weights.values[Weight])...}},
                {{(minus_rate * dy[Out] + keep * from.bias.values[Out])...}}};
    }
};

}  // namespace CTNN_NAMESPACE::kernel::detail
