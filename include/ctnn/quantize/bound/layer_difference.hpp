// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// How far the linear part of a quantised layer is from that of the layer, by how far their inputs are apart.

#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/quantize/bound/difference_lines.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/verify/layer/affine.hpp>
#include <ctnn/verify/layer/interval_model.hpp>
#include <ctnn/verify/layer/layer_prover.hpp>
#include <ctnn/verify/layer/selection.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace CTNN_NAMESPACE::detail {

/// Products with the matrix A of an affine layer, without its offset.
template <class Layer>
struct matrix_of {
    static constexpr std::size_t inputs = Layer::input_shape::size, outputs = Layer::output_shape::size;

    static constexpr void multiply(const Layer& layer, const double* x, double* y) {
        layer_prover<double, Layer>::multiply(layer, x, y);
    }
    static constexpr void transpose(const Layer& layer, const double* dy, double* dx) {
        if constexpr (is_view_layer<Layer>) {
            for (std::size_t i = 0; i < inputs; ++i) dx[i] = dy[i];
        } else {
            constexpr std::size_t size = [] {
                if constexpr (requires { affine<Layer>::template scratch_size<1>; })
                    return affine<Layer>::template scratch_size<1>;
                else
                    return scratch_size_of<Layer, 1, true>;
            }();
            double scratch[size > 0 ? size : 1]{};
            for (std::size_t i = 0; i < inputs; ++i) dx[i] = 0;
            affine<Layer>::template transposed<1>(layer, dy, dx, scratch);
        }
    }
};

/// An interval of each element as its center and its radius, and its largest magnitude.
template <std::size_t Size>
struct centered {
    double center[Size]{}, radius[Size]{}, largest[Size]{};

    constexpr explicit centered(const interval* x) {
        for (std::size_t i = 0; i < Size; ++i) {
            center[i] = x[i].lower / 2 + x[i].upper / 2;
            radius[i] = (x[i].upper / 2 - x[i].lower / 2) * (1 + own_rounding) + own_error(x[i].reach()) +
                        4 * underflow<double>;
            largest[i] = x[i].reach();
        }
    }
};

/// What the kinds of layers below have in common: the difference of the pre-activations is H d + G x + r, where d is the
/// difference of the inputs, x the inputs of the real network, and r in the interval `rest`.
///
/// `interval` gives bounds of it. `backward` turns its coefficients c into those of d, `to_x` into those of x, and adds a
/// lower bound of c r to `bound`.
template <std::size_t Inputs, std::size_t Outputs>
struct difference_form {
    static constexpr std::size_t inputs = Inputs, outputs = Outputs;
    interval rest[Outputs]{};

    constexpr void add_rest(const double* c, double& bound) const {
        double sum = 0;
        for (std::size_t i = 0; i < outputs; ++i)
            if (c[i] != 0) sum += c[i] * (c[i] > 0 ? rest[i].lower : rest[i].upper);
        bound += sum;
    }
};

/// By how much the program's rounding may move A x + b, and products of the proof that underflow.
template <class T, class Layer>
constexpr double program_error(double reach) {
    constexpr std::size_t roundings = affine<Layer>::roundings;
    constexpr double relative = roundings == 0 ? 0 : gamma<T>(roundings + 1);
    return relative * reach + static_cast<double>(roundings) * (underflow<T> + 8 * underflow<double>);
}

/// Dense layers and convolutions of integers: what they compute before rounding is A' x' + b', where A' are the integers times
/// the factor of their sums, whatever it was meant to be. H = A', G = A' - A, and r is b' - b, less the rounding of the program.
template <class T, class Layer, class Integers>
struct integer_difference : difference_form<Layer::input_shape::size, Layer::output_shape::size> {
    using form = difference_form<Layer::input_shape::size, Layer::output_shape::size>;
    using form::inputs, form::outputs, form::rest;
    using matrix = matrix_of<Layer>;
    static constexpr std::size_t channels = Integers::channels;

    Layer near{}, difference{};
    double offset[channels]{};

    /// `factor(channel)` is the number that a sum of 1 represents. Returns false if sums may overflow.
    template <class Factor>
    constexpr bool set(const Layer& net, const Integers& from, const quantization& input, const Factor& factor) {
        double of_input = static_cast<double>(input.scale);
        std::int64_t sums[channels]{}, sizes[channels]{};
        for (std::size_t i = 0; i < from.weights.size(); ++i) {
            const std::size_t c = i % channels;
            const std::int64_t w = from.weights.values[i];
            sums[c] += w;
            sizes[c] += w < 0 ? -w : w;
            near.weights.values[i] = static_cast<double>(w) * (factor(c) / of_input);
            difference.weights.values[i] = near.weights.values[i] - net.weights.values[i];
        }
        bool fits = true;
        for (std::size_t c = 0; c < channels; ++c) {
            const std::int64_t bias = from.bias[c] + input.zero_point * sums[c];
            offset[c] = static_cast<double>(bias) * factor(c);
            const std::int64_t reach = sizes[c] * 128 + (from.bias[c] < 0 ? -std::int64_t{from.bias[c]} : from.bias[c]);
            fits = fits && reach <= (std::numeric_limits<std::int32_t>::max)();
        }
        return fits;
    }

    constexpr void interval_of(const Layer& net, const Layer& magnitudes, const interval* x, const interval* d,
                               interval* z) {
        const centered<inputs> of_x{x}, of_d{d};
        Layer near_size = near, difference_size = difference;
        affine<Layer>::make_magnitudes(near_size);
        affine<Layer>::make_magnitudes(difference_size);
        double zero[inputs]{}, both[inputs]{};
        for (std::size_t i = 0; i < inputs; ++i) both[i] = of_x.largest[i] + of_d.largest[i];
        double of_near[outputs]{}, of_difference[outputs]{}, near_spread[outputs]{}, difference_spread[outputs]{},
            reach[outputs]{}, near_reach[outputs]{}, bias[outputs]{};
        matrix::multiply(near, of_d.center, of_near);
        matrix::multiply(near_size, of_d.radius, near_spread);
        matrix::multiply(difference, of_x.center, of_difference);
        matrix::multiply(difference_size, of_x.radius, difference_spread);
        matrix::multiply(near_size, both, near_reach);
        matrix::multiply(magnitudes, of_x.largest, reach);
        matrix::multiply(net, zero, bias);
        for (std::size_t i = 0; i < outputs; ++i) {
            const double near_bias = offset[i / Integers::channel_stride % channels],
                         all = reach[i] + near_reach[i] + magnitude(near_bias), own = 4 * own_error(all),
                         error = program_error<T, Layer>(reach[i]) + own,
                         center = of_near[i] + of_difference[i] + (near_bias - bias[i]),
                         radius = near_spread[i] + difference_spread[i] + error + own;
            rest[i] = interval{near_bias - bias[i], near_bias - bias[i]}.widened(error);
            z[i] = interval{center, center}.widened(radius);
            size_[i] = near_reach[i] + magnitude(near_bias);
        }
    }
    /// How large what the integers represent may be.
    constexpr double size(std::size_t i) const { return size_[i]; }

    constexpr void backward(const Layer&, double* c, double* to_x, double& bound) const {
        this->add_rest(c, bound);
        double product[inputs]{};
        matrix::transpose(near, c, product);
        matrix::transpose(difference, c, to_x);
        for (std::size_t i = 0; i < inputs; ++i) c[i] = product[i];
    }

  private:
    double size_[outputs]{};
};

/// Other affine layers, of integers or in float: both compute A x + b. H = A, G = 0, and r is rounding: of integers by up to
/// `step` / 2; in float, inputs become a T.
template <class T, class Layer>
struct affine_difference : difference_form<Layer::input_shape::size, Layer::output_shape::size> {
    using form = difference_form<Layer::input_shape::size, Layer::output_shape::size>;
    using form::inputs, form::outputs, form::rest;
    using matrix = matrix_of<Layer>;

    constexpr void interval_of(const Layer& net, const Layer& magnitudes, const interval* x, const interval* d,
                               interval* z, bool is_integer, double step) {
        const centered<inputs> of_d{d};
        double zero[inputs]{}, both[inputs]{};
        for (std::size_t i = 0; i < inputs; ++i) both[i] = x[i].reach() + of_d.largest[i];
        double center[outputs]{}, spread[outputs]{}, reach[outputs]{}, bias[outputs]{};
        matrix::multiply(net, of_d.center, center);
        matrix::multiply(magnitudes, of_d.radius, spread);
        matrix::multiply(magnitudes, both, reach);
        matrix::multiply(net, zero, bias);
        const bool rounds = affine<Layer>::roundings > 0;
        for (std::size_t i = 0; i < outputs; ++i) {
            // The magnitude of a bias is in products with magnitudes, and may be larger than it: both are rounded.
            const double own = 4 * own_error(reach[i]),
                         error = 2 * program_error<T, Layer>(reach[i]) + own +
                                 (!is_integer ? unit_roundoff<T> * reach[i] + underflow<T> * inputs
                                  : rounds    ? step / 2
                                              : 0),
                         radius = spread[i] - magnitude(bias[i]) + error + 4 * own;
            rest[i] = interval{0, 0}.widened(error);
            z[i] = interval{center[i] - bias[i], center[i] - bias[i]}.widened(radius);
        }
    }
    constexpr void backward(const Layer& net, double* c, double* to_x, double& bound) const {
        this->add_rest(c, bound);
        for (std::size_t i = 0; i < inputs; ++i) to_x[i] = 0;
        if constexpr (!is_view_layer<Layer>) {
            double product[inputs]{};
            matrix::transpose(net, c, product);
            for (std::size_t i = 0; i < inputs; ++i) c[i] = product[i];
        }
    }
};

/// Layers of which only intervals of the difference are known. H = G = 0.
template <class T, class Layer>
struct interval_difference : difference_form<Layer::input_shape::size, Layer::output_shape::size> {
    using form = difference_form<Layer::input_shape::size, Layer::output_shape::size>;
    using form::inputs, form::outputs, form::rest;

    /// Of maxima, what a window's inputs differ by. Otherwise bounds of what both compute; false if it may overflow.
    constexpr bool interval_of(const Layer& net, const Layer& magnitudes, const interval* x, const interval* d,
                               interval* z, bool is_integer) {
        interval other[inputs]{};
        for (std::size_t i = 0; i < inputs; ++i) {
            other[i] = outer_sum(x[i], d[i]);
            if (!is_integer) other[i] = other[i].widened(unit_roundoff<T> * other[i].reach() + underflow<T>);
        }
        if constexpr (selection<Layer>::is_selection) {
            for (std::size_t i = 0; i < outputs; ++i) z[i] = {no_bound, -no_bound};
            selection<Layer>::for_each_candidate([&](std::size_t output, std::size_t input) {
                const double error = is_integer ? 0 : unit_roundoff<T> * other[input].reach() + underflow<T>;
                z[output] = hull_of(z[output], d[input].widened(error));
            });
        } else {
            interval of_net[outputs]{};
            if (!values_of(net, magnitudes, x, of_net) || !values_of(net, magnitudes, other, z)) return false;
            for (std::size_t i = 0; i < outputs; ++i) z[i] = outer_difference(z[i], of_net[i]);
        }
        for (std::size_t i = 0; i < outputs; ++i) rest[i] = z[i].widened(own_error(z[i].reach()));
        return true;
    }
    constexpr void backward(const Layer&, double* c, double* to_x, double& bound) const {
        this->add_rest(c, bound);
        for (std::size_t i = 0; i < inputs; ++i) c[i] = to_x[i] = 0;
    }

  private:
    static constexpr bool values_of(const Layer& net, const Layer& magnitudes, const interval* x, interval* z) {
        double lower[inputs]{}, upper[inputs]{}, z_lower[outputs]{}, z_upper[outputs]{};
        for (std::size_t i = 0; i < inputs; ++i) {
            lower[i] = x[i].lower;
            upper[i] = x[i].upper;
        }
        layer_prover<T, Layer> of_layer{};
        typename layer_prover<T, Layer>::inner_bounds inner{};
        if (!of_layer.interval(net, magnitudes, lower, upper, z_lower, z_upper, inner, nullptr, 0)) return false;
        for (std::size_t i = 0; i < outputs; ++i) z[i] = {z_lower[i], z_upper[i]};
        return true;
    }
};

}  // namespace CTNN_NAMESPACE::detail
