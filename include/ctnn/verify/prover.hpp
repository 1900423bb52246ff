// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Bounds of every pre-activation of a network over a box, as the program computes it: intervals in the forward
/// direction, improved by linear bounds in the backward direction.

#include <ctnn/activation/identity.hpp>
#include <ctnn/activation/relu.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/network.hpp>
#include <ctnn/verify/affine.hpp>
#include <ctnn/verify/box.hpp>
#include <ctnn/verify/layer_intervals.hpp>
#include <ctnn/verify/proof_plan.hpp>
#include <ctnn/verify/relaxation.hpp>
#include <ctnn/verify/rounding.hpp>
#include <ctnn/verify/selection.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// A network prepared for proofs. The bounds are about the values that the program computes of the network in its own type,
/// in any order of additions and with or without contraction to FMA.
///
/// *Cost*: for each box, a forward pass of four rows, and for each pre-activation of a hidden layer whose sign is open a
/// backward pass of two.
/// *Source*: Singh and others, as above; Zhang, Weng, Chen, Hsieh and Daniel, "Efficient neural network robustness
/// certification with general activation functions", 2018 (backward bounds); Higham, as in rounding.hpp.
template <class Net>
class prover;
template <class T, class Input, class... Specs>
class prover<network<T, Input, Specs...>> : layer_intervals<network<T, Input, Specs...>> {
    using base = layer_intervals<network<T, Input, Specs...>>;
    using typename base::plan;
    template <std::size_t Index>
    using layer = typename base::template layer<Index>;
    template <std::size_t Index>
    using affine_of = affine<layer<Index>>;
    template <std::size_t Index>
    static constexpr bool is_affine = affine_of<Index>::is_affine;
    using base::for_layers, base::net_, base::magnitudes_, base::lower_offset_, base::upper_offset_, base::choice_,
        base::is_dominated_;

  public:
    using net_type = network<T, Input, Specs...>;
    using box_type = box<T, typename net_type::input_shape>;
    using bounds_type = layer_bounds<net_type>;
    static constexpr std::size_t inputs = net_type::input_shape::size, outputs = net_type::output_shape::size;

    constexpr explicit prover(const net_type& net) : base{net} {}

    /// Bounds of all layers over a box, at least as tight as those of a `parent` that contains it, if there is one.
    /// Returns false if some value may overflow; then nothing is known.
    constexpr bool bound(const box_type& inside, bounds_type& bounds, const bounds_type* parent = nullptr) {
        double lower[plan::widest], upper[plan::widest];
        for (std::size_t i = 0; i < plan::widest; ++i) lower[i] = upper[i] = 0;
        for (std::size_t i = 0; i < inputs; ++i) {
            box_lower_[i] = lower[i] = static_cast<double>(inside.lower[i]);
            box_upper_[i] = upper[i] = static_cast<double>(inside.upper[i]);
        }
        bool finite = true;
        for_layers([&](auto index) {
            constexpr std::size_t first = plan::place(index()), last = first + plan::outputs[index()];
            if (!finite) return;
            if constexpr (is_affine<index()>)
                finite = base::template affine_interval<index()>(lower, upper, bounds);
            else
                base::template selection_interval<index()>(lower, upper, bounds);
            if (parent != nullptr)
                for (std::size_t i = first; i < last; ++i) intersect(bounds, i, parent->lower[i], parent->upper[i]);
            if constexpr (index() > 0 && index() + 1 < plan::count) improve<index()>(bounds);
            relax<index()>(bounds, lower, upper);
        });
        return finite;
    }

    /// A lower bound of the sum of coefficients[i] y[i] over the box that was bounded last, and the coefficients of its
    /// inputs. Without `Activated`, y are the logits.
    template <bool Activated = true>
    constexpr double output_bound(const double* coefficients, double* input_coefficients) {
        constexpr std::size_t last = plan::place(plan::count - 1);
        double a[plan::widest]{}, bound[]{0};
        for (std::size_t i = 0; i < outputs; ++i) a[i] = coefficients[i];
        if constexpr (Activated) {
            for (std::size_t i = 0; i < outputs; ++i) {
                const relaxation& line = lines_[last + i];
                bound[0] += a[i] * (a[i] > 0 ? line.lower_offset : line.upper_offset);
                a[i] *= a[i] > 0 ? line.lower_slope : line.upper_slope;
            }
        }
        backward<plan::count - 1, 1>(a, bound);
        for (std::size_t i = 0; i < inputs; ++i) input_coefficients[i] = a[i];
        return bound[0];
    }

    /// How strongly each input may influence the same sum: |coefficients| |A| ..., with the slopes of the upper lines. For
    /// choosing which input to bisect.
    constexpr void influence(const double* coefficients, double* of_inputs) {
        double a[plan::widest]{};
        for (std::size_t i = 0; i < outputs; ++i) a[i] = detail::magnitude(coefficients[i]);
        influence_of<plan::count - 1>(a);
        for (std::size_t i = 0; i < inputs; ++i) of_inputs[i] = a[i];
    }

    /// Bounds of the outputs over the box that was bounded last.
    constexpr double output_lower(std::size_t i) const { return output_lower_[i]; }
    constexpr double output_upper(std::size_t i) const { return output_upper_[i]; }

  private:
    template <std::size_t Index>
    using model = activation_model<typename layer<Index>::activation>;

    static constexpr void intersect(bounds_type& bounds, std::size_t i, double lower, double upper) {
        if (lower > bounds.lower[i]) bounds.lower[i] = lower;
        if (upper < bounds.upper[i]) bounds.upper[i] = upper;
    }

    /// The lines of a layer's activation, and the intervals of its outputs.
    template <std::size_t Index>
    constexpr void relax(const bounds_type& bounds, double* lower, double* upper) {
        constexpr std::size_t first = plan::place(Index), size = plan::outputs[Index];
        if constexpr (model<Index>::is_known) {
            for (std::size_t i = 0; i < size; ++i) {
                const double least = bounds.lower[first + i], most = bounds.upper[first + i];
                relaxation line = model<Index>::template over<T>(least, most, plan::own);
                lower[i] = line.lowest;
                upper[i] = line.highest;
                // The products with slopes and offsets are rounded, and so is their sum.
                const double largest = detail::larger(-least, most);
                line.lower_offset -=
                    plan::own * (detail::magnitude(line.lower_offset) + detail::magnitude(line.lower_slope) * largest);
                line.upper_offset +=
                    plan::own * (detail::magnitude(line.upper_offset) + detail::magnitude(line.upper_slope) * largest);
                lines_[first + i] = line;
            }
            if constexpr (Index + 1 == plan::count)
                for (std::size_t i = 0; i < size; ++i) {
                    output_lower_[i] = lower[i];
                    output_upper_[i] = upper[i];
                }
        }
    }

    /// Propagates rows of coefficients of the pre-activations of a layer to the inputs; `bounds` become lower bounds.
    template <std::size_t Index, std::size_t Rows>
    constexpr void backward(double* a, double* bounds) {
        constexpr std::size_t first = plan::place(Index), size = plan::outputs[Index],
                              given = layer<Index>::input_shape::size;
        if constexpr (!is_affine<Index>) {
            double product[Rows * given]{};
            for (std::size_t row = 0; row < Rows; ++row)
                for (std::size_t i = 0; i < size; ++i) {
                    const double factor = a[row * size + i];
                    bounds[row] -= detail::magnitude(factor) * lower_offset_[first + i];
                    if (factor > 0 || is_dominated_[first + i])
                        product[row * given + choice_[first + i]] += factor;
                    else
                        bounds[row] += factor * upper_offset_[first + i];
                }
            for (std::size_t i = 0; i < Rows * given; ++i) a[i] = product[i];
        } else if constexpr (affine_of<Index>::roundings > 0 || !is_view_layer<layer<Index>>) {
            for (std::size_t row = 0; row < Rows; ++row) {
                const double* const of_row = a + row * size;
                double sum = 0;
                for (std::size_t i = 0; i < size; ++i)
                    sum += of_row[i] * (of_row[i] > 0 ? lower_offset_[first + i] : upper_offset_[first + i]);
                bounds[row] += sum;
            }
            double product[Rows * given]{};
            affine_of<Index>::template transposed<Rows>(base::template layer_of<Index>(net_),
                                                        static_cast<const double*>(a), product, scratch_);
            for (std::size_t i = 0; i < Rows * given; ++i) a[i] = product[i];
        }
        if constexpr (Index == 0) {
            for (std::size_t row = 0; row < Rows; ++row) {
                const double* const of_row = a + row * given;
                double sum = 0;
                for (std::size_t i = 0; i < given; ++i) {
                    const double margin = plan::own * detail::larger(-box_lower_[i], box_upper_[i]);
                    sum += of_row[i] * (of_row[i] > 0 ? box_lower_[i] - margin : box_upper_[i] + margin);
                }
                bounds[row] += sum;
            }
        } else {
            constexpr std::size_t before = plan::place(Index - 1);
            for (std::size_t row = 0; row < Rows; ++row) {
                double* const of_row = a + row * given;
                double sum = 0;
                for (std::size_t i = 0; i < given; ++i) {
                    const relaxation& line = lines_[before + i];
                    const double factor = of_row[i];
                    sum += factor * (factor > 0 ? line.lower_offset : line.upper_offset);
                    of_row[i] = factor * (factor > 0 ? line.lower_slope : line.upper_slope);
                }
                bounds[row] += sum;
            }
            backward<Index - 1, Rows>(a, bounds);
        }
    }

    /// Linear bounds of those pre-activations of a hidden layer over which the activation is not linear.
    template <std::size_t Index>
    constexpr void improve(bounds_type& bounds) {
        using activation = typename layer<Index>::activation;
        constexpr std::size_t first = plan::place(Index), size = plan::outputs[Index], rows = plan::rows;
        if constexpr (is_affine<Index> && !std::is_same_v<activation, identity>) {
            std::size_t open[size]{}, count = 0;
            for (std::size_t i = 0; i < size; ++i)
                if (is_open<activation>(bounds.lower[first + i], bounds.upper[first + i])) open[count++] = i;
            // Two rows for each: a lower bound, and one of the negative.
            for (std::size_t begin = 0; begin < 2 * count; begin += rows) {
                const std::size_t here = 2 * count - begin < rows ? 2 * count - begin : rows;
                double a[rows * plan::widest]{}, of_rows[rows]{};
                for (std::size_t row = 0; row < here; ++row)
                    a[row * size + open[(begin + row) / 2]] = row % 2 == 0 ? 1 : -1;
                backward<Index, rows>(a, of_rows);
                for (std::size_t row = 0; row < here; ++row) {
                    const std::size_t i = first + open[(begin + row) / 2];
                    if (row % 2 == 0)
                        intersect(bounds, i, of_rows[row], detail::no_bound);
                    else
                        intersect(bounds, i, -detail::no_bound, -of_rows[row]);
                }
            }
        }
    }
    template <class Activation>
    static constexpr bool is_open(double lower, double upper) {
        return std::is_same_v<Activation, relu> ? lower < 0 && upper > 0 : lower < upper;
    }

    template <std::size_t Index>
    constexpr void influence_of(double* a) {
        constexpr std::size_t first = plan::place(Index), size = plan::outputs[Index],
                              given = layer<Index>::input_shape::size;
        for (std::size_t i = 0; i < size; ++i) a[i] *= detail::magnitude(lines_[first + i].upper_slope);
        if constexpr (!is_affine<Index>) {
            double product[given]{};
            selection<layer<Index>>::for_each_candidate(
                [&](std::size_t output, std::size_t input) { product[input] += a[output]; });
            for (std::size_t i = 0; i < given; ++i) a[i] = product[i];
        } else if constexpr (!is_view_layer<layer<Index>>) {
            double product[given]{};
            affine_of<Index>::template transposed<1>(base::template layer_of<Index>(magnitudes_),
                                                     static_cast<const double*>(a), product, scratch_);
            for (std::size_t i = 0; i < given; ++i) a[i] = product[i];
        }
        if constexpr (Index > 0) influence_of<Index - 1>(a);
    }

    double box_lower_[inputs]{}, box_upper_[inputs]{};
    double output_lower_[outputs]{}, output_upper_[outputs]{};
    relaxation lines_[plan::total]{};
    double scratch_[plan::scratch]{};
};

}  // namespace CTNN_NAMESPACE
