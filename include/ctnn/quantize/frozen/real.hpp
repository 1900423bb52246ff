// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Frozen networks of real numbers: dense layers without their weights that are 0.

#include <ctnn/activation/activate.hpp>
#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/sum_order.hpp>
#include <ctnn/layer/dense.hpp>
#include <ctnn/network.hpp>
#include <ctnn/quantize/frozen/frozen.hpp>
#include <ctnn/quantize/frozen/real_convolution.hpp>
#include <ctnn/quantize/frozen/row_in_software.hpp>
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

/// Layer `Index` of a network of real numbers. What is not below is a copy of the layer.
template <const auto& Net, std::size_t Index, class Preference = prefer_size>
struct frozen_real_layer {
    using chain_type = typename std::remove_cvref_t<decltype(Net)>::chain_type;
    using layer_type = typename chain_type::template layer<Index>;
    using T = typename std::remove_cvref_t<decltype(Net)>::value_type;
    static constexpr std::size_t inputs = layer_type::input_shape::size, outputs = layer_type::output_shape::size;

    static constexpr const auto& layer() { return chain_type::template at<Index>(Net.layers); }

    /// Whether a max_pool follows that becomes a part of this convolution: its windows neither overlap nor leave the image.
    static constexpr bool has_pool = [] {
        if constexpr (real_places<layer_type>::are_used && Index + 1 < std::remove_cvref_t<decltype(Net)>::layer_count)
            return real_places<layer_type>::keeps_order &&
                   pool_of<typename chain_type::template layer<Index + 1>>::is_apart;
        return false;
    }();

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
        count_type counts[facts.kept_runs + (facts.kept_runs == 0)]{};
    };
    static constexpr bool is_list =
        facts.is_possible && facts.inputs < 32768 &&
        facts.count * (sizeof(T) + sizeof(offset_type)) + facts.kept_runs * sizeof(count_type) <
            facts.inputs * facts.rows * sizeof(T);

    static void forward(const T* x, T* y) {
        if constexpr (is_list) {
            for (std::size_t place = 0; place < inputs / facts.inputs; ++place)
                real_list_sums(x + place * facts.inputs, list<0>.bias, list<0>.counts, list<0>.offsets, list<0>.weights,
                               y + place * facts.rows, facts.rows);
        } else if constexpr (is_view_layer<layer_type>) {
            for (std::size_t i = 0; i < outputs; ++i) y[i] = x[i];
        } else if constexpr (real_places<layer_type>::are_used) {
            if constexpr (has_pool) {
                using pool = pool_of<typename chain_type::template layer<Index + 1>>;
                real_places<layer_type>::template forward<widest, pool::down, pool::across>(x, copy<0>.weights.values,
                                                                                            bias(), y);
            } else {
                real_places<layer_type>::template forward<widest, 1, 1>(x, copy<0>.weights.values, bias(), y);
            }
        } else if constexpr (facts.is_possible && multiplies_in_software) {
            for (std::size_t place = 0; place < inputs / facts.inputs; ++place)
                row_in_software<facts.rows, facts.inputs, kernel::sum_order{facts.runs}>(
                    x + place * facts.inputs, copy<0>.weights.values, bias(), y + place * facts.rows);
        } else if constexpr (facts.is_possible) {
            using size = kernel::forward_size<T, inputs / facts.inputs, facts.rows, facts.inputs>;
            if constexpr (kernel::detail::uses_fpu_rows<size, kernel::from_bias, T>)
                kernel::detail::fpu_rows<size, kernel::from_bias, widest, is_fast>(x, copy<0>.weights.values, bias(),
                                                                                   y);
            else
                run_forward<1>(copy<0>, x, y);
        } else {
            run_forward<1>(copy<0>, x, y);
        }
    }

  private:
    /// How many columns a floating-point unit computes at a time.
    static constexpr bool is_fast = std::is_same_v<Preference, prefer_speed>;
    static constexpr std::size_t widest = is_fast ? 16 : 8;

    static constexpr bool has_bias = requires { layer().bias; };
    template <int>
    static constexpr auto copy = layer();
    template <std::size_t Count>
    static constexpr T zeros[Count]{};
    static const T* bias() {
        if constexpr (has_bias)
            return copy<0>.bias.values;
        else
            return zeros<outputs>;
    }
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
/// smaller, and on processors without vector registers its convolutions take less memory. `device(x)` gives the numbers
/// that the network gives for finite x and weights; zeros may differ in their sign.
/// Template parameters: a constant, the network; `prefer_size`, or `prefer_speed`, by which a floating-point unit without
/// vectors computes more columns at a time and leaves out inputs that are 0.
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

    /// How many layers one computes with: itself, and perhaps a pool.
    template <std::size_t Index>
    static constexpr std::size_t layers_in = detail::frozen_real_layer<Net, Index, Preference>::has_pool ? 2 : 1;
    /// Whether a layer leaves its input where it is.
    template <std::size_t Index>
    static constexpr bool does_nothing =
        is_view_layer<real_layer<Index>>&& std::is_same_v<typename real_layer<Index>::activation, identity>;

    /// Values between layers lie in one array and the other: the sizes that are needed from a layer on.
    struct sizes {
        std::size_t of[2]{1, 1};
    };
    template <std::size_t Index = 0, std::size_t Turn = 0>
    static constexpr sizes arrays() {
        if constexpr (Index + 1 >= layer_count || Index + layers_in<Index> >= layer_count) {
            return {};
        } else if constexpr (does_nothing<Index>) {
            return arrays<Index + 1, Turn>();
        } else {
            constexpr std::size_t last = Index + layers_in<Index> - 1, size = real_layer<last>::output_shape::size;
            sizes result = arrays<last + 1, 1 - Turn>();
            result.of[Turn] = size > result.of[Turn] ? size : result.of[Turn];
            return result;
        }
    }

    template <bool Activated>
    static void run(const value_type* x, value_type* y) {
        value_type first[arrays().of[0]], second[arrays().of[1]];
        run_from<0, Activated>(x, first, second, y);
    }
    template <std::size_t Index, bool Activated>
    CTNN_INLINE static void run_from(const value_type* from, value_type* to, value_type* next, value_type* y) {
        constexpr std::size_t last = Index + layers_in<Index> - 1;
        constexpr bool is_last = last + 1 == layer_count;
        if constexpr (does_nothing<Index> && !is_last) {
            run_from<Index + 1, Activated>(from, to, next, y);
        } else {
            using layer = real_layer<Index>;
            constexpr std::size_t size = real_layer<last>::output_shape::size, width = layer::output_shape::last;
            value_type* const target = is_last ? y : to;
            detail::frozen_real_layer<Net, Index, Preference>::forward(from, target);
            if constexpr (last > Index)  // relu, or nothing
                activate_in_place<typename layer::activation, 1, size>(target);
            else if constexpr (!is_last || Activated)
                activate_in_place<typename layer::activation, size / width, width>(target);
            if constexpr (!is_last) run_from<last + 1, Activated>(target, next, to, y);
        }
    }
};

}  // namespace CTNN_NAMESPACE
