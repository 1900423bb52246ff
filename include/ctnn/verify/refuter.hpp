// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The search for counterexamples.

#include <ctnn/config.hpp>
#include <ctnn/random.hpp>
#include <ctnn/tensor.hpp>
#include <ctnn/verify/box.hpp>
#include <ctnn/verify/combined_lines.hpp>
#include <ctnn/verify/network/prover.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::detail {

/// A search for inputs of a box that meet a normal form, the negation of a property. Without `Activated` it is about the
/// network's logits.
template <class Net, class NormalForm, bool Activated>
class refuter {
  public:
    using T = typename Net::value_type;
    using box_type = box<T, typename Net::input_shape>;
    using input_type = tensor<T, typename Net::input_shape>;
    static constexpr std::size_t inputs = Net::input_shape::size, outputs = Net::output_shape::size;

    /// Refers to the network `of` and to `negation`, which may change between two searches.
    constexpr refuter(const Net& of, const NormalForm& negation) : net_{of}, negation_{negation} {}

    /// Whether the outputs that the program computes of x meet the negation, whatever the rounding of the sums of its rows.
    constexpr bool is_met_by(const input_type& x) {
        T y[outputs]{};
        net_.template forward<1>(x.values, y);
        for (std::size_t d = 0; d < negation_.disjuncts(); ++d) {
            bool all = true;
            for (std::size_t c = 0; all && c < negation_.conjuncts(d); ++c) all = is_met(negation_.at(d, c), y);
            if (all) {
                counterexample_ = x;
                return true;
            }
        }
        return false;
    }

    /// Climbs from the center of the box and from random points, `steps` from each.
    constexpr bool find(const box_type& inside, prover<Net>& derived, std::size_t starts, std::size_t steps) {
        for (std::size_t start = 0; start < starts; ++start) {
            candidate best{};
            if (start == 0) best = candidate_at(inside.center());
            for (std::size_t n = 0; start > 0 && n < draws; ++n) {
                const candidate drawn = candidate_at(draw(inside));
                if (is_met_by(drawn.x)) return true;
                if (n == 0 || drawn.margin > best.margin) best = drawn;
            }
            if (climb(inside, derived, best, steps)) return true;
        }
        return false;
    }
    /// Mutates the best of `first` random points, `tries` times: an evolution strategy with one parent, whose steps grow after
    /// a success and shrink after a failure. It takes no gradients, and a few inputs. The seed determines the points.
    ///
    /// *Source*: Rechenberg, "Evolutionsstrategie", 1973.
    constexpr bool mutate(const box_type& inside, std::uint64_t seed, std::size_t first, std::size_t tries) {
        engine_ = random_engine{seed};
        input_type x{};
        double margin = -no_bound;
        T share = T(0.1);
        for (std::size_t n = 0; n < first + tries; ++n) {
            input_type next = x;
            if (n < first)
                next = draw(inside);
            else
                for (std::size_t i = 0; i < inputs; ++i)
                    next[i] = clamped(
                        inside, i,
                        x[i] + share * (inside.upper[i] - inside.lower[i]) * (2 * draw_uniform<T>(engine_) - 1));
            const double reached = candidate_at(next).margin;
            if (reached >= 0 && is_met_by(next)) return true;
            const bool is_better = reached > margin;
            if (is_better) {
                margin = reached;
                x = next;
            }
            if (n >= first) share = share < T(1e-6) ? T(0.05) : share * (is_better ? T(1.5) : T(0.92));
        }
        return false;
    }
    constexpr const input_type& counterexample() const { return counterexample_; }

  private:
    static constexpr std::size_t draws = 8;  ///< random points of which the best is a start

    template <class Row>
    static constexpr bool is_met(const Row& row, const T* y) {
        // A margin between logits is none between outputs.
        const double constant = Activated ? row.constant : 0;
        double sum = constant, sizes = magnitude(constant);
        std::size_t terms = 0;
        bool is_exact = constant == 0;
        for (std::size_t i = 0; i < outputs; ++i) {
            if (row.coefficients[i] == 0) continue;
            const double term = row.coefficients[i] * static_cast<double>(y[i]);
            sum += term;
            sizes += magnitude(term);
            is_exact = is_exact && ++terms <= 2 && magnitude(row.coefficients[i]) == 1;
        }
        // The sign of a difference of two numbers is exact.
        const double error =
            is_exact ? 0 : gamma<double>(outputs + 2) * sizes + underflow<double> * static_cast<double>(outputs);
        return is_bound(sizes) && (row.is_strict ? sum > error : sum >= error);
    }

    /// The least row of a disjunct, given the outputs: above 0 where it is met.
    constexpr double margin_of(std::size_t disjunct, const T* y) const {
        double result = no_bound;
        for (std::size_t c = 0; c < negation_.conjuncts(disjunct); ++c) {
            const auto& row = negation_.at(disjunct, c);
            double sum = row.constant;
            for (std::size_t i = 0; i < outputs; ++i) sum += row.coefficients[i] * static_cast<double>(y[i]);
            result = sum < result ? sum : result;
        }
        return result;
    }
    constexpr double margin_at(std::size_t disjunct, const input_type& x) const {
        T y[outputs]{};
        net_.template forward<1, Activated>(x.values, y);
        return margin_of(disjunct, y);
    }
    /// An input, and the disjunct that is nearest to being met there.
    struct candidate {
        input_type x;
        std::size_t disjunct;
        double margin;
    };
    constexpr candidate candidate_at(const input_type& x) const {
        T y[outputs]{};
        net_.template forward<1, Activated>(x.values, y);
        candidate result{x, 0, margin_of(0, y)};
        for (std::size_t d = 1; d < negation_.disjuncts(); ++d)
            if (const double margin = margin_of(d, y); margin > result.margin) {
                result.disjunct = d;
                result.margin = margin;
            }
        return result;
    }
    constexpr input_type draw(const box_type& inside) {
        input_type x{};
        for (std::size_t i = 0; i < inputs; ++i)
            x[i] = clamped(inside, i, inside.lower[i] + (inside.upper[i] - inside.lower[i]) * draw_uniform<T>(engine_));
        return x;
    }
    static constexpr T clamped(const box_type& inside, std::size_t i, T value) {
        return value >= inside.lower[i] ? (value > inside.upper[i] ? inside.upper[i] : value) : inside.lower[i];
    }

    /// Sequential linear programming: goes where the rows of a disjunct, as linear functions around x, are largest together
    /// within a region around x, which shrinks where that was no progress.
    constexpr bool climb(const box_type& inside, prover<Net>& derived, const candidate& from, std::size_t steps) {
        const std::size_t d = from.disjunct;
        input_type x = from.x;
        double margin = from.margin, share = 0.5;
        for (std::size_t step = 0; step < steps; ++step) {
            layer_bounds<Net> at_point;
            if (!derived.template bound<Activated>(box_type{x, x}, at_point)) return false;
            double lower[inputs]{}, upper[inputs]{}, point[inputs]{};
            for (std::size_t i = 0; i < inputs; ++i) {
                const double low = static_cast<double>(inside.lower[i]), high = static_cast<double>(inside.upper[i]),
                             here = static_cast<double>(x[i]), reach = share * (high - low);
                lower[i] = larger(low, here - reach);
                upper[i] = here + reach < high ? here + reach : high;
            }
            combined_lines<inputs> lines{lower, upper};
            for (std::size_t c = 0; c < negation_.conjuncts(d); ++c) {
                const auto& row = negation_.at(d, c);
                double negative[outputs]{}, slopes[inputs]{}, constant = 0;
                for (std::size_t i = 0; i < outputs; ++i) negative[i] = -row.coefficients[i];
                (void)derived.template output_bound<Activated>(negative, slopes, constant);
                lines.add(slopes, constant - row.constant);
            }
            if (lines.count() == 0) return false;
            (void)lines.combine(point);
            input_type next{};
            for (std::size_t i = 0; i < inputs; ++i) next[i] = clamped(inside, i, static_cast<T>(point[i]));
            if (is_met_by(next)) return true;
            if (const double reached = margin_at(d, next); reached > margin) {
                margin = reached;
                x = next;
                share = share < 0.25 ? 1.5 * share : share;
            } else {
                share /= 2;
            }
        }
        return false;
    }

    const Net& net_;
    const NormalForm& negation_;
    tensor<T, typename Net::input_shape> counterexample_{};
    random_engine engine_{1};
};

}  // namespace CTNN_NAMESPACE::detail
