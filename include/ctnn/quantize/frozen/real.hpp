// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Frozen networks of real numbers: dense layers without their weights that are 0.

#include <ctnn/activation/activate.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/sum_order.hpp>
#include <ctnn/layer/dense.hpp>
#include <ctnn/network.hpp>
#include <ctnn/quantize/frozen/frozen.hpp>
#include <ctnn/quantize/frozen/sample_calls.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

namespace detail {

template <class Layer>
inline constexpr bool is_dense_layer = false;
template <class T, std::size_t Inputs, std::size_t Outputs, class Activation, class Bias, class InputShape>
inline constexpr bool is_dense_layer<dense_layer<T, Inputs, Outputs, Activation, Bias, InputShape>> = true;

/// Row by row, of each run that has weights (and of the first) twice their number, and 1 more if it is the last of its
/// row; and the weights with their inputs. A run's sum begins with 0, that of the first with the bias, and they are added
/// from left to right, as `kernel::sum_order` says; runs without weights add 0.
template <class T, class Count, class Offset>
[[gnu::noinline]] inline void real_list_sums(const T* x, const T* bias, const Count* counts, const Offset* offsets,
                                             const T* weights, T* y, std::size_t rows) {
    for (T* const end = y + rows; y != end; ++y) {
        T total{}, sum = *bias++;
        for (;;) {
            const std::size_t count = *counts++;
            if (std::size_t left = count >> 1; count > 1) do {
                    // Or the compiler counts by an end of the weights, which a short run does not pay for.
                    __asm__("" : "+r"(left));
                    sum += x[*offsets++] * *weights++;
                } while (--left != 0);
            total += sum;
            if (count & 1) break;
            sum = T{};
        }
        *y = total;
    }
}

/// Layer `Index` of a network of real numbers. What is not a dense layer with enough zeros is a copy of the layer.
template <const auto& Net, std::size_t Index>
struct frozen_real_layer {
    using layer_type = typename std::remove_cvref_t<decltype(Net)>::chain_type::template layer<Index>;
    using T = typename std::remove_cvref_t<decltype(Net)>::value_type;
    static constexpr std::size_t inputs = layer_type::input_shape::size, outputs = layer_type::output_shape::size;

    static constexpr const auto& layer() {
        return std::remove_cvref_t<decltype(Net)>::chain_type::template at<Index>(Net.layers);
    }

    struct list_facts {
        std::size_t inputs = 1, rows = 1, runs = 1, count = 0, kept_runs = 0, longest = 0;
        bool is_possible = false;
        /// The run of an input.
        constexpr std::size_t run_of(std::size_t input) const {
            const std::size_t run = input / (inputs / runs);
            return run < runs ? run : runs - 1;
        }
    };
    static constexpr list_facts facts = [] {
        list_facts result{};
        if constexpr (is_dense_layer<layer_type>) {
            using shape_type = typename layer_type::weights_type::shape_type;
            constexpr kernel::sum_order order =
                kernel::forward_order(shape_type::extent(1), shape_type::extent(0), sizeof(T));
            result.inputs = shape_type::extent(0), result.rows = shape_type::extent(1), result.runs = order.runs;
            result.is_possible = order.kind == kernel::sum_kind::blocks;
            for (std::size_t row = 0; row < result.rows; ++row) {
                std::size_t run = 0, length = 0;
                ++result.kept_runs;
                for (std::size_t k = 0; k < result.inputs; ++k)
                    if (layer().weights[k * result.rows + row] != T{}) {
                        if (result.run_of(k) != run) ++result.kept_runs, length = 0;
                        run = result.run_of(k);
                        ++result.count, ++length;
                        result.longest = length > result.longest ? length : result.longest;
                    }
            }
        }
        return result;
    }();
    using offset_type = std::conditional_t<(facts.inputs > 256), std::uint16_t, std::uint8_t>;
    using count_type = std::conditional_t<(facts.longest > 127), std::uint16_t, std::uint8_t>;
    struct list_type {
        T bias[facts.rows]{}, weights[facts.count + (facts.count == 0)]{};
        offset_type offsets[facts.count + (facts.count == 0)]{};
        count_type counts[facts.kept_runs]{};
    };
    static constexpr bool is_list =
        facts.is_possible && facts.inputs < 32768 &&
        facts.count * (sizeof(T) + sizeof(offset_type)) + facts.kept_runs * sizeof(count_type) <
            facts.inputs * facts.rows * sizeof(T);

    static void forward(const T* x, T* y) {
        if constexpr (is_list) {
            for (std::size_t place = 0; place < inputs / facts.inputs; ++place)
                real_list_sums(x + place * facts.inputs, list<0>.bias, list<0>.counts, list<0>.offsets,
                               list<0>.weights, y + place * facts.rows, facts.rows);
        } else if constexpr (is_view_layer<layer_type>) {
            for (std::size_t i = 0; i < outputs; ++i) y[i] = x[i];
        } else {
            run_forward<1>(copy<0>, x, y);
        }
    }

  private:
    static constexpr bool has_bias = requires { layer().bias; };
    template <int>
    static constexpr auto copy = layer();
    template <int>
    static constexpr list_type list = [] {
        list_type result{};
        std::size_t next = 0;
        count_type* count = result.counts;
        for (std::size_t row = 0; row < facts.rows; ++row) {
            std::size_t run = 0;
            if constexpr (has_bias) result.bias[row] = layer().bias[row];
            for (std::size_t k = 0; k < facts.inputs; ++k) {
                const T w = layer().weights[k * facts.rows + row];
                if (w == T{}) continue;
                if (facts.run_of(k) != run) ++count;
                run = facts.run_of(k);
                *count = static_cast<count_type>(*count + 2);
                result.offsets[next] = static_cast<offset_type>(k);
                result.weights[next++] = w;
            }
            ++*count++;
        }
        return result;
    }();
};

}  // namespace detail

/// A network of real numbers: its dense layers have no memory and no instructions for weights that are 0, where that is
/// smaller. `device(x)` gives the numbers that the network gives for finite x; zeros may differ in their sign.
template <const auto& Net, class Preference>
requires requires {
    std::remove_cvref_t<decltype(Net)>::parameter_count;
}
struct frozen<Net, Preference> : detail::sample_calls<frozen<Net, Preference>, std::remove_cvref_t<decltype(Net)>> {
    using network_type = std::remove_cvref_t<decltype(Net)>;
    using chain_type = typename network_type::chain_type;
    using value_type = typename network_type::value_type;
    using input_shape = typename network_type::input_shape;
    using output_shape = typename network_type::output_shape;
    using input_type = typename network_type::input_type;
    using output_type = typename network_type::output_type;
    static constexpr std::size_t layer_count = network_type::layer_count;
    static constexpr std::uint64_t multiply_accumulates = network_type::multiply_accumulates;

    constexpr output_type operator()(const input_type& x) const {
        output_type y;
        if (__builtin_is_constant_evaluated())
            y = Net(x);
        else
            run<true>(x.values, y.values);
        return y;
    }
    using detail::sample_calls<frozen, std::remove_cvref_t<decltype(Net)>>::operator();
    /// The same on plain memory; without `Activated`, without the last activation.
    template <std::size_t Batch = 1, bool Activated = true>
    constexpr void forward(const value_type* x, value_type* y) const {
        if (__builtin_is_constant_evaluated())
            Net.template forward<Batch, Activated>(x, y);
        else
            for (std::size_t i = 0; i < Batch; ++i)
                run<Activated>(x + i * input_shape::size, y + i * output_shape::size);
    }

  private:
    template <std::size_t Index>
    using real_layer = typename chain_type::template layer<Index>;

    static constexpr std::size_t widest = []<std::size_t... Index>(std::index_sequence<Index...>) {
        std::size_t result = 1;
        ((result = Index + 1 < layer_count && real_layer<Index>::output_shape::size > result
                       ? real_layer<Index>::output_shape::size
                       : result),
         ...);
        return result;
    }
    (std::make_index_sequence<layer_count>{});

    template <bool Activated>
    static void run(const value_type* x, value_type* y) {
        value_type values[2][widest];
        run_from<0, Activated>(x, values[0], values[1], y);
    }
    template <std::size_t Index, bool Activated>
    CTNN_INLINE static void run_from(const value_type* from, value_type* to, value_type* next, value_type* y) {
        using layer = real_layer<Index>;
        constexpr bool is_last = Index + 1 == layer_count;
        constexpr std::size_t size = layer::output_shape::size, width = layer::output_shape::last;
        value_type* const target = is_last ? y : to;
        detail::frozen_real_layer<Net, Index>::forward(from, target);
        if constexpr (!is_last || Activated) activate_in_place<typename layer::activation, size / width, width>(target);
        if constexpr (!is_last) run_from<Index + 1, Activated>(target, next, to, y);
    }
};

}  // namespace CTNN_NAMESPACE
