// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// `softmax` and `log_softmax` in a proof: intervals of the outputs of a row.

#include <ctnn/activation/log_softmax.hpp>
#include <ctnn/activation/softmax.hpp>
#include <ctnn/config.hpp>
#include <ctnn/math/exp.hpp>
#include <ctnn/math/log.hpp>
#include <ctnn/verify/activation/relaxation.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>
#include <limits>

namespace CTNN_NAMESPACE {

namespace detail {

/// log(sum over j of exp(z[j])), where z[Own] is `own`, and the others are `others`.
template <std::size_t Width>
constexpr double log_of_sum(double own, std::size_t index, const double* others) {
    double largest = own, sum = 0;
    for (std::size_t j = 0; j < Width; ++j)
        if (j != index) largest = larger(largest, others[j]);
    for (std::size_t j = 0; j < Width; ++j) sum += math::exp((j == index ? own : others[j]) - largest);
    return largest + math::log(sum);
}

constexpr relaxation constant_relaxation(double lowest, double highest) {
    return {0, lowest, 0, highest, lowest, highest};
}

/// Whether a row of pre-activations is bounded, and so are their differences in T.
template <class T>
constexpr bool are_bounded(const double* lower, const double* upper, std::size_t width) {
    double reach = 0;
    for (std::size_t i = 0; i < width; ++i) reach = larger(reach, larger(-lower[i], upper[i]));
    return reach * 4 < static_cast<double>((std::numeric_limits<T>::max)());
}

/// log y[i] rises with z[i] and falls with every other one: `f(first, last, ...)` makes a relaxation of bounds of it for z
/// between `lower` and `upper`, and of how much rounding to T moves it.
template <class T, std::size_t Width, class F>
constexpr void relax_log_softmax(const double* lower, const double* upper, relaxation* lines, F&& f) {
    if (!are_bounded<T>(lower, upper, Width)) {
        for (std::size_t i = 0; i < Width; ++i) lines[i] = unbounded_relaxation;
        return;
    }
    double least = lower[0], most = upper[0];
    for (std::size_t i = 0; i < Width; ++i) {
        least = lower[i] < least ? lower[i] : least;
        most = larger(most, upper[i]);
    }
    const double range = most - least;
    // Differences up to the largest argument of exp, exponentials, their sum, and its logarithm or reciprocal.
    const double relative =
        gamma<T>(Width + 16 + static_cast<std::size_t>(std::numeric_limits<T>::max_exponent)) + 4 * own_rounding;
    for (std::size_t i = 0; i < Width; ++i)
        lines[i] = f(lower[i] - log_of_sum<Width>(lower[i], i, upper), upper[i] - log_of_sum<Width>(upper[i], i, lower),
                     range, relative, own_error(larger(-least, most) + range));
}

}  // namespace detail

/// For activations of rows, `over_row<T, Width>(lower, upper, lines)` writes the relaxation of each output.
template <>
struct activation_model<softmax> {
    static constexpr bool is_known = true;

    template <class T, std::size_t Width>
    static constexpr void over_row(const double* lower, const double* upper, relaxation* lines) {
        const auto line = [](double first, double last, double, double relative, double own) {
            const double least = 4 * static_cast<double>((std::numeric_limits<T>::min)()),
                         lowest = math::exp(first - 2 * own) * (1 - relative) - least,
                         highest = math::exp(last + 2 * own) * (1 + relative) + least;
            return detail::constant_relaxation(detail::larger(lowest, 0),
                                               highest < 1 + relative ? highest : 1 + relative);
        };
        detail::relax_log_softmax<T, Width>(lower, upper, lines, line);
    }
};

template <>
struct activation_model<log_softmax> {
    static constexpr bool is_known = true;

    template <class T, std::size_t Width>
    static constexpr void over_row(const double* lower, const double* upper, relaxation* lines) {
        const auto line = [](double first, double last, double range, double relative, double own) {
            const double error = relative * (1 + detail::larger(-first, 0)) + detail::gamma<T>(8) * range + 2 * own +
                                 4 * static_cast<double>((std::numeric_limits<T>::min)());
            return detail::constant_relaxation(first - error, last + error);
        };
        detail::relax_log_softmax<T, Width>(lower, upper, lines, line);
    }
};

}  // namespace CTNN_NAMESPACE
