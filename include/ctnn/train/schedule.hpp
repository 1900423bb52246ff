// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Learning-rate schedules.

#include <ctnn/config.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE {

namespace detail {

/// cos(pi x) for 0 <= x <= 1, by the series around 1/2: cos(pi x) = sin(pi (1/2 - x)). The omitted terms are below
/// 1e-16.
constexpr double cos_pi(double x) {
    const double angle = 3.14159265358979323846 * (0.5 - x);
    const double square = angle * angle;
    double term = angle, total = angle;
    for (int n = 1; n <= 9; ++n) {
        term *= -square / ((2 * n) * (2 * n + 1));
        total += term;
    }
    return total;
}

/// base^exponent by repeated squaring: at most 63 iterations for exponents up to 2^62, the largest that `schedule`
/// passes.
constexpr double power(double base, std::uint64_t exponent) {
    double result = 1;
    while (true) {
        if (exponent % 2 == 1) result *= base;
        exponent /= 2;
        if (exponent == 0) return result;
        base *= base;
    }
}

}  // namespace detail

/// A factor on the learning rate that depends on the progress of training.
///
/// Make one with `constant_rate`, `step_decay` or `cosine_decay`, and precede it by a warm-up with `after_warm_up`:
/// `cosine_decay().after_warm_up(5)`.
struct schedule {
    enum class form { constant, steps, cosine };

    form decay = form::constant;
    /// Steps: the factor after each `every` epochs. Cosine: the factor at the end.
    double factor = 1;
    double every = 1;
    /// Epochs in which the factor rises linearly from 0 before the decay begins.
    double warm_up = 0;

    constexpr schedule after_warm_up(double epochs) const {
        schedule result = *this;
        result.warm_up = epochs;
        return result;
    }

    /// Whether the values are valid: `every` is above 0, and the factor and the warm-up are neither negative nor
    /// infinite. `fit` rejects others.
    constexpr bool is_meaningful() const {
        constexpr double infinity = __builtin_inf();
        return every > 0 && factor >= 0 && factor < infinity && warm_up >= 0 && warm_up < infinity;
    }

    /// The factor after `done` of `total` epochs; both may be fractional. With `every` not above 0 it never decays.
    constexpr double operator()(double done, double total) const {
        if (done < warm_up) return done / warm_up;
        const double since = done - warm_up;
        if (decay == form::cosine) {
            const double length = total - warm_up;
            return factor + (1 - factor) * (1 + detail::cos_pi(since < length ? since / length : 1)) / 2;
        }
        if (decay == form::constant || !(every > 0)) return 1;
        constexpr double most = 0x1p62;
        const double ends = since / every;
        return ends >= 1 ? detail::power(factor, static_cast<std::uint64_t>(ends < most ? ends : most)) : 1;
    }
};

namespace detail {
/// The factor for one step of an epoch.
constexpr double rate_factor(const schedule& plan, std::size_t epoch, std::size_t step, std::size_t steps,
                             std::size_t epochs) {
    if (plan.decay == schedule::form::constant && plan.warm_up == 0) return 1;
    return plan(static_cast<double>(epoch) + static_cast<double>(step) / static_cast<double>(steps),
                static_cast<double>(epochs));
}
}  // namespace detail

/// The learning rate is constant.
constexpr schedule constant_rate() {
    return {};
}
/// The learning rate is multiplied by `factor` after each `every` epochs.
constexpr schedule step_decay(double every, double factor = 0.1) {
    return {.decay = schedule::form::steps, .factor = factor, .every = every};
}
/// The learning rate decays along half a period of a cosine to `final_factor` of itself at the last epoch.
///
/// Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2016, without restarts.
constexpr schedule cosine_decay(double final_factor = 0) {
    return {.decay = schedule::form::cosine, .factor = final_factor};
}

}  // namespace CTNN_NAMESPACE
