// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Sums and concatenations of branches of integers.

#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/layer/graph/concatenate.hpp>
#include <ctnn/layer/graph/sum.hpp>
#include <ctnn/quantize/layer/quantized_layer.hpp>
#include <ctnn/quantize/quantization.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace CTNN_NAMESPACE {

template <class Chain, class Arithmetic, bool Sums>
struct quantized_chain;

namespace detail {

/// How integers of `Count` branches become those of one layer: `exists`, where they can; `set(branches, output)`, of their
/// quantisations; `combine(parts, y)`, or `combine_steps<Shapes...>(parts, y)` for vectors of one time step. Before it is saturated
/// an output is z_y and what q - z of the branches, times `number(branch)`, add up to, to at most `error(branch, size)` of each product
/// of up to `size` and `error()`.
template <class Combine, class Rounding, std::size_t Count>
struct integer_combination {
    static constexpr bool exists = false;
};

/// Up to three terms: more may exceed 32 bits.
template <class T, class OutputShape, class Rounding, std::size_t Count>
requires(Count <= 3) struct integer_combination<addition<T, OutputShape>, Rounding, Count> {
    static constexpr bool exists = true;
    typename Rounding::template sum_rule<Count> rule;

    friend constexpr bool operator==(const integer_combination&, const integer_combination&) = default;

    constexpr void set(const quantization (&branches)[Count], quantization output) { rule.set(branches, output); }
    constexpr double number(std::size_t branch) const { return rule.number(branch); }
    constexpr double error(std::size_t, double) const { return 0; }
    constexpr double error() const { return rule.error(); }
    constexpr void combine(const std::int8_t* const (&parts)[Count], std::int8_t* y) const {
        combine_steps<OutputShape>(parts, y);
    }
    template <class Shape, class...>
    constexpr void combine_steps(const std::int8_t* const (&parts)[Count], std::int8_t* y) const {
        for (std::size_t i = 0; i < Shape::size; ++i) {
            std::int8_t x[Count]{};
            for (std::size_t k = 0; k < Count; ++k) x[k] = parts[k][i];
            y[i] = rule(x);
        }
    }
};

/// Integers of another quantisation than that of the output are rescaled to it.
template <class T, std::size_t Dimension, class First, class... Rest, class Rounding, std::size_t Count>
struct integer_combination<concatenation<T, Dimension, First, Rest...>, Rounding, Count> {
    static constexpr bool exists = true;
    typename Rounding::template requantization<Count> rule;
    bool is_same[Count];

    friend constexpr bool operator==(const integer_combination&, const integer_combination&) = default;

    constexpr void set(const quantization (&branches)[Count], quantization output) {
        rule.set(branches, output);
        for (std::size_t i = 0; i < Count; ++i) is_same[i] = branches[i] == output;
    }
    constexpr double number(std::size_t branch) const { return is_same[branch] ? 1 : rule.number(branch); }
    constexpr double error(std::size_t branch, double size) const {
        return is_same[branch] ? 0 : rule.error(branch, size);
    }
    constexpr double error() const { return 0; }
    constexpr void combine(const std::int8_t* const (&parts)[Count], std::int8_t* y) const {
        combine_as<concatenation<std::int8_t, Dimension, First, Rest...>>(parts, y);
    }
    template <class... Shapes>
    constexpr void combine_steps(const std::int8_t* const (&parts)[Count], std::int8_t* y) const {
        combine_as<concatenation<std::int8_t, 0, Shapes...>>(parts, y);
    }

  private:
    template <class Real>
    constexpr void combine_as(const std::int8_t* const (&parts)[Count], std::int8_t* y) const {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            (write<Real, Index>(parts[Index], y), ...);
        }
        (std::make_index_sequence<Count>{});
    }
    template <class Real, std::size_t Branch>
    constexpr void write(const std::int8_t* part, std::int8_t* y) const {
        constexpr std::size_t run = Real::run_of(Branch), count = run * Real::outer;
        if (is_same[Branch]) {
            Real::template write<Branch, 1>(part, y);
        } else {
            std::int8_t rescaled[count];
            for (std::size_t i = 0; i < count; ++i) rescaled[i] = rule(part[i], Branch);
            Real::template write<Branch, 1>(static_cast<const std::int8_t*>(rescaled), y);
        }
    }
};

}  // namespace detail

template <class T, class InputShape, class Combine, class... Chains, class Arithmetic>
requires(detail::integer_combination<Combine, typename Arithmetic::rounding, sizeof...(Chains)>::
             exists) struct quantized_layer<branches_layer<T, InputShape, Combine, Chains...>, Arithmetic> {
    using layer_type = branches_layer<T, InputShape, Combine, Chains...>;
    static constexpr bool is_integer = (... && quantized_chain<Chains, Arithmetic, false>::is_integer);
    static constexpr std::size_t count = sizeof...(Chains);
    using combination = detail::integer_combination<Combine, typename Arithmetic::rounding, count>;
    struct parameters {
        boost::hana::tuple<typename quantized_chain<Chains, Arithmetic, false>::parameters...> branches;
        quantization output;

        template <std::size_t Index>
        using branch =
            typename quantized_chain<typename layer_type::template chain_at<Index>, Arithmetic, false>::parameters;

        template <class Self, class F>
        static constexpr void members(Self& self, F&& f) {
            f("branches", "branch", self.branches);
            f("output", self.output);
        }
    };

    boost::hana::tuple<quantized_chain<Chains, Arithmetic, false>...> branches;
    combination combined;
    quantization output;

    friend constexpr bool operator==(const quantized_layer& left, const quantized_layer& right) {
        return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            return left.combined == right.combined && left.output == right.output &&
                   (... && (boost::hana::at_c<Index>(left.branches) == boost::hana::at_c<Index>(right.branches)));
        }
        (std::make_index_sequence<count>{});
    }

    static constexpr parameters choose(const layer_type& from, quantization before,
                                       const layer_ranges<layer_type>& ranges) {
        return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            return parameters{{quantized_chain<Chains, Arithmetic, false>::choose(
                                  layer_type::template storage_of<Index>(from), before,
                                  boost::hana::at_c<Index>(ranges.inner.branches))...},
                              asymmetric_quantization(ranges.output)};
        }
        (std::make_index_sequence<count>{});
    }
    static constexpr quantization output_of(const parameters& from, quantization) { return from.output; }
    constexpr void set(const parameters& from, quantization before) {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            const quantization outputs[count]{
                boost::hana::at_c<Index>(branches).set(boost::hana::at_c<Index>(from.branches), before)...};
            combined.set(outputs, from.output);
        }
        (std::make_index_sequence<count>{});
        output = from.output;
    }
    constexpr void forward(const std::int8_t* x, std::int8_t* y) const {
        std::int8_t parts[(std::size_t{0} + ... + Chains::output_shape::size)];
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            std::size_t next = 0;
            const std::int8_t* const outputs[count]{run<Index>(x, parts, next)...};
            combined.combine(outputs, y);
        }
        (std::make_index_sequence<count>{});
    }

  private:
    template <std::size_t Index>
    constexpr const std::int8_t* run(const std::int8_t* x, std::int8_t* parts, std::size_t& next) const {
        using chain = typename layer_type::template chain_at<Index>;
        if constexpr (chain::count == 0) {
            return x;
        } else {
            std::int8_t* const part = parts + next;
            next += chain::output_shape::size;
            boost::hana::at_c<Index>(branches).forward(x, part);
            return part;
        }
    }
};

}  // namespace CTNN_NAMESPACE
