// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// How far sums and concatenations of quantised branches are from those of the network's branches.

#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/quantize/bound/chain_difference.hpp>
#include <ctnn/quantize/bound/difference_lines.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/verify/layer/branches_prover.hpp>
#include <ctnn/verify/layer/interval_model.hpp>
#include <ctnn/verify/rounding.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE::detail {

/// The chain of integers of a branch.
template <class Layer, std::size_t Branch>
using quantised_branch = std::remove_cvref_t<decltype(boost::hana::at_c<Branch>(std::declval<Layer&>().branches))>;

/// Before it is saturated, an output is the sum of n_k (q_k - z_k) and z_y, up to rounding, for those branches k that it takes; as real
/// numbers g_k p'_k with g_k = n_k s_y / s_k, which is almost 1. So its difference is the sum of d_k + r, where r is (g_k - 1) p'_k, the
/// rounding of the rule, and that of the program's sum.
template <class T, class Rounding, class InputShape, class Combine, class... Chains, class Quantised>
struct branches_difference<T, Rounding, branches_layer<double, InputShape, Combine, Chains...>, Quantised> {
    using layer_type = branches_layer<double, InputShape, Combine, Chains...>;
    using prover_type = layer_prover<T, layer_type>;
    static constexpr std::size_t count = sizeof...(Chains), inputs = InputShape::size,
                                 outputs = Combine::output_shape::size, widest = prover_type::widest;

    /// Bounds z of the differences before saturation. The arguments are those of `chain_difference`. Returns false if nothing is known:
    /// a value may overflow, or the combination is not that of the quantisations.
    template <class Outer>
    constexpr bool bound(const layer_type& net, const layer_type& magnitudes, const Quantised& quantised,
                         const prover_type& prover, const typename prover_type::inner_bounds& values,
                         const quantization& before, const interval* x, const interval* d, interval* z,
                         const Outer& outer) {
        prover_ = &prover;
        for (std::size_t i = 0; i < inputs; ++i) own_[i] = own_error(d[i].reach());
        double lower[outputs]{}, upper[outputs]{}, reach[outputs]{};
        quantization of_branches[count]{};
        bool fits = true;
        [&]<std::size_t... Branch>(std::index_sequence<Branch...>) {
            const auto one = [&](auto branch) {
                constexpr std::size_t index = decltype(branch)::value,
                                      size = layer_type::template chain_at<index>::output_shape::size;
                interval of_x[widest]{}, of_d[widest]{};
                quantization here = before;
                for (std::size_t i = 0; i < inputs; ++i) {
                    of_x[i] = x[i];
                    of_d[i] = d[i];
                }
                fits =
                    fits &&
                    boost::hana::at_c<index>(chains_).template bound<true>(
                        layer_type::template storage_of<index>(net), layer_type::template storage_of<index>(magnitudes),
                        boost::hana::at_c<index>(quantised.branches), boost::hana::at_c<index>(prover.each.provers),
                        boost::hana::at_c<index>(values), here, of_x, of_d, outer);
                of_branches[index] = here;
                const auto step = static_cast<double>(quantised.output.scale),
                           of_step = static_cast<double>(here.scale), number = quantised.combined.number(index),
                           near = number * step / of_step;
                double of_lower[widest]{}, of_upper[widest]{}, of_reach[widest]{}, of_rest[widest]{};
                for (std::size_t i = 0; i < size; ++i) {
                    const double largest = of_x[i].reach() + of_d[i].reach();
                    of_lower[i] = of_d[i].lower;
                    of_upper[i] = of_d[i].upper;
                    of_reach[i] = largest;
                    of_rest[i] = magnitude(near - 1) * largest +
                                 step * quantised.combined.error(index, number * largest / of_step);
                }
                Combine::template write<index, 1>(static_cast<const double*>(of_lower), lower);
                Combine::template write<index, 1>(static_cast<const double*>(of_upper), upper);
                Combine::template write<index, 1>(static_cast<const double*>(of_reach), reach);
                Combine::template write<index, 1>(static_cast<const double*>(of_rest), rest_);
            };
            (one(std::integral_constant<std::size_t, Branch>{}), ...);
        }
        (std::make_index_sequence<count>{});
        typename Quantised::combination expected{};
        expected.set(of_branches, quantised.output);
        if (!(expected == quantised.combined)) return false;
        const auto step = static_cast<double>(quantised.output.scale);
        for (std::size_t i = 0; i < outputs; ++i) {
            // Beyond, a sum of a rule for integers may not fit 32 bits.
            fits = fits && (reach[i] + rest_[i]) / step < 1073741824.0;
            rest_[i] += step * (quantised.combined.error() + 1e-12) + gamma<T>(count) * reach[i] +
                        4 * own_error(reach[i] + rest_[i]);
            z[i] = interval{lower[i], upper[i]}.widened(rest_[i]);
        }
        return fits;
    }

    /// Coefficients c of the differences, and e of the sums of the network, become those of the inputs.
    constexpr void backward(double* c, double* e, double& bound) const {
        double of_d[inputs]{}, of_x[inputs]{}, sum = 0;
        for (std::size_t i = 0; i < outputs; ++i) sum -= magnitude(c[i]) * rest_[i];
        bound += sum;
        prover_->combination.template backward<1>(e, &bound, [&](auto branch, double* part) {
            double of_part[widest]{};
            Combine::template read<branch(), 1>(static_cast<const double*>(c), of_part);
            boost::hana::at_c<branch()>(chains_).backward(of_part, part, bound);
            for (std::size_t i = 0; i < inputs; ++i) {
                bound -= magnitude(of_part[i]) * own_[i] + magnitude(part[i]) * prover_->each.own[i];
                of_d[i] += of_part[i];
                of_x[i] += part[i];
            }
        });
        for (std::size_t i = 0; i < inputs; ++i) {
            c[i] = of_d[i];
            e[i] = of_x[i];
        }
    }

  private:
    template <class Indices>
    struct chains_of;
    template <std::size_t... Branch>
    struct chains_of<std::index_sequence<Branch...>> {
        using type = boost::hana::tuple<chain_difference<T, Rounding, Chains, quantised_branch<Quantised, Branch>>...>;
    };

    typename chains_of<std::make_index_sequence<count>>::type chains_{};
    const prover_type* prover_ = nullptr;
    double rest_[outputs]{};
    double own_[inputs]{};  ///< rounding of the sum of the branches' coefficients
};

}  // namespace CTNN_NAMESPACE::detail
