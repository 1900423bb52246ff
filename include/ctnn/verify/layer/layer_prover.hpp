// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a proof does with one layer: intervals of its outputs before the activation, and coefficients of its outputs turned
/// into coefficients of its inputs.

#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/verify/activation/slopes.hpp>
#include <ctnn/verify/layer/affine.hpp>
#include <ctnn/verify/layer/selection.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>
#include <limits>

namespace CTNN_NAMESPACE::detail {

/// Rows of coefficients that are propagated backwards together.
inline constexpr std::size_t proof_rows = 8;

/// What layers without branches keep for a box.
struct no_inner_bounds {};

/// A layer of `double` of a network of T. `net` has its parameters, `magnitudes` their magnitudes.
///
/// `interval` gives bounds z of what the program computes for inputs between `lower` and `upper`; false if it may overflow.
/// `backward` turns rows of coefficients a of z into rows of its inputs, and adds a lower bound of the rest to `bounds`.
/// `influence` does the same with magnitudes.
/// `derive` turns bounds of derivatives by z into bounds of derivatives by the inputs, where `positive` and `negative` have the
/// parameters of one sign; some layers have none. Affine layers:
template <class T, class Layer>
struct layer_prover {
    static constexpr bool is_known = affine<Layer>::is_affine, is_linear = true;
    static constexpr std::size_t inputs = Layer::input_shape::size, outputs = Layer::output_shape::size;
    static constexpr std::size_t roundings = affine<Layer>::roundings;
    using inner_bounds = no_inner_bounds;

    double lower_offset[outputs], upper_offset[outputs];
    double tiny;  ///< what products of the proof lose that underflow, in a row of coefficients

    static constexpr void make_magnitudes(Layer& layer) { affine<Layer>::make_magnitudes(layer); }

    static constexpr bool keep_sign(Layer& layer, bool is_positive) {
        if constexpr (is_view_layer<Layer> || affine<Layer>::is_never_negative)
            return true;
        else
            return affine<Layer>::keep_sign(layer, is_positive);
    }

    static constexpr void multiply(const Layer& layer, const double* x, double* y) {
        if constexpr (is_view_layer<Layer>)
            for (std::size_t i = 0; i < outputs; ++i) y[i] = x[i];
        else if constexpr (requires { affine<Layer>::multiply(layer, x, y); })
            affine<Layer>::multiply(layer, x, y);
        else
            run_forward<1>(layer, x, y);
    }

    /// z = A center + b, and |A| radius around it. The program's rounding is at most gamma_n (|A| |x| + |b|), and n times
    /// the smallest number for products that underflow.
    template <class Outer>
    constexpr bool interval(const Layer& net, const Layer& magnitudes, const double* lower, const double* upper,
                            double* z_lower, double* z_upper, inner_bounds&, const inner_bounds*, Outer&&) {
        if (!affine<Layer>::template is_representable<T>(net)) return false;
        double center[inputs]{}, radius[inputs]{}, largest[inputs]{}, sum = 0;
        for (std::size_t i = 0; i < inputs; ++i) {
            center[i] = lower[i] / 2 + upper[i] / 2;
            // Halves of the smallest numbers are rounded.
            const bool is_center = lower[i] == upper[i] && center[i] == lower[i];
            radius[i] = upper[i] / 2 - lower[i] / 2 + (is_center ? 0 : 4 * underflow<double>);
            largest[i] = larger(-lower[i], upper[i]);
            sum += largest[i];
        }
        tiny = 4 * underflow<double> * static_cast<double>(outputs + 1) * (sum + 1);
        double spread[outputs]{}, reach[outputs]{}, offset[outputs]{}, zero[inputs]{};
        multiply(net, center, z_lower);
        multiply(magnitudes, radius, spread);
        multiply(magnitudes, largest, reach);
        multiply(net, zero, offset);
        constexpr double relative = roundings == 0 ? 0 : gamma<T>(roundings + 1),
                         absolute = static_cast<double>(roundings) * (underflow<T> + 8 * underflow<double>),
                         partial = static_cast<double>(affine<Layer>::partial_sums) * (1 + 2 * relative);
        bool finite = true;
        for (std::size_t i = 0; i < outputs; ++i) {
            const double error = relative * reach[i] + absolute, own = own_error(reach[i] + error),
                         around = spread[i] - magnitude(offset[i]) + error + 4 * own;
            z_upper[i] = z_lower[i] + around;
            z_lower[i] = z_lower[i] - around;
            lower_offset[i] = offset[i] - error - own;
            upper_offset[i] = offset[i] + error + own;
            finite = finite && reach[i] * partial < static_cast<double>((std::numeric_limits<T>::max)());
        }
        return finite;
    }

    template <std::size_t Rows>
    constexpr void backward(const Layer& net, double* a, double* bounds) const {
        if constexpr (!is_view_layer<Layer>) {
            for (std::size_t row = 0; row < Rows; ++row) {
                const double* const of_row = a + row * outputs;
                double sum = 0;
                for (std::size_t i = 0; i < outputs; ++i) {
                    if (__builtin_is_constant_evaluated() && of_row[i] == 0) continue;
                    sum += of_row[i] * (of_row[i] > 0 ? lower_offset[i] : upper_offset[i]);
                }
                bounds[row] += sum - tiny;
            }
            multiply_transposed<Rows>(net, a);
        }
    }
    constexpr void influence(const Layer& magnitudes, double* a) const {
        if constexpr (!is_view_layer<Layer>) multiply_transposed<1>(magnitudes, a);
    }
    constexpr bool derive(const Layer& positive, const Layer& negative, const inner_bounds&, double* lower,
                          double* upper) const requires requires {
        affine<Layer>::is_never_negative;
    }
    {
        if constexpr (!is_view_layer<Layer>) {
            // The positive and the negative part of the lower bound, then of the upper one.
            constexpr bool has_negative = !affine<Layer>::is_never_negative;
            constexpr std::size_t wider = inputs > outputs ? inputs : outputs;
            double by_positive[4 * wider]{}, by_negative[4 * wider]{};
            for (std::size_t i = 0; i < outputs; ++i) {
                by_positive[i] = by_negative[3 * outputs + i] = lower[i] > 0 ? lower[i] : 0;
                by_positive[outputs + i] = by_negative[2 * outputs + i] = lower[i] < 0 ? -lower[i] : 0;
                by_positive[2 * outputs + i] = by_negative[outputs + i] = upper[i] > 0 ? upper[i] : 0;
                by_positive[3 * outputs + i] = by_negative[i] = upper[i] < 0 ? -upper[i] : 0;
            }
            multiply_transposed<4>(positive, by_positive);
            if constexpr (has_negative) multiply_transposed<4>(negative, by_negative);
            for (std::size_t i = 0; i < inputs; ++i) {
                const auto part = [&](std::size_t row) {
                    return by_positive[row * inputs + i] + (has_negative ? by_negative[row * inputs + i] : 0);
                };
                lower[i] = signed_sum{part(0), part(1)}.lower();
                upper[i] = signed_sum{part(2), part(3)}.upper();
            }
        }
        return true;
    }

  private:
    template <std::size_t Rows>
    static constexpr void multiply_transposed(const Layer& layer, double* a) {
        constexpr std::size_t size = [] {
            if constexpr (requires { affine<Layer>::template scratch_size<Rows>; })
                return affine<Layer>::template scratch_size<Rows>;
            else
                return scratch_size_of<Layer, Rows, true>;
        }();
        double product[Rows * inputs]{}, scratch[size > 0 ? size : 1]{};
        affine<Layer>::template transposed<Rows>(layer, static_cast<const double*>(a), product, scratch);
        for (std::size_t i = 0; i < Rows * inputs; ++i) a[i] = product[i];
    }
};

/// The roundings of a proof inside a layer made of chains.
template <class Prover>
inline constexpr std::size_t inner_roundings_of = [] {
    if constexpr (requires { Prover::inner_roundings; })
        return Prover::inner_roundings;
    else
        return std::size_t{0};
}();

/// Maxima of windows: at least the input with the largest lower bound, at most the largest upper bound.
template <class T, class Layer>
requires(selection<Layer>::is_selection) struct layer_prover<T, Layer> {
    static constexpr bool is_known = true, is_linear = false;
    static constexpr std::size_t inputs = Layer::input_shape::size, outputs = Layer::output_shape::size;
    using inner_bounds = no_inner_bounds;

    std::size_t choice[outputs];
    bool is_dominated[outputs];  ///< no other input of the window can be larger
    bool is_alone[outputs];      ///< nor as large
    double most[outputs], own[outputs];

    static constexpr void make_magnitudes(Layer&) {}
    static constexpr bool keep_sign(Layer&, bool) { return true; }

    template <class Outer>
    constexpr bool interval(const Layer&, const Layer&, const double* lower, const double* upper, double* z_lower,
                            double* z_upper, inner_bounds&, const inner_bounds*, Outer&&) {
        for (std::size_t i = 0; i < outputs; ++i) {
            z_lower[i] = z_upper[i] = -no_bound;
            is_dominated[i] = is_alone[i] = true;
            choice[i] = 0;
        }
        selection<Layer>::for_each_candidate([&](std::size_t output, std::size_t input) {
            if (lower[input] > z_lower[output]) {
                z_lower[output] = lower[input];
                choice[output] = input;
            }
            z_upper[output] = larger(z_upper[output], upper[input]);
        });
        selection<Layer>::for_each_candidate([&](std::size_t output, std::size_t input) {
            if (input == choice[output]) return;
            if (upper[input] > z_lower[output]) is_dominated[output] = false;
            if (upper[input] >= z_lower[output]) is_alone[output] = false;
        });
        for (std::size_t i = 0; i < outputs; ++i) {
            most[i] = z_upper[i];
            own[i] = own_error(larger(-z_lower[i], z_upper[i]));
        }
        return true;
    }

    template <std::size_t Rows>
    constexpr void backward(const Layer&, double* a, double* bounds) const {
        double product[Rows * inputs]{};
        for (std::size_t row = 0; row < Rows; ++row)
            for (std::size_t i = 0; i < outputs; ++i) {
                const double factor = a[row * outputs + i];
                bounds[row] -= magnitude(factor) * own[i];
                if (factor > 0 || is_dominated[i])
                    product[row * inputs + choice[i]] += factor;
                else
                    bounds[row] += factor * most[i];
            }
        for (std::size_t i = 0; i < Rows * inputs; ++i) a[i] = product[i];
    }
    constexpr void influence(const Layer&, double* a) const {
        double product[inputs]{};
        selection<Layer>::for_each_candidate(
            [&](std::size_t output, std::size_t input) { product[input] += a[output]; });
        for (std::size_t i = 0; i < inputs; ++i) a[i] = product[i];
    }
    /// Of an input that may be the maximum, between 0 and that of the output.
    constexpr bool derive(const Layer&, const Layer&, const inner_bounds&, double* lower, double* upper) const {
        signed_sum of_lower[inputs]{}, of_upper[inputs]{};
        selection<Layer>::for_each_candidate([&](std::size_t output, std::size_t input) {
            if (is_alone[output] && input != choice[output]) return;
            of_lower[input].add(!is_alone[output] && lower[output] > 0 ? 0 : lower[output]);
            of_upper[input].add(!is_alone[output] && upper[output] < 0 ? 0 : upper[output]);
        });
        for (std::size_t i = 0; i < inputs; ++i) {
            lower[i] = of_lower[i].lower();
            upper[i] = of_upper[i].upper();
        }
        return true;
    }
};

}  // namespace CTNN_NAMESPACE::detail
