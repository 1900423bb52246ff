// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The point of a box at which several linear functions are least together, and a bound of the largest of them.

#include <ctnn/config.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::detail {

/// Linear functions l_k(x) = slopes_k x + constant_k over a box. Their largest is at least any sum of them with weights that
/// are not negative and add up to 1: where such a sum is above 0 everywhere, they are nowhere all at most 0.
template <std::size_t Inputs>
class combined_lines {
  public:
    /// Further functions are ignored.
    static constexpr std::size_t capacity = 8;

    /// Refers to the ends of the box.
    constexpr combined_lines(const double* lower, const double* upper) : lower_{lower}, upper_{upper} {}

    constexpr void add(const double* slopes, double constant) {
        if (count_ == capacity || !is_bound(constant)) return;
        for (std::size_t i = 0; i < Inputs; ++i) slopes_[count_][i] = slopes[i];
        constants_[count_++] = constant;
    }
    constexpr std::size_t count() const { return count_; }

    /// Lets the weights play against the points, as in a game: `point` becomes the average of the points at which the sum was
    /// least, and the function that is largest at that average gets the share that makes the least value of the sum largest.
    /// Returns a lower bound of the last sum over the box.
    constexpr double combine(double* point) {
        double slopes[Inputs]{}, constant = 0;
        for (std::size_t k = 0; k < count_; ++k) {
            weights_[k] = 1 / static_cast<double>(count_);
            constant += weights_[k] * constants_[k];
            for (std::size_t i = 0; i < Inputs; ++i) slopes[i] += weights_[k] * slopes_[k][i];
        }
        for (std::size_t round = 0; round < (count_ > 1 ? rounds : 1); ++round) {
            for (std::size_t i = 0; i < Inputs; ++i) {
                const double end = slopes[i] > 0   ? lower_[i]
                                   : slopes[i] < 0 ? upper_[i]
                                                   : lower_[i] / 2 + upper_[i] / 2;
                point[i] = round == 0 ? end : point[i] + (end - point[i]) / static_cast<double>(round + 1);
            }
            const std::size_t next = largest_at(point);
            const double share = best_share(slopes, constant, next);
            for (std::size_t k = 0; k < count_; ++k) weights_[k] *= 1 - share;
            weights_[next] += share;
            for (std::size_t i = 0; i < Inputs; ++i) slopes[i] += share * (slopes_[next][i] - slopes[i]);
            constant += share * (constants_[next] - constant);
        }
        return least_of_sum();
    }

  private:
    static constexpr std::size_t rounds = 10, halvings = 10;

    constexpr std::size_t largest_at(const double* x) const {
        std::size_t result = 0;
        double largest = -no_bound;
        for (std::size_t k = 0; k < count_; ++k) {
            double value = constants_[k];
            for (std::size_t i = 0; i < Inputs; ++i) value += slopes_[k][i] * x[i];
            if (value > largest) {
                largest = value;
                result = k;
            }
        }
        return result;
    }
    /// The least value of a sum of which function `next` has a share is concave in the share: bisected by its slope.
    constexpr double best_share(const double* slopes, double constant, std::size_t next) const {
        double low = 0, high = 1;
        for (std::size_t step = 0; step < halvings; ++step) {
            const double share = low / 2 + high / 2;
            double rise = constants_[next] - constant;
            for (std::size_t i = 0; i < Inputs; ++i) {
                const double difference = slopes_[next][i] - slopes[i], slope = slopes[i] + share * difference;
                rise += difference * (slope > 0 ? lower_[i] : upper_[i]);
            }
            (rise > 0 ? low : high) = share;
        }
        return low;
    }
    /// What holds of the sum with these weights, which may add up to 1 only nearly, rounding included.
    constexpr double least_of_sum() const {
        double slopes[Inputs]{}, result = 0, reach = 0, sizes = 1;
        for (std::size_t i = 0; i < Inputs; ++i) sizes += larger(magnitude(lower_[i]), magnitude(upper_[i]));
        for (std::size_t k = 0; k < count_; ++k) {
            result += weights_[k] * constants_[k];
            reach += weights_[k] * magnitude(constants_[k]);
            for (std::size_t i = 0; i < Inputs; ++i) {
                slopes[i] += weights_[k] * slopes_[k][i];
                reach += weights_[k] * magnitude(slopes_[k][i]) * larger(magnitude(lower_[i]), magnitude(upper_[i]));
            }
        }
        for (std::size_t i = 0; i < Inputs; ++i) result += slopes[i] * (slopes[i] > 0 ? lower_[i] : upper_[i]);
        return result - 2 * own_error(reach) - 8 * underflow<double> * static_cast<double>(count_ + 1) * sizes;
    }

    const double *lower_, *upper_;
    double slopes_[capacity][Inputs]{}, constants_[capacity]{}, weights_[capacity]{};
    std::size_t count_ = 0;
};

}  // namespace CTNN_NAMESPACE::detail
