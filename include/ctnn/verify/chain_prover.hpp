// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a proof does with a chain of layers: bounds of every pre-activation, by intervals in the forward direction, improved
/// by linear bounds in the backward direction.

#include <ctnn/activation/identity.hpp>
#include <ctnn/activation/relu.hpp>
#include <ctnn/chain/chain.hpp>
#include <ctnn/config.hpp>
#include <ctnn/verify/layer_prover.hpp>
#include <ctnn/verify/relaxation.hpp>
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
    static constexpr std::size_t roundings = ((64 + inputs) + ... + (2 * Layers::output_shape::size + 64));

    static constexpr void make_magnitudes(storage& layers) {
        chain_type::for_each(
            [](auto index, auto& layer) {
                layer_prover<T, typename chain_type::template layer<index()>>::make_magnitudes(layer);
            },
            layers);
    }

    /// Bounds of every layer for inputs between `lower` and `upper`, arrays of `widest`, which become bounds of the outputs.
    /// They are at least as tight as those of a `parent` with a larger box. `outer` propagates coefficients of the chain's
    /// inputs to those of the network. Returns false if a value may overflow.
    template <class Outer>
    constexpr bool bound(const storage& net, const storage& magnitudes, double* lower, double* upper, bounds_type& here,
                         const bounds_type* parent, const Outer& outer) {
        bool finite = true;
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            ((finite = finite && bound_layer<Index>(net, magnitudes, lower, upper, here, parent, outer)), ...);
        }
        (std::make_index_sequence<count>{});
        return finite;
    }

    /// Rows of coefficients of the outputs become coefficients of the inputs; without `Activated`, of the logits.
    template <std::size_t Rows, bool Activated = true>
    constexpr void backward(const storage& net, double* a, double* bounds) const {
        if constexpr (count > 0) {
            if constexpr (Activated) backward_activation<count - 1, Rows>(a, bounds);
            backward_layer<count - 1, Rows>(net, a, bounds);
        }
    }
    constexpr void influence(const storage& magnitudes, double* a) const {
        if constexpr (count > 0) influence_of<count - 1>(magnitudes, a);
    }

  private:
    template <std::size_t Index>
    using layer = typename chain_type::template layer<Index>;
    template <std::size_t Index>
    using activation = typename layer<Index>::activation;
    template <std::size_t Index>
    static constexpr std::size_t size = layer<Index>::output_shape::size;
    template <std::size_t Index>
    static constexpr std::size_t place = [] {
        constexpr std::size_t sizes[]{Layers::output_shape::size...};
        std::size_t result = 0;
        for (std::size_t i = 0; i < Index; ++i) result += sizes[i];
        return result;
    }();

    template <std::size_t Index>
    constexpr auto& prover() {
        return boost::hana::at_c<Index>(provers_);
    }
    template <std::size_t Index>
    constexpr const auto& prover() const {
        return boost::hana::at_c<Index>(provers_);
    }

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

    template <std::size_t Index, class Outer>
    constexpr bool bound_layer(const storage& net, const storage& magnitudes, double* lower, double* upper,
                               bounds_type& here, const bounds_type* parent, const Outer& outer) {
        constexpr std::size_t first = place<Index>;
        double* const z_lower = here.lower + first;
        double* const z_upper = here.upper + first;
        const to_network_inputs<Index, Outer> to_inputs{*this, net, outer};
        typename layer_prover<T, layer<Index>>::inner_bounds const* inner_parent = nullptr;
        if (parent != nullptr) inner_parent = &boost::hana::at_c<Index>(parent->inner);
        if (!prover<Index>().interval(chain_type::template at<Index>(net), chain_type::template at<Index>(magnitudes),
                                      lower, upper, z_lower, z_upper, boost::hana::at_c<Index>(here.inner),
                                      inner_parent, to_inputs))
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
        relax<Index>(z_lower, z_upper, lower, upper);
        return true;
    }
    static constexpr void intersect(double& lower, double& upper, double other_lower, double other_upper) {
        if (other_lower > lower && other_lower < no_bound) lower = other_lower;
        if (other_upper < upper && other_upper > -no_bound) upper = other_upper;
    }

    /// Linear bounds of those pre-activations over which the activation is not linear. Without bounds of a parent most units
    /// behind relu only seem to be open: one of their bounds is expected to decide the sign.
    template <std::size_t Index, std::size_t Rows, class ToInputs>
    constexpr void improve(const storage& net, double* z_lower, double* z_upper, const ToInputs& to_inputs,
                           bool has_parent) {
        constexpr bool is_rectified = std::is_same_v<activation<Index>, relu>;
        bound_list<2 * size<Index>> wanted{};
        for (std::size_t i = 0; i < size<Index>; ++i) {
            if (is_rectified ? z_lower[i] < 0 && z_upper[i] > 0 : z_lower[i] < z_upper[i]) {
                const bool is_mostly_positive = z_upper[i] > -z_lower[i];
                if (!is_rectified || has_parent || is_mostly_positive) wanted.add(i, 1);
                if (!is_rectified || has_parent || !is_mostly_positive) wanted.add(i, -1);
            }
        }
        improve_bounds<Index, Rows>(net, z_lower, z_upper, to_inputs, wanted);
        if (is_rectified && !has_parent) {
            bound_list<2 * size<Index>> others{};
            for (std::size_t k = 0; k < wanted.count; ++k) {
                const std::size_t i = wanted.unit[k];
                if (z_lower[i] < 0 && z_upper[i] > 0) others.add(i, -wanted.sign[k]);
            }
            improve_bounds<Index, Rows>(net, z_lower, z_upper, to_inputs, others);
        }
    }

    /// Bounds of pre-activations: lower ones (sign 1), and upper ones, lower bounds of the negative (sign -1).
    template <std::size_t Capacity>
    struct bound_list {
        std::size_t count, unit[Capacity];
        double sign[Capacity];

        constexpr void add(std::size_t i, double s) {
            unit[count] = i;
            sign[count++] = s;
        }
    };
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
        if constexpr (activation_model<activation<Index>>::is_known) {
            for (std::size_t i = 0; i < size<Index>; ++i) {
                relaxation line = activation_model<activation<Index>>::template over<T>(z_lower[i], z_upper[i]);
                lower[i] = line.lowest;
                upper[i] = line.highest;
                // The products with slopes and offsets are rounded, and so is their sum.
                const double largest = larger(-z_lower[i], z_upper[i]);
                line.lower_offset -= own_error(magnitude(line.lower_offset) + magnitude(line.lower_slope) * largest);
                line.upper_offset += own_error(magnitude(line.upper_offset) + magnitude(line.upper_slope) * largest);
                tiny += 4 * underflow<double> * (largest + 1);
                lines_[place<Index> + i] = line;
            }
        } else {
            // Nothing is known behind it, such as a softmax whose logits are what the proof is about.
            for (std::size_t i = 0; i < size<Index>; ++i) {
                lower[i] = -no_bound;
                upper[i] = no_bound;
                lines_[place<Index> + i] = {1, -no_bound, 1, no_bound, -no_bound, no_bound};
            }
        }
        tiny_[Index] = tiny;
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
        prover<Index>().template backward<Rows>(chain_type::template at<Index>(net), a, bounds);
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

    template <std::size_t Index>
    constexpr void influence_of(const storage& magnitudes, double* a) const {
        for (std::size_t i = 0; i < size<Index>; ++i) a[i] *= magnitude(lines_[place<Index> + i].upper_slope);
        prover<Index>().influence(chain_type::template at<Index>(magnitudes), a);
        if constexpr (Index > 0) influence_of<Index - 1>(magnitudes, a);
    }

    boost::hana::tuple<layer_prover<T, Layers>...> provers_{};
    relaxation lines_[bounds_type::total > 0 ? bounds_type::total : 1]{};
    double tiny_[count > 0 ? count : 1]{};  ///< what products with slopes lose that underflow
};

}  // namespace CTNN_NAMESPACE::detail
