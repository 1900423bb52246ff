// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A network prepared for proofs: bounds of its layers and outputs over a box, as the program computes them.

#include <ctnn/config.hpp>
#include <ctnn/convert.hpp>
#include <ctnn/network.hpp>
#include <ctnn/verify/box.hpp>
#include <ctnn/verify/network/chain_prover.hpp>
#include <ctnn/verify/network/provable.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// Bounds of every pre-activation of a network.
template <class Net>
struct layer_bounds;
template <class T, class Input, class... Specs>
struct layer_bounds<network<T, Input, Specs...>>
    : detail::chain_bounds<T, typename network<double, Input, Specs...>::chain_type> {};

/// Bounds of the values that the program computes of a network in its own type, in any order of additions and with or
/// without contraction to FMA.
///
/// *Cost*: for each box, a forward pass of four rows, and for each unit of a hidden layer over whose bounds the activation is
/// not linear a backward pass of two.
/// *Source*: Singh and others, as in relaxation.hpp; Zhang, Weng, Chen, Hsieh and Daniel, "Efficient neural network
/// robustness certification with general activation functions", 2018 (backward bounds); Higham, as in rounding.hpp.
template <class Net>
class prover;
template <class T, class Input, class... Specs>
class prover<network<T, Input, Specs...>> {
  public:
    using net_type = network<T, Input, Specs...>;
    using box_type = box<T, typename net_type::input_shape>;
    using bounds_type = layer_bounds<net_type>;
    using real_net = network<double, Input, Specs...>;
    static constexpr std::size_t inputs = net_type::input_shape::size, outputs = net_type::output_shape::size;

    constexpr explicit prover(const net_type& of) : net_{convert<double>(of)}, magnitudes_{net_} {
        chain::make_magnitudes(magnitudes_.layers);
        static_assert(chain::roundings < detail::most_roundings);
    }

    /// Bounds of all layers over a box, at least as tight as those of a `parent` that contains it, if there is one.
    /// Returns false if some value may overflow; then nothing is known. Without `Activated`, the outputs are the logits.
    template <bool Activated = true>
    constexpr bool bound(const box_type& inside, bounds_type& bounds, const bounds_type* parent = nullptr) {
        double lower[chain::widest]{}, upper[chain::widest]{};
        for (std::size_t i = 0; i < inputs; ++i) {
            box_.lower[i] = lower[i] = static_cast<double>(inside.lower[i]);
            box_.upper[i] = upper[i] = static_cast<double>(inside.upper[i]);
        }
        if (!chain_.template bound<Activated>(net_.layers, magnitudes_.layers, lower, upper, bounds, parent, box_))
            return false;
        bool finite = true;
        for (std::size_t i = 0; i < outputs; ++i) {
            output_lower_[i] = lower[i];
            output_upper_[i] = upper[i];
            finite = finite && detail::is_bound(lower[i]) && detail::is_bound(upper[i]);
        }
        return finite;
    }

    /// A lower bound of the sum of coefficients[i] y[i] over the box that was bounded last: a linear function of the inputs,
    /// by its coefficients and its constant, and the least value of that. Without `Activated`, y are the logits.
    template <bool Activated = true>
    constexpr double output_bound(const double* coefficients, double* input_coefficients) const {
        double constant = 0;
        return output_bound<Activated>(coefficients, input_coefficients, constant);
    }
    template <bool Activated = true>
    constexpr double output_bound(const double* coefficients, double* input_coefficients, double& constant) const {
        double a[chain::widest]{}, bound[]{0};
        for (std::size_t i = 0; i < outputs; ++i) a[i] = coefficients[i];
        chain_.template backward<1, Activated>(net_.layers, a, bound);
        for (std::size_t i = 0; i < inputs; ++i) input_coefficients[i] = a[i];
        constant = bound[0];
        box_.template propagate<1>(a, bound);
        return bound[0];
    }
    /// The ends of that box.
    constexpr const double* lower() const { return box_.lower; }
    constexpr const double* upper() const { return box_.upper; }

    /// How strongly each input may influence the same sum: |coefficients| |A| ..., with the slopes of the upper lines. For
    /// choosing which input to bisect.
    template <bool Activated = true>
    constexpr void influence(const double* coefficients, double* of_inputs) const {
        double a[chain::widest]{};
        for (std::size_t i = 0; i < outputs; ++i) a[i] = detail::magnitude(coefficients[i]);
        chain_.template influence<Activated>(magnitudes_.layers, a);
        for (std::size_t i = 0; i < inputs; ++i) of_inputs[i] = a[i];
    }

    /// Bounds of the derivatives of output `output` by each input over that box, whose bounds are given. `positive` and
    /// `negative` have the parameters of one sign, as `keep_sign` leaves them. Returns false if they may overflow.
    constexpr bool derive(std::size_t output, const real_net& positive, const real_net& negative,
                          const bounds_type& bounds, double* lower, double* upper) const {
        double of_lower[chain::widest]{}, of_upper[chain::widest]{};
        of_lower[output] = of_upper[output] = 1;
        if (!chain_.derive(positive.layers, negative.layers, bounds, of_lower, of_upper)) return false;
        for (std::size_t i = 0; i < inputs; ++i) {
            lower[i] = of_lower[i];
            upper[i] = of_upper[i];
        }
        return true;
    }
    static constexpr bool keep_sign(real_net& net, bool is_positive) {
        return chain::keep_sign(net.layers, is_positive);
    }
    constexpr const real_net& parameters() const { return net_; }

    /// Bounds of the outputs over the box that was bounded last, by intervals of the last layer.
    constexpr double output_lower(std::size_t i) const { return output_lower_[i]; }
    constexpr double output_upper(std::size_t i) const { return output_upper_[i]; }

  private:
    using chain = detail::chain_prover<T, typename real_net::chain_type>;

    /// The last step backwards: the smallest value over the box.
    struct box_bounds {
        static constexpr std::size_t width = inputs;
        static constexpr bool is_box = true;
        double lower[inputs], upper[inputs];

        template <std::size_t Rows>
        constexpr void propagate(const double* a, double* bounds) const {
            for (std::size_t row = 0; row < Rows; ++row) {
                double sum = 0;
                for (std::size_t i = 0; i < inputs; ++i) {
                    const double factor = a[row * inputs + i],
                                 margin = detail::own_error(detail::larger(-lower[i], upper[i]));
                    sum += factor * (factor > 0 ? lower[i] - margin : upper[i] + margin);
                }
                bounds[row] += sum - 4 * detail::underflow<double> * static_cast<double>(inputs);
            }
        }
    };

    real_net net_, magnitudes_;
    chain chain_{};
    box_bounds box_{};
    double output_lower_[outputs]{}, output_upper_[outputs]{};
};

}  // namespace CTNN_NAMESPACE
