// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Branch and bound: bisects a box until every part is proved, or an input refutes the property; or as a certificate says.

#include <ctnn/config.hpp>
#include <ctnn/tensor.hpp>
#include <ctnn/verify/box.hpp>
#include <ctnn/verify/certificate.hpp>
#include <ctnn/verify/combined_lines.hpp>
#include <ctnn/verify/network/provable.hpp>
#include <ctnn/verify/network/prover.hpp>
#include <ctnn/verify/refuter.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE {

/// How a search ended. `undecided`: the budget was spent, or a box could not be bisected further.
enum class verdict { proved, refuted, undecided };

namespace detail {

/// A search for inputs of a box that meet a normal form, the negation of a property. Without `Activated` it is about the
/// network's logits.
template <class Net, class NormalForm, bool Activated>
class search {
  public:
    using T = typename Net::value_type;
    using box_type = box<T, typename Net::input_shape>;
    using input_type = tensor<T, typename Net::input_shape>;
    static constexpr std::size_t inputs = Net::input_shape::size, outputs = Net::output_shape::size;

    /// Refers to the network `of` and to `negation`, which may change between two searches.
    constexpr search(const Net& of, const NormalForm& negation)
        : negation_{negation}, prover_{of}, refuter_{of, negation} {}

    /// Bounds at most `count` boxes.
    constexpr verdict decide(const box_type& inside, std::size_t count) {
        budget_ = boxes_ + count;
        const verdict outcome = start(inside, 0, no_bound, giving_up());
        // Boxes are not where all counterexamples are found; these inputs cost less than the boxes did.
        const bool is_found =
            outcome == verdict::undecided && !may_overflow_ && refuter_.mutate(inside, 1, count / 4, count);
        return is_found ? verdict::refuted : outcome;
    }
    /// Bounds at most `count` boxes of a part at a `depth`, and calls `later(part, depth, gap)` for each part that is left:
    /// the others are decided. Among recorded cuts each of these is `left_open`.
    template <class F>
    constexpr verdict decide_some(const box_type& inside, std::size_t depth, double gap, std::size_t count, F&& later) {
        const auto leave = [&later](const box_type& part, std::size_t of_part, double gap_of_part) {
            later(part, of_part, gap_of_part);
            return verdict::proved;
        };
        budget_ = boxes_ + count;
        return start(inside, depth, gap, leave);
    }
    /// Bisects as a certificate says. A part that its bounds do not prove, as they may be rounded otherwise than those of
    /// the search, is bisected further, with a few spare boxes for all such parts together.
    constexpr verdict follow(const box_type& inside, certificate_view given) {
        spare_ = 16 + given.size() / 16;
        box_ = inside;
        gap_ = 0;
        cut_reader cuts{given.begin(), given.end()};
        const verdict outcome = repeat(nullptr, 0, cuts);
        return outcome == verdict::proved && cuts.next != cuts.end ? verdict::undecided : outcome;
    }
    /// Looks for a counterexample only.
    constexpr bool find_counterexample(const box_type& inside, std::size_t starts, std::size_t steps) {
        layer_bounds<Net> bounds;
        if (__builtin_is_constant_evaluated() && !prover_.template bound<Activated>(inside, bounds)) return false;
        return refuter_.is_met_by(inside.center()) || refuter_.find(inside, prover_, starts, steps);
    }
    /// Writes the cuts of the next search to `cuts`, of `capacity`; the search ends undecided where they are full.
    constexpr void record(std::uint32_t* cuts, std::size_t capacity) { recorder_ = {cuts, capacity}; }
    constexpr std::size_t recorded() const { return recorder_.size; }

    constexpr bool mutate(const box_type& inside, std::uint64_t seed) {
        return refuter_.mutate(inside, seed, 100, 500);
    }
    constexpr const input_type& counterexample() const { return refuter_.counterexample(); }
    /// By how much the bounds of the last search fall short of a proof, at worst: of the nearest inequality.
    constexpr double gap() const { return gap_; }
    /// The boxes of all searches.
    constexpr std::size_t boxes() const { return boxes_; }

    static_assert(can_be_proved<Net>);

  private:
    /// Bisections of a box inside each other; their bounds are on the stack.
    static constexpr std::size_t deepest = 100;

    constexpr verdict leave_undecided(double gap) {
        gap_ = larger(gap_, gap);
        return verdict::undecided;
    }
    /// What to do with a part that the budget does not reach: nothing.
    constexpr auto giving_up() {
        return [this](const box_type&, std::size_t, double gap) { return leave_undecided(gap); };
    }
    template <class Rest>
    constexpr verdict start(const box_type& inside, std::size_t depth, double gap, const Rest& rest) {
        box_ = inside;
        gap_ = 0;
        may_overflow_ = false;
        return visit(nullptr, depth, gap, rest);
    }

    /// `gap` is that of the box of which this is a half.
    template <class Rest>
    constexpr verdict visit(const layer_bounds<Net>* parent, std::size_t depth, double gap, const Rest& rest) {
        if (recorder_.is_full()) return leave_undecided(gap);
        const std::size_t place = recorder_.add();
        recorder_.set(place, left_open);
        if (depth > deepest) return leave_undecided(gap);
        if (boxes_ == budget_) return rest(box_, depth, gap);
        ++boxes_;
        layer_bounds<Net> bounds;
        if (!prover_.template bound<Activated>(box_, bounds, parent)) {
            // The network may overflow as well, which constants do not allow.
            may_overflow_ = true;
            return leave_undecided(gap);
        }
        if (refuter_.is_met_by(box_.center())) return verdict::refuted;
        std::size_t cut = inputs;
        switch (exclude(cut, gap)) {
            case verdict::proved:
                recorder_.set(place, certificate<1>::whole);
                return verdict::proved;
            case verdict::refuted:
                return verdict::refuted;
            case verdict::undecided:
                break;
        }
        if (refuter_.find(box_, prover_, parent == nullptr ? 4 : 1, parent == nullptr ? 12 : 2))
            return verdict::refuted;
        if (cut == inputs) return leave_undecided(gap);
        recorder_.set(place, static_cast<std::uint32_t>(cut));
        return bisect(cut, [&] { return visit(&bounds, depth + 1, gap, rest); });
    }

    constexpr T center(std::size_t input) const { return box_.lower[input] / 2 + box_.upper[input] / 2; }
    constexpr bool can_bisect(std::size_t input) const {
        return box_.lower[input] < center(input) && center(input) < box_.upper[input];
    }
    /// The verdict of `part()`, which is about `box_`, for both halves of the box; the second is not asked for if the first
    /// is refuted.
    template <class Part>
    constexpr verdict bisect(std::size_t cut, const Part& part) {
        const T lower = box_.lower[cut], upper = box_.upper[cut], middle = center(cut);
        box_.upper[cut] = middle;
        const verdict first = part();
        box_.upper[cut] = upper;
        if (first == verdict::refuted) return first;
        box_.lower[cut] = middle;
        const verdict second = part();
        box_.lower[cut] = lower;
        return second == verdict::proved ? first : second;
    }

    constexpr verdict repeat(const layer_bounds<Net>* parent, std::size_t depth, cut_reader& cuts) {
        if (cuts.next == cuts.end || depth > deepest) return leave_undecided(no_bound);
        const std::size_t cut = *cuts.next++;
        if (cut >= inputs) {
            budget_ = boxes_ + 1 + spare_;
            const verdict outcome = visit(parent, depth, no_bound, giving_up());
            spare_ = budget_ - boxes_;
            return outcome;
        }
        ++boxes_;
        layer_bounds<Net> bounds;
        if (!can_bisect(cut) || !prover_.template bound<Activated>(box_, bounds, parent))
            return leave_undecided(no_bound);
        return bisect(cut, [&] { return repeat(&bounds, depth + 1, cuts); });
    }

    /// Tries to exclude a conjunction: one of its inequalities holds nowhere in the box, or not all of them do anywhere. If
    /// not, `best_bound` and the others become those of the inequality that is nearest to it.
    constexpr verdict exclude_conjunction(std::size_t d, double& best_bound, double* best_slopes,
                                          double* best_negative) {
        combined_lines<inputs> lines{prover_.lower(), prover_.upper()};
        for (std::size_t c = 0; c < negation_.conjuncts(d); ++c) {
            const auto& row = negation_.at(d, c);
            double negative[outputs]{}, slopes[inputs]{}, constant = 0;
            for (std::size_t i = 0; i < outputs; ++i) negative[i] = -row.coefficients[i];
            const double least = prover_.template output_bound<Activated>(negative, slopes, constant),
                         bound = rounded_difference(least, row.constant);
            if (is_bound(bound) && (row.is_strict ? bound >= 0 : bound > 0)) return verdict::proved;
            if (refuter_.is_met_by(corner(slopes))) return verdict::refuted;
            lines.add(slopes, rounded_difference(constant, row.constant));
            if (bound > best_bound || c == 0) {
                best_bound = bound;
                for (std::size_t i = 0; i < inputs; ++i) best_slopes[i] = slopes[i];
                for (std::size_t i = 0; i < outputs; ++i) best_negative[i] = negative[i];
            }
        }
        double point[inputs]{};
        return lines.count() > 1 && lines.combine(point) > 0 ? verdict::proved : verdict::undecided;
    }
    /// A lower bound minus a constant of the property, rounded down.
    static constexpr double rounded_difference(double bound, double constant) {
        return bound - constant - 4 * unit_roundoff<double> * (magnitude(bound) + magnitude(constant));
    }

    /// Tries to exclude every conjunction. If not, `cut` becomes the input to bisect, if one can be, and `gap` the most that
    /// is missing.
    constexpr verdict exclude(std::size_t& cut, double& gap) {
        double influence[inputs]{}, missing = 0;
        bool proved = true;
        for (std::size_t d = 0; d < negation_.disjuncts(); ++d) {
            double bound = -no_bound, slopes[inputs]{}, negative[outputs]{};
            const verdict outcome = exclude_conjunction(d, bound, slopes, negative);
            if (outcome == verdict::refuted) return outcome;
            if (outcome == verdict::proved) continue;
            proved = false;
            missing = larger(missing, -bound);
            add_normalised(influence, slopes);
            prover_.template influence<Activated>(negative, slopes);
            add_normalised(influence, slopes);
        }
        if (proved) return verdict::proved;
        gap = missing;
        for (std::size_t i = 0; i < inputs; ++i)
            if (can_bisect(i) && (cut == inputs || influence[i] > influence[cut])) cut = i;
        return verdict::undecided;
    }

    /// Where a linear function with these slopes is smallest.
    constexpr input_type corner(const double* slopes) const {
        input_type result = box_.lower;
        for (std::size_t i = 0; i < inputs; ++i)
            if (slopes[i] < 0) result[i] = box_.upper[i];
        return result;
    }

    constexpr void add_normalised(double* influence, const double* slopes) const {
        double sum = 0, of[inputs]{};
        for (std::size_t i = 0; i < inputs; ++i) {
            of[i] = magnitude(slopes[i]) * (static_cast<double>(box_.upper[i]) - static_cast<double>(box_.lower[i]));
            sum += of[i];
        }
        if (sum > 0)
            for (std::size_t i = 0; i < inputs; ++i) influence[i] += of[i] / sum;
    }

    const NormalForm& negation_;
    prover<Net> prover_;
    box_type box_{};
    refuter<Net, NormalForm, Activated> refuter_;
    std::size_t budget_ = 0, boxes_ = 0, spare_ = 0;
    double gap_ = 0;
    bool may_overflow_ = false;
    cut_recorder recorder_{};
};

}  // namespace detail

}  // namespace CTNN_NAMESPACE
