// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a proof does with a chain of layers: bounds of every pre-activation, by intervals in the forward direction, improved
/// by linear bounds in the backward direction.

#include <ctnn/activation/activate.hpp>
#include <ctnn/activation/identity.hpp>
#include <ctnn/activation/relu.hpp>
#include <ctnn/chain/chain.hpp>
#include <ctnn/config.hpp>
#include <ctnn/verify/activation/relaxation.hpp>
#include <ctnn/verify/activation/slopes.hpp>
#include <ctnn/verify/layer/layer_prover.hpp>
#include <ctnn/verify/network/bound_list.hpp>
#include <ctnn/verify/rounding.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/integral_constant.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE::detail {

/// Bounds of every pre-activation of a chain, and of the chains inside it.
template <class T, class Chain>
struct chain_bounds;
template <class T, class InputShape, class... Layers>
struct chain_bounds<T, chain<double, InputShape, Layers...>> {
    static constexpr std::size_t total = (std::size_t{0} + ... + Layers::output_shape::size);
    double lower[total > 0 ? total : 1], upper[total > 0 ? total : 1];
    boost::hana::tuple<typename layer_prover<T, Layers>::inner_bounds...> inner;
};

template <class T, class Chain>
class chain_prover;
template <class T, class InputShape, class... Layers>
class chain_prover<T, chain<double, InputShape, Layers...>> {
  public:
    using chain_type = chain<double, InputShape, Layers...>;
    using storage = typename chain_type::storage;
    using bounds_type = chain_bounds<T, chain_type>;
    static constexpr std::size_t count = sizeof...(Layers), inputs = InputShape::size,
                                 outputs = chain_type::output_shape::size;
    static constexpr std::size_t widest = [] {
        std::size_t result = inputs;
        ((result = Layers::output_shape::size > result ? Layers::output_shape::size : result), ...);
        return result;
    }();
    static constexpr std::size_t roundings =
        ((64 + inputs) + ... + (2 * Layers::output_shape::size + 64 + inner_roundings_of<layer_prover<T, Layers>>));

    static constexpr void make_magnitudes(storage& layers) {
        chain_type::for_each(
            [](auto index, auto& layer) {
                layer_prover<T, typename chain_type::template layer<index()>>::make_magnitudes(layer);
            },
            layers);
    }

    /// Sets the parameters of the other sign to 0. Returns false if some are so small that derivatives may underflow.
    static constexpr bool keep_sign(storage& layers, bool is_positive) {
        bool fits = true;
        chain_type::for_each(
            [&](auto index, auto& layer) {
                fits = layer_prover<T, typename chain_type::template layer<index()>>::keep_sign(layer, is_positive) &&
                       fits;
            },
            layers);
        return fits;
    }

    /// Bounds of every layer for inputs between `lower` and `upper`, arrays of `widest`, which become bounds of the outputs.
    /// They are at least as tight as those of a `parent` with a larger box. `outer` propagates coefficients of the chain's
    /// inputs to those of the network. Returns false if a value may overflow. Without `Activated`, the outputs are the logits.
    template <bool Activated = true, class Outer>
    constexpr bool bound(const storage& net, const storage& magnitudes, double* lower, double* upper, bounds_type& here,
                         const bounds_type* parent, const Outer& outer) {
        return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            return (... && bound_layer<Index, (Activated || Index + 1 < count)>(net, magnitudes, lower, upper, here,
                                                                                parent, outer));
        }
        (std::make_index_sequence<count>{});
    }

    /// Where a layer's values begin in `bounds_type` and in the lines of all.
    template <std::size_t Index>
    static constexpr std::size_t place = [] {
        constexpr std::size_t sizes[]{Layers::output_shape::size...};
        std::size_t result = 0;
        for (std::size_t i = 0; i < Index; ++i) result += sizes[i];
        return result;
    }();

    /// Rows of coefficients of the outputs become coefficients of the inputs; without `Activated`, of the logits.
    template <std::size_t Rows, bool Activated = true>
    constexpr void backward(const storage& net, double* a, double* bounds) const {
        if constexpr (count > 0) {
            if constexpr (Activated) backward_activation<count - 1, Rows>(a, bounds);
            backward_layer<count - 1, Rows>(net, a, bounds);
        }
    }
    /// Its two steps for a layer: through the activation, whose lines are these, and through the linear part.
    template <std::size_t Index>
    constexpr const relaxation* lines() const {
        return lines_ + place<Index>;
    }
    template <std::size_t Index>
    constexpr const auto& prover_of() const {
        return boost::hana::at_c<Index>(provers_);
    }
    template <std::size_t Index, std::size_t Rows>
    constexpr void backward_activation(double* a, double* bounds) const {
        for (std::size_t row = 0; row < Rows; ++row) {
            double* const of_row = a + row * size<Index>;
            double sum = 0;
            for (std::size_t i = 0; i < size<Index>; ++i) {
                const double factor = of_row[i];
                if (__builtin_is_constant_evaluated() && factor == 0) continue;
                const relaxation& line = lines_[place<Index> + i];
                sum += factor * (factor > 0 ? line.lower_offset : line.upper_offset);
                of_row[i] = factor * (factor > 0 ? line.lower_slope : line.upper_slope);
            }
            bounds[row] += sum - tiny_[Index];
        }
    }
    template <std::size_t Index, std::size_t Rows>
    constexpr void backward_layer_alone(const storage& net, double* a, double* bounds) const {
        boost::hana::at_c<Index>(provers_).template backward<Rows>(chain_type::template at<Index>(net), a, bounds);
    }
    template <bool Activated = true>
    constexpr void influence(const storage& magnitudes, double* a) const {
        if constexpr (count > 0) influence_of<count - 1, Activated>(magnitudes, a);
    }
    /// Bounds of derivatives by the outputs of the first `Index` layers become those by the inputs; false if they may overflow.
    template <bool Activated = true, std::size_t Index = count>
    constexpr bool derive(const storage& positive, const storage& negative, const bounds_type& here, double* lower,
                          double* upper) const {
        if constexpr (Index == 0) {
            return are_derivatives(lower, upper, inputs);
        } else {
            constexpr std::size_t at = Index - 1;
            return multiply_by_slopes<std::conditional_t<Activated, activation<at>, identity>>(
                       here.lower + place<at>, here.upper + place<at>, lower, upper, size<at>) &&
                   boost::hana::at_c<at>(provers_).derive(chain_type::template at<at>(positive),
                                                          chain_type::template at<at>(negative),
                                                          boost::hana::at_c<at>(here.inner), lower, upper) &&
                   derive<true, at>(positive, negative, here, lower, upper);
        }
    }

  private:
    template <std::size_t Index>
    using layer = typename chain_type::template layer<Index>;
    template <std::size_t Index>
    using activation = typename layer<Index>::activation;
    template <std::size_t Index>
    static constexpr std::size_t size = layer<Index>::output_shape::size;

    /// Propagates coefficients of the inputs of layer `Index` to those of the network.
    template <std::size_t Index, class Outer>
    struct to_network_inputs {
        static constexpr std::size_t width = widest > Outer::width ? widest : Outer::width;
        static constexpr bool is_box = false;
        const chain_prover& here;
        const storage& net;
        const Outer& outer;

        template <std::size_t Rows>
        constexpr void propagate(double* a, double* bounds) const {
            if constexpr (Index > 0) {
                here.template backward_activation<Index - 1, Rows>(a, bounds);
                here.template backward_layer<Index - 1, Rows>(net, a, bounds);
            }
            outer.template propagate<Rows>(a, bounds);
        }
    };

    template <std::size_t Index, bool Activated, class Outer>
    constexpr bool bound_layer(const storage& net, const storage& magnitudes, double* lower, double* upper,
                               bounds_type& here, const bounds_type* parent, const Outer& outer) {
        constexpr std::size_t first = place<Index>;
        // Infinite bounds have no center.
        for (std::size_t i = 0; i < layer<Index>::input_shape::size; ++i)
            if (!is_bound(lower[i]) || !is_bound(upper[i])) return false;
        double *const z_lower = here.lower + first, *const z_upper = here.upper + first;
        const to_network_inputs<Index, Outer> to_inputs{*this, net, outer};
        const auto* const inner_parent = parent != nullptr ? &boost::hana::at_c<Index>(parent->inner) : nullptr;
        if (!boost::hana::at_c<Index>(provers_).interval(
                chain_type::template at<Index>(net), chain_type::template at<Index>(magnitudes), lower, upper, z_lower,
                z_upper, boost::hana::at_c<Index>(here.inner), inner_parent, to_inputs))
            return false;
        if (parent != nullptr)
            for (std::size_t i = 0; i < size<Index>; ++i)
                intersect(z_lower[i], z_upper[i], parent->lower[first + i], parent->upper[first + i]);
        if constexpr (layer_prover<T, layer<Index>>::is_linear && !std::is_same_v<activation<Index>, identity> &&
                      !(Index == 0 && Outer::is_box && affine<layer<Index>>::is_affine)) {
            // In constants rows that are not needed cost as much as others.
            if (__builtin_is_constant_evaluated())
                improve<Index, 1>(net, z_lower, z_upper, to_inputs, parent != nullptr);
            else
                improve<Index, proof_rows>(net, z_lower, z_upper, to_inputs, parent != nullptr);
        }
        if constexpr (Activated)
            relax<Index>(z_lower, z_upper, lower, upper);
        else
            for (std::size_t i = 0; i < size<Index>; ++i) {
                lower[i] = z_lower[i];
                upper[i] = z_upper[i];
            }
        return true;
    }

    /// Linear bounds of those pre-activations over which the activation is not linear.
    template <std::size_t Index, std::size_t Rows, class ToInputs>
    constexpr void improve(const storage& net, double* z_lower, double* z_upper, const ToInputs& to_inputs,
                           bool has_parent) {
        using list = bound_list<2 * size<Index>>;
        constexpr bool is_rectified = std::is_same_v<activation<Index>, relu>;
        const bool in_two_steps = is_rectified && !has_parent;
        const list first = in_two_steps ? list::deciding(z_lower, z_upper) : list::open(z_lower, z_upper, is_rectified);
        improve_bounds<Index, Rows>(net, z_lower, z_upper, to_inputs, first);
        if (in_two_steps) improve_bounds<Index, Rows>(net, z_lower, z_upper, to_inputs, first.others(z_lower, z_upper));
    }
    template <std::size_t Index, std::size_t Rows, class ToInputs, class List>
    constexpr void improve_bounds(const storage& net, double* z_lower, double* z_upper, const ToInputs& to_inputs,
                                  const List& wanted) {
        for (std::size_t begin = 0; begin < wanted.count; begin += Rows) {
            const std::size_t here = wanted.count - begin < Rows ? wanted.count - begin : Rows;
            double a[Rows * ToInputs::width]{}, bounds[Rows]{};
            for (std::size_t row = 0; row < here; ++row)
                a[row * size<Index> + wanted.unit[begin + row]] = wanted.sign[begin + row];
            backward_layer_alone<Index, Rows>(net, a, bounds);
            to_inputs.template propagate<Rows>(a, bounds);
            for (std::size_t row = 0; row < here; ++row) {
                const std::size_t i = wanted.unit[begin + row];
                if (wanted.sign[begin + row] > 0)
                    intersect(z_lower[i], z_upper[i], bounds[row], no_bound);
                else
                    intersect(z_lower[i], z_upper[i], -no_bound, -bounds[row]);
            }
        }
    }

    /// The lines of a layer's activation, and the intervals of its outputs.
    template <std::size_t Index>
    constexpr void relax(const double* z_lower, const double* z_upper, double* lower, double* upper) {
        double tiny = 0;
        bound_activation<Index>(z_lower, z_upper);
        for (std::size_t i = 0; i < size<Index>; ++i) {
            relaxation& line = lines_[place<Index> + i];
            lower[i] = line.lowest;
            upper[i] = line.highest;
            // The products with slopes and offsets are rounded, and so is their sum.
            const double largest = larger(-z_lower[i], z_upper[i]);
            line.lower_offset -= own_error(magnitude(line.lower_offset) + magnitude(line.lower_slope) * largest);
            line.upper_offset += own_error(magnitude(line.upper_offset) + magnitude(line.upper_slope) * largest);
            tiny += 4 * underflow<double> * (largest + 1);
        }
        tiny_[Index] = tiny;
    }
    template <std::size_t Index>
    constexpr void bound_activation(const double* z_lower, const double* z_upper) {
        using relaxed = activation_model<activation<Index>>;
        constexpr std::size_t width = layer<Index>::output_shape::last;
        relaxation* const lines = lines_ + place<Index>;
        if constexpr (elementwise_activation<activation<Index>, double>)
            for (std::size_t i = 0; i < size<Index>; ++i) lines[i] = relaxed::template over<T>(z_lower[i], z_upper[i]);
        else
            for (std::size_t at = 0; at < size<Index>; at += width)
                relaxed::template over_row<T, width>(z_lower + at, z_upper + at, lines + at);
    }

    /// From the pre-activations of layer `Index` to the inputs of the chain.
    template <std::size_t Index, std::size_t Rows>
    constexpr void backward_layer(const storage& net, double* a, double* bounds) const {
        backward_layer_alone<Index, Rows>(net, a, bounds);
        if constexpr (Index > 0) {
            backward_activation<Index - 1, Rows>(a, bounds);
            backward_layer<Index - 1, Rows>(net, a, bounds);
        }
    }

    template <std::size_t Index, bool Activated>
    constexpr void influence_of(const storage& magnitudes, double* a) const {
        if constexpr (Activated)
            for (std::size_t i = 0; i < size<Index>; ++i) a[i] *= magnitude(lines_[place<Index> + i].upper_slope);
        boost::hana::at_c<Index>(provers_).influence(chain_type::template at<Index>(magnitudes), a);
        if constexpr (Index > 0) influence_of<Index - 1, true>(magnitudes, a);
    }

    boost::hana::tuple<layer_prover<T, Layers>...> provers_{};
    relaxation lines_[bounds_type::total > 0 ? bounds_type::total : 1]{};
    double tiny_[count > 0 ? count : 1]{};  ///< what products with slopes lose that underflow
};

}  // namespace CTNN_NAMESPACE::detail
