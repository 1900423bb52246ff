// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// How far a quantised network is from the network, for all inputs of a box.

#include <ctnn/config.hpp>
#include <ctnn/quantize/bound/branches_difference.hpp>
#include <ctnn/quantize/bound/chain_difference.hpp>
#include <ctnn/quantize/bound/recurrent_difference.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/verify/layer/interval_model.hpp>
#include <ctnn/verify/network/chain_prover.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::detail {

/// The chain of a network, the bounds of its values, and the box, at which all that is propagated backwards ends.
template <class T, class Rounding, class Chain, class Quantised>
class network_difference {
    using chain_type = chain_difference<T, Rounding, Chain, Quantised>;
    using prover_type = chain_prover<T, Chain>;
    using storage = typename Chain::storage;
    static_assert(2 * prover_type::roundings < most_roundings);

  public:
    static constexpr std::size_t inputs = chain_type::inputs, outputs = Chain::output_shape::size,
                                 widest = prover_type::widest;

    /// For inputs x, and differences d of them, of which `input` is the quantisation. Returns false if nothing is known: a value may
    /// overflow.
    template <bool Activated>
    constexpr bool bound(const storage& net, const storage& magnitudes, const Quantised& quantised, quantization input,
                         const interval* x, const interval* d) {
        double lower[widest]{}, upper[widest]{};
        interval of_x[widest]{}, of_d[widest]{};
        for (std::size_t i = 0; i < inputs; ++i) {
            box_.x[i] = of_x[i] = x[i];
            box_.d[i] = of_d[i] = d[i];
            lower[i] = x[i].lower;
            upper[i] = x[i].upper;
        }
        if (!prover_.template bound<Activated>(net, magnitudes, lower, upper, values_, nullptr, box_)) return false;
        if (!chain_.template bound<Activated>(net, magnitudes, quantised, prover_, values_, input, of_x, of_d, box_))
            return false;
        for (std::size_t i = 0; i < outputs; ++i) {
            output_[i] = of_d[i];
            chain_.template improve_output<Activated>(i, output_[i], box_);
        }
        return true;
    }
    /// The interval of the difference of output i.
    constexpr const interval& output(std::size_t i) const { return output_[i]; }

  private:
    /// The least values over the box.
    struct box {
        static constexpr std::size_t width = inputs;
        static constexpr bool is_box = true;
        interval x[inputs]{}, d[inputs]{};

        /// Of what is linear in x alone.
        template <std::size_t Rows>
        constexpr void propagate(const double* a, double* bounds) const {
            for (std::size_t row = 0; row < Rows; ++row) bounds[row] += least_sum(a + row * inputs, x);
        }
        constexpr double close(const double* c, const double* e, double result) const {
            return result + least_sum(c, d) + least_sum(e, x);
        }
        static constexpr double least_sum(const double* a, const interval* of) {
            double sum = 0;
            for (std::size_t i = 0; i < inputs; ++i) {
                const interval widened = of[i].widened(own_error(of[i].reach()));
                sum += a[i] * (a[i] > 0 ? widened.lower : widened.upper);
            }
            return sum - 4 * underflow<double> * static_cast<double>(inputs);
        }
    };

    prover_type prover_{};
    typename prover_type::bounds_type values_{};
    chain_type chain_{};
    box box_{};
    interval output_[outputs]{};
};

}  // namespace CTNN_NAMESPACE::detail
