// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// How far the layers of a quantised network are from those of the network, one after the other.

#include <ctnn/activation/activate.hpp>
#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/chain.hpp>
#include <ctnn/config.hpp>
#include <ctnn/quantize/bound/activation_difference.hpp>
#include <ctnn/quantize/bound/difference_lines.hpp>
#include <ctnn/quantize/bound/layer_difference.hpp>
#include <ctnn/quantize/bound/layer_kinds.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/verify/layer/affine.hpp>
#include <ctnn/verify/layer/interval_model.hpp>
#include <ctnn/verify/network/chain_prover.hpp>
#include <ctnn/verify/rounding.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE::detail {

/// For inputs x of a box, bounds of sums of c (y' - y), where y are outputs of the network and y' what those of the quantised
/// one represent.
///
/// The bounds are propagated backwards as in `chain_prover`, with two coefficients for each value: c of its difference, and e
/// of the value of the network. Through a layer, c (y' - y) becomes c (H d + G x + r).
/// *Source*: Paulsen, Wang and Wang, "ReluDiff: Differential Verification of Deep Neural Networks", 2020 (differences of two
/// networks, by intervals), and NeuroDiff, as in difference_lines.hpp; here integers, tables and rounding are exact.
template <class T, class Rounding, class Chain, class Quantised>
class chain_difference;
template <class T, class Rounding, class InputShape, class... Layers, class Quantised>
class chain_difference<T, Rounding, chain<double, InputShape, Layers...>, Quantised> {
  public:
    using chain_type = chain<double, InputShape, Layers...>;
    using storage = typename chain_type::storage;
    using prover_type = chain_prover<T, chain_type>;
    static constexpr std::size_t count = sizeof...(Layers), inputs = InputShape::size,
                                 outputs = chain_type::output_shape::size, widest = prover_type::widest;
    static_assert(2 * prover_type::roundings < most_roundings);

    /// Bounds of every layer. Returns false if nothing is known: a value may overflow.
    template <bool Activated>
    constexpr bool bound(const storage& net, const storage& magnitudes, const Quantised& quantised,
                         const quantization& input, const interval* x, const interval* d) {
        double lower[widest]{}, upper[widest]{};
        for (std::size_t i = 0; i < inputs; ++i) {
            x_[i] = x[i];
            d_[i] = d[i];
            lower[i] = x[i].lower;
            upper[i] = x[i].upper;
        }
        if (!prover_.template bound<Activated>(net, magnitudes, lower, upper, values_, nullptr, box{x_})) return false;
        quantization here = input;
        interval of_x[widest]{}, of_d[widest]{};
        for (std::size_t i = 0; i < inputs; ++i) {
            of_x[i] = x[i];
            of_d[i] = d[i];
        }
        bool fits = true;
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            ((fits = fits && bound_layer < Index,
              Activated || Index + 1 < count > (net, magnitudes, quantised, here, of_x, of_d)),
             ...);
        }
        (std::make_index_sequence<count>{});
        for (std::size_t i = 0; i < outputs; ++i) of_outputs_[i] = of_d[i];
        return fits;
    }

    /// The interval of y'[i] - y[i] after `bound`.
    template <bool Activated>
    constexpr interval output(const storage& net, std::size_t i) const {
        interval result = of_outputs_[i];
        if constexpr (!Activated || elementwise_activation<activation<count - 1>, double>) {
            result.lower = larger(result.lower, lower_bound<count - 1, Activated>(net, i, 1));
            result.upper = smaller(result.upper, -lower_bound<count - 1, Activated>(net, i, -1));
        }
        return result;
    }

  private:
    template <std::size_t Index>
    using layer = typename chain_type::template layer<Index>;
    template <std::size_t Index>
    using activation = typename layer<Index>::activation;
    template <std::size_t Index>
    using quantised_layer = typename Quantised::template layer<Index>;
    template <std::size_t Index>
    static constexpr std::size_t size = layer<Index>::output_shape::size;
    template <std::size_t Index>
    static constexpr std::size_t place = [] {
        constexpr std::size_t sizes[]{Layers::output_shape::size...};
        std::size_t result = 0;
        for (std::size_t i = 0; i < Index; ++i) result += sizes[i];
        return result;
    }();

    /// The last step backwards of what is linear in x alone.
    struct box {
        static constexpr std::size_t width = inputs;
        static constexpr bool is_box = true;
        const interval* x;

        template <std::size_t Rows>
        constexpr void propagate(const double* a, double* bounds) const {
            for (std::size_t row = 0; row < Rows; ++row) bounds[row] += least_sum(a + row * inputs, x);
        }
    };
    /// The least sum of a x.
    static constexpr double least_sum(const double* a, const interval* x) {
        double sum = 0;
        for (std::size_t i = 0; i < inputs; ++i) {
            const interval widened = x[i].widened(own_error(x[i].reach()));
            sum += a[i] * (a[i] > 0 ? widened.lower : widened.upper);
        }
        return sum - 4 * underflow<double> * static_cast<double>(inputs);
    }

    template <std::size_t Index, bool Activated>
    constexpr bool bound_layer(const storage& net, const storage& magnitudes, const Quantised& quantised,
                               quantization& here, interval* x, interval* d) {
        constexpr std::size_t from = layer<Index>::input_shape::size, to = size<Index>;
        for (std::size_t i = 0; i < from; ++i)
            if (!is_bound(x[i].lower) || !is_bound(x[i].upper) || !is_bound(d[i].lower) || !is_bound(d[i].upper))
                return false;
        const auto& of_layer = chain_type::template at<Index>(net);
        const auto& size_of_layer = chain_type::template at<Index>(magnitudes);
        const auto& integers = boost::hana::at_c<Index>(quantised.layers);
        auto& step = boost::hana::at_c<Index>(steps_);
        interval z[to]{};
        tiny_[Index] = 0;
        for (std::size_t i = 0; i < from; ++i) tiny_[Index] += x[i].reach() + d[i].reach();
        tiny_[Index] = 4 * underflow<double> * static_cast<double>(2 * to + 1) * (tiny_[Index] + 1);
        if constexpr (has_integer_weights<quantised_layer<Index>>) {
            if (!step.set(of_layer, integers.weights, here, [&](std::size_t c) { return factor_of(integers, c); }))
                return false;
            step.interval_of(of_layer, size_of_layer, x, d, z);
            if constexpr (!has_factors<quantised_layer<Index>>)
                // A sum becomes a T, and is multiplied.
                for (std::size_t i = 0; i < to; ++i) {
                    const double error = 4 * unit_roundoff<T> * step.size(i) + 4 * underflow<T>;
                    step.rest[i] = step.rest[i].widened(error);
                    z[i] = z[i].widened(error);
                }
        } else if constexpr (affine<layer<Index>>::is_affine) {
            step.interval_of(of_layer, size_of_layer, x, d, z, !runs_in_float<quantised_layer<Index>>,
                             static_cast<double>(here.scale) * roundings_of(integers));
        } else if (!step.interval_of(of_layer, size_of_layer, x, d, z, !runs_in_float<quantised_layer<Index>>)) {
            return false;
        }
        if constexpr (Index > 0 && Activated && !std::is_same_v<activation<Index>, identity>) improve<Index>(net, z);
        for (std::size_t i = 0; i < to; ++i)
            if (!is_bound(z[i].lower) || !is_bound(z[i].upper)) return false;
        if constexpr (Activated) {
            activate<Index>(integers, z);
            for (std::size_t i = 0; i < to; ++i) {
                const relaxation& line = lines_[place<Index> + i];
                const relaxation& value = prover_.template lines<Index>()[i];
                x[i] = {value.lowest, value.highest};
                d[i] = {line.lowest, line.highest};
            }
        } else {
            for (std::size_t i = 0; i < to; ++i) d[i] = z[i];
        }
        if constexpr (has_integer_activation<quantised_layer<Index>>)
            here = integers.activation.output;
        else if constexpr (runs_in_float<quantised_layer<Index>>)
            here = integers.output;
        return true;
    }
    /// Linear bounds of the differences of pre-activations.
    template <std::size_t Index>
    constexpr void improve(const storage& net, interval* z) const {
        for (std::size_t i = 0; i < size<Index>; ++i) {
            z[i].lower = larger(z[i].lower, lower_bound<Index, false>(net, i, 1));
            z[i].upper = smaller(z[i].upper, -lower_bound<Index, false>(net, i, -1));
        }
    }

    /// The lines of a layer's activation.
    template <std::size_t Index>
    constexpr void activate(const quantised_layer<Index>& integers, const interval* d) {
        using function = activation_over<T, activation<Index>>;
        constexpr bool is_elementwise = elementwise_activation<activation<Index>, double>;
        const double *const z_lower = values_.lower + place<Index>, *const z_upper = values_.upper + place<Index>;
        relaxation* const lines = lines_ + place<Index>;
        if constexpr (!is_elementwise) {
            constexpr std::size_t width = layer<Index>::output_shape::last;
            for (std::size_t at = 0; at < size<Index>; at += width)
                row_difference<T, activation<Index>, width>(z_lower + at, z_upper + at, d + at, lines + at);
        }
        double tiny = 0;
        for (std::size_t i = 0; i < size<Index>; ++i) {
            const interval z{z_lower[i], z_upper[i]};
            const relaxation& value = prover_.template lines<Index>()[i];
            const interval y{value.lowest, value.highest};
            if constexpr (has_integer_activation<quantised_layer<Index>>) {
                lines[i] = integer_lines<T, Rounding, activation<Index>>(
                    integers, channel_of<quantised_layer<Index>>(i), z, d[i], y);
            } else {
                if constexpr (is_elementwise) lines[i] = function::difference(z, outer_sum(z, d[i]), d[i]);
                if constexpr (runs_in_float<quantised_layer<Index>>)
                    lines[i] = quantised_lines(integers.output, lines[i], y,
                                               outer_sum(y, {lines[i].lowest, lines[i].highest}));
            }
            relaxation& line = lines[i];
            const double largest = d[i].reach();
            line.lower_offset -= own_error(magnitude(line.lower_offset) + magnitude(line.lower_slope) * largest);
            line.upper_offset += own_error(magnitude(line.upper_offset) + magnitude(line.upper_slope) * largest);
            tiny += 4 * underflow<double> * (largest + 1);
        }
        tiny_[Index] += tiny;
    }

    /// A lower bound of sign (y'[i] - y[i]) of layer `Index`, or, without `Activated`, of its pre-activations.
    template <std::size_t Index, bool Activated>
    constexpr double lower_bound(const storage& net, std::size_t i, double sign) const {
        double c[widest]{}, e[widest]{}, result = 0;
        c[i] = sign;
        if constexpr (Activated) backward_activation<Index>(c, result);
        return descend<Index>(net, c, e, result);
    }
    template <std::size_t Index>
    constexpr void backward_activation(double* c, double& result) const {
        double sum = 0;
        for (std::size_t i = 0; i < size<Index>; ++i) {
            const double factor = c[i];
            if (factor == 0) continue;
            const relaxation& line = lines_[place<Index> + i];
            sum += factor * (factor > 0 ? line.lower_offset : line.upper_offset);
            c[i] = factor * (factor > 0 ? line.lower_slope : line.upper_slope);
        }
        result += sum;
    }
    /// From the pre-activations of layer `Index` to the inputs.
    template <std::size_t Index>
    constexpr double descend(const storage& net, double* c, double* e, double result) const {
        double to_x[widest]{};
        boost::hana::at_c<Index>(steps_).backward(chain_type::template at<Index>(net), c, to_x, result);
        prover_.template backward_layer_alone<Index, 1>(net, e, &result);
        result -= tiny_[Index];
        for (std::size_t i = 0; i < layer<Index>::input_shape::size; ++i) {
            result -= (magnitude(e[i]) + magnitude(to_x[i])) * own_error(largest_input<Index>(i));
            e[i] += to_x[i];
        }
        if constexpr (Index == 0) {
            return result + least_sum(c, d_) + least_sum(e, x_);
        } else {
            backward_activation<Index - 1>(c, result);
            prover_.template backward_activation<Index - 1, 1>(e, &result);
            return descend<Index - 1>(net, c, e, result);
        }
    }
    /// The largest magnitude of an input of layer `Index`.
    template <std::size_t Index>
    constexpr double largest_input(std::size_t i) const {
        if constexpr (Index == 0) {
            return x_[i].reach();
        } else {
            const relaxation& of_value = prover_.template lines<Index - 1>()[i];
            return larger(-of_value.lowest, of_value.highest);
        }
    }

    template <class Indices>
    struct steps_of;
    template <std::size_t... Index>
    struct steps_of<std::index_sequence<Index...>> {
        using type = boost::hana::tuple<
            typename decltype(difference_of_layer<T, layer<Index>, quantised_layer<Index>>())::type...>;
    };

    prover_type prover_{};
    typename prover_type::bounds_type values_{};
    typename steps_of<std::make_index_sequence<count>>::type steps_{};
    relaxation lines_[prover_type::bounds_type::total]{};
    double tiny_[count]{};  ///< what products of the proof lose that underflow
    interval x_[inputs]{}, d_[inputs]{}, of_outputs_[outputs]{};
};

}  // namespace CTNN_NAMESPACE::detail
