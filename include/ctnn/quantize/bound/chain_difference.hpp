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
#include <ctnn/quantize/bound/softmax_difference.hpp>
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
    using bounds_type = typename prover_type::bounds_type;
    static constexpr std::size_t count = sizeof...(Layers), inputs = InputShape::size, widest = prover_type::widest;

    /// Bounds of every layer, where `prover` and `values` know those of the network. `here` is the quantisation of the inputs, x
    /// and d are intervals of them and of their differences, arrays of `widest`; they become those of the outputs. `outer` continues
    /// from the chain's inputs to those of the network. Returns false if nothing is known: a value may overflow.
    template <bool Activated, class Outer>
    constexpr bool bound(const storage& net, const storage& magnitudes, const Quantised& quantised,
                         const prover_type& prover, const bounds_type& values, quantization& here, interval* x,
                         interval* d, const Outer& outer) {
        net_ = &net;
        prover_ = &prover;
        values_ = &values;
        for (std::size_t i = 0; i < inputs; ++i) largest_[i] = x[i].reach();
        return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            return (... &&
                    bound_layer<Index, (Activated || Index + 1 < count)>(magnitudes, quantised, here, x, d, outer));
        }
        (std::make_index_sequence<count>{});
    }

    /// Coefficients c and e of the outputs, in arrays of `widest`, become those of the inputs; `result` gets a lower bound of the rest.
    constexpr void backward(double* c, double* e, double& result) const { backward_from<count>(c, e, result); }

    /// Improves the interval of y'[i] - y[i].
    template <bool Activated, class Outer>
    constexpr void improve_output(std::size_t i, interval& d, const Outer& outer) const {
        if constexpr (!Activated || elementwise_activation<activation<count - 1>, double>)
            improve_one<count - 1, Activated>(i, d, 1, 0, outer);
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
    static constexpr std::size_t place = prover_type::template place<Index>;

    /// What `outer` is for layer `Index`, if it has chains inside it.
    template <std::size_t Index, class Outer>
    struct to_network_inputs {
        static constexpr std::size_t width = widest > Outer::width ? widest : Outer::width;
        static constexpr bool is_box = false;
        const chain_difference& here;
        const Outer& outer;

        constexpr double close(double* c, double* e, double result) const {
            here.backward_from<Index>(c, e, result);
            return outer.close(c, e, result);
        }
    };

    template <std::size_t Index, bool Activated, class Outer>
    constexpr bool bound_layer(const storage& magnitudes, const Quantised& quantised, quantization& here, interval* x,
                               interval* d, const Outer& outer) {
        constexpr std::size_t from = layer<Index>::input_shape::size, to = size<Index>;
        for (std::size_t i = 0; i < from; ++i)
            if (!is_bound(x[i].lower) || !is_bound(x[i].upper) || !is_bound(d[i].lower) || !is_bound(d[i].upper))
                return false;
        const auto& of_layer = chain_type::template at<Index>(*net_);
        const auto& size_of_layer = chain_type::template at<Index>(magnitudes);
        const auto& integers = boost::hana::at_c<Index>(quantised.layers);
        auto& step = boost::hana::at_c<Index>(steps_);
        interval z[to]{};
        tiny_[Index] = 0;
        for (std::size_t i = 0; i < from; ++i) tiny_[Index] += x[i].reach() + d[i].reach();
        tiny_[Index] = 4 * underflow<double> * static_cast<double>(2 * to + 1) * (tiny_[Index] + 1);
        const to_network_inputs<Index, Outer> to_inputs{*this, outer};
        if constexpr (combines_branches<quantised_layer<Index>>) {
            if (!step.bound(of_layer, size_of_layer, integers, prover_->template prover_of<Index>(),
                            boost::hana::at_c<Index>(values_->inner), here, x, d, z, to_inputs))
                return false;
        } else if constexpr (is_recurrent<quantised_layer<Index>>) {
            if (!step.bound(of_layer, integers, here, x, d, z)) return false;
        } else if constexpr (has_integer_weights<quantised_layer<Index>>) {
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
        constexpr bool is_first = Index == 0 && Outer::is_box, are_branches = combines_branches<quantised_layer<Index>>;
        if constexpr (Activated && (are_branches || (!is_first && !std::is_same_v<activation<Index>, identity>)))
            for (std::size_t i = 0; i < to; ++i) improve_one<Index, false>(i, z[i], 1, 0, outer);
        for (std::size_t i = 0; i < to; ++i)
            if (!is_bound(z[i].lower) || !is_bound(z[i].upper)) return false;
        if constexpr (Activated) {
            for (std::size_t i = 0; i < to; ++i) {
                const relaxation& value = prover_->template lines<Index>()[i];
                x[i] = {value.lowest, value.highest};
                // A proof leaves the values of what has no activation at their intervals, which may seem to saturate.
                if constexpr (are_branches) improve_one<Index, false>(i, x[i], 0, 1, outer);
            }
            activate<Index>(integers, x, z);
            for (std::size_t i = 0; i < to; ++i)
                d[i] = {lines_[place<Index> + i].lowest, lines_[place<Index> + i].highest};
        } else {
            for (std::size_t i = 0; i < to; ++i) d[i] = z[i];
        }
        here = quantisation_after(integers, here);
        return true;
    }
    /// Linear bounds of c times the difference of an output and e times the output, or, without `Activated`, of a pre-activation.
    template <std::size_t Index, bool Activated, class Outer>
    constexpr void improve_one(std::size_t i, interval& of, double c, double e, const Outer& outer) const {
        of.lower = larger(of.lower, lower_bound<Index, Activated>(i, c, e, outer));
        of.upper = smaller(of.upper, -lower_bound<Index, Activated>(i, -c, -e, outer));
    }

    /// The lines of a layer's activation, whose values are in the intervals y, and differences of pre-activations in d.
    template <std::size_t Index>
    constexpr void activate(const quantised_layer<Index>& integers, const interval* y, const interval* d) {
        using function = activation_over<T, activation<Index>>;
        constexpr bool is_elementwise = elementwise_activation<activation<Index>, double>;
        const double *const z_lower = values_->lower + place<Index>, *const z_upper = values_->upper + place<Index>;
        relaxation* const lines = lines_ + place<Index>;
        constexpr std::size_t width = layer<Index>::output_shape::last;
        if constexpr (has_softmax<quantised_layer<Index>>) {
            for (std::size_t at = 0; at < size<Index>; at += width)
                softmax_of_integers<T, width>(integers, at, z_lower + at, z_upper + at, y + at, d + at, lines + at);
        } else if constexpr (!is_elementwise) {
            for (std::size_t at = 0; at < size<Index>; at += width)
                row_difference<T, activation<Index>, width>(z_lower + at, z_upper + at, d + at, lines + at);
        }
        double tiny = 0;
        for (std::size_t i = 0; i < size<Index>; ++i) {
            const interval z{z_lower[i], z_upper[i]};
            if constexpr (combines_branches<quantised_layer<Index>>)
                lines[i] = saturated_lines(representable(integers.output), no_clamp, y[i], d[i], y[i], 0);
            else if constexpr (has_integer_activation<quantised_layer<Index>> && is_elementwise)
                lines[i] = integer_lines<T, Rounding, activation<Index>>(
                    integers, channel_of<quantised_layer<Index>>(i), z, d[i], y[i]);
            else if constexpr (is_elementwise)
                lines[i] = function::difference(z, outer_sum(z, d[i]), d[i]);
            if constexpr (runs_in_float<quantised_layer<Index>>)
                lines[i] = quantised_lines(integers.output, lines[i], y[i],
                                           outer_sum(y[i], {lines[i].lowest, lines[i].highest}));
            relaxation& line = lines[i];
            const double largest = d[i].reach();
            line.lower_offset -= own_error(magnitude(line.lower_offset) + magnitude(line.lower_slope) * largest);
            line.upper_offset += own_error(magnitude(line.upper_offset) + magnitude(line.upper_slope) * largest);
            tiny += 4 * underflow<double> * (largest + 1);
        }
        tiny_[Index] += tiny;
    }

    template <std::size_t Index, bool Activated, class Outer>
    constexpr double lower_bound(std::size_t i, double of_d, double of_y, const Outer& outer) const {
        constexpr std::size_t width = to_network_inputs<Index, Outer>::width;
        double c[width]{}, e[width]{}, result = 0;
        c[i] = of_d;
        e[i] = of_y;
        if constexpr (Activated) backward_activation<Index>(c, result);
        backward_layer<Index>(c, e, result);
        return to_network_inputs<Index, Outer>{*this, outer}.close(c, e, result);
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
    template <std::size_t Index>
    constexpr void backward_layer(double* c, double* e, double& result) const {
        const auto& of_layer = chain_type::template at<Index>(*net_);
        const auto& step = boost::hana::at_c<Index>(steps_);
        if constexpr (combines_branches<quantised_layer<Index>>) {
            step.backward(c, e, result);
        } else {
            double to_x[widest]{};
            step.backward(of_layer, c, to_x, result);
            prover_->template backward_layer_alone<Index, 1>(*net_, e, &result);
            for (std::size_t i = 0; i < layer<Index>::input_shape::size; ++i) {
                result -= (magnitude(e[i]) + magnitude(to_x[i])) * own_error(largest_input<Index>(i));
                e[i] += to_x[i];
            }
        }
        result -= tiny_[Index];
    }
    /// From the inputs of layer `Index` to those of the chain.
    template <std::size_t Index>
    constexpr void backward_from(double* c, double* e, double& result) const {
        if constexpr (Index > 0) {
            backward_activation<Index - 1>(c, result);
            prover_->template backward_activation<Index - 1, 1>(e, &result);
            backward_layer<Index - 1>(c, e, result);
            backward_from<Index - 1>(c, e, result);
        }
    }
    /// The largest magnitude of an input of layer `Index`.
    template <std::size_t Index>
    constexpr double largest_input(std::size_t i) const {
        if constexpr (Index == 0) {
            return largest_[i];
        } else {
            const relaxation& of_value = prover_->template lines<Index - 1>()[i];
            return larger(-of_value.lowest, of_value.highest);
        }
    }

    template <class Indices>
    struct steps_of;
    template <std::size_t... Index>
    struct steps_of<std::index_sequence<Index...>> {
        using type = boost::hana::tuple<
            typename decltype(difference_of_layer<T, Rounding, layer<Index>, quantised_layer<Index>>())::type...>;
    };

    const storage* net_ = nullptr;
    const prover_type* prover_ = nullptr;
    const bounds_type* values_ = nullptr;
    typename steps_of<std::make_index_sequence<count>>::type steps_{};
    relaxation lines_[bounds_type::total > 0 ? bounds_type::total : 1]{};
    double tiny_[count > 0 ? count : 1]{};  ///< what products of the proof lose that underflow
    double largest_[inputs]{};
};

}  // namespace CTNN_NAMESPACE::detail
