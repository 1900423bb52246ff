// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Two lines that enclose an activation over an interval, and its range there.

#include <ctnn/activation/clip.hpp>
#include <ctnn/activation/elu.hpp>
#include <ctnn/activation/gelu.hpp>
#include <ctnn/activation/gelu_tanh.hpp>
#include <ctnn/activation/hard_sigmoid.hpp>
#include <ctnn/activation/hard_swish.hpp>
#include <ctnn/activation/identity.hpp>
#include <ctnn/activation/leaky_relu.hpp>
#include <ctnn/activation/reciprocal.hpp>
#include <ctnn/activation/relu.hpp>
#include <ctnn/activation/selu.hpp>
#include <ctnn/activation/sigmoid.hpp>
#include <ctnn/activation/silu.hpp>
#include <ctnn/activation/softplus.hpp>
#include <ctnn/activation/softsign.hpp>
#include <ctnn/activation/tanh.hpp>
#include <ctnn/config.hpp>
#include <ctnn/math/sqrt.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>
#include <limits>

namespace CTNN_NAMESPACE {

/// For every pre-activation z in an interval, and the y that the program computes of it:
/// lower_slope z + lower_offset <= y <= upper_slope z + upper_offset, and lowest <= y <= highest.
struct relaxation {
    double lower_slope, lower_offset, upper_slope, upper_offset;
    double lowest, highest;
};

namespace detail {
/// Nothing is known.
inline constexpr relaxation unbounded_relaxation{1, -no_bound, 1, no_bound, -no_bound, no_bound};
}  // namespace detail

/// What a proof needs of an activation: `is_known`, and `over<T>(lower, upper)`, its relaxation over an interval for a
/// network of T, rounding included. Specialise it for a custom activation.
template <class Activation>
struct activation_model {
    static constexpr bool is_known = false;
};

template <>
struct activation_model<identity> {
    static constexpr bool is_known = true;

    template <class T>
    static constexpr relaxation over(double lower, double upper) {
        return {1, 0, 1, 0, lower, upper};
    }
};

/// The rectifier is exact in floating point. Of the lines 0 and z, the lower one is that with the smaller area.
///
/// *Source*: Singh, Gehr, Pueschel and Vechev, "An abstract domain for certifying neural networks", 2019.
template <>
struct activation_model<relu> {
    static constexpr bool is_known = true;

    template <class T>
    static constexpr relaxation over(double lower, double upper) {
        if (lower >= 0) return {1, 0, 1, 0, lower, upper};
        if (upper <= 0) return {0, 0, 0, 0, 0, 0};
        if (!detail::is_bound(upper - lower)) return detail::unbounded_relaxation;
        const double slope = upper / (upper - lower);
        return {upper > -lower ? 1.0 : 0.0,
                0,
                slope,
                detail::own_rounding * upper - slope * lower + 4 * detail::underflow<double>,
                0,
                upper};
    }
};

/// 1 / z between its chord and the tangent of the same slope; nothing is known around 0.
template <>
struct activation_model<reciprocal> {
    static constexpr bool is_known = true;

    template <class T>
    static constexpr relaxation over(double lower, double upper) {
        constexpr double least = 4 / static_cast<double>((std::numeric_limits<T>::max)());
        if (!detail::is_bound(upper - lower) || !(lower > least || upper < -least)) return detail::unbounded_relaxation;
        const double first = 1 / lower, last = 1 / upper, size = detail::magnitude(first) + detail::magnitude(last),
                     error = 2 * detail::unit_roundoff<T> * size + 16 * detail::own_rounding * size +
                             8 * (detail::underflow<T> + detail::underflow<double>);
        // Where the slope may underflow or overflow, constants.
        if (!(size < 1e140 && detail::magnitude(first) > 1e-140 && detail::magnitude(last) > 1e-140))
            return {0, last - error, 0, first + error, last - error, first + error};
        const double root = math::sqrt(first * last), slope = -root * root;
        const double chord = first + last, tangent = lower > 0 ? 2 * root : -2 * root;
        return {slope,        (lower > 0 ? tangent : chord) - error,
                slope,        (lower > 0 ? chord : tangent) + error,
                last - error, first + error};
    }
};

namespace detail {

/// Bounds of the relative error of a computed value, in unit roundoffs of its type: for `float` measured at all arguments, with
/// a margin; for `double` proved by tests/accuracy/double_bounds.cpp, for any fusing of products and sums.
struct error_bounds {
    double of_float, of_double;
};
/// The relative error of what a program computes in T and a proof has sampled in `double`, whose bound is then widened in two
/// roundings.
template <class T>
constexpr double error_with_sample(const error_bounds& bounds) {
    const double of_program = sizeof(T) == sizeof(float) ? bounds.of_float : bounds.of_double;
    return of_program * unit_roundoff<T> + (bounds.of_double + 2) * unit_roundoff<double>;
}

/// Facts about an activation f, with defaults. |computed f(z) - f(z)| <= ulps u |f(z)| + argument_ulps u |z| + (4 + 2 |z|) eta
/// with u the unit roundoff of the type and eta its smallest positive number.
struct activation_facts {
    static constexpr double kinks[]{0};                                ///< where f' jumps
    static constexpr double infimum = -no_bound, supremum = no_bound;  ///< of computed values
    static constexpr error_bounds argument_ulps{0, 0};
    static constexpr double least_slope = -no_bound, most_slope = no_bound;  ///< of f'
};
struct rising_facts : activation_facts {
    static constexpr double least_slope = 0;
};

/// Lines of one slope, that of the chord, around an activation with |f''| <= `curvature` except at its kinks: between two
/// neighbouring samples f is no farther from their chord than curvature width^2 / 8.
template <class Activation, class Facts>
struct sampled_model {
    using facts = Facts;
    static constexpr bool is_known = true;
    static constexpr std::size_t pieces = 16;

    template <class T>
    static constexpr relaxation over(double lower, double upper) {
        const double width = upper - lower, piece = width / pieces;
        if (!(width < 1e150)) return unbounded_relaxation;
        const double first = Activation{}(lower), last = Activation{}(upper);
        const double slope = width > 0 ? (last - first) / width : 0;
        double lowest = first, highest = first, below = first - slope * lower, above = below;
        const auto include = [&](double z, double y) {
            const double offset = y - slope * z;
            below = offset < below ? offset : below;
            above = offset > above ? offset : above;
            lowest = y < lowest ? y : lowest;
            highest = y > highest ? y : highest;
        };
        for (std::size_t i = 1; i < pieces; ++i) {
            const double z = lower + piece * static_cast<double>(i);
            include(z, Activation{}(z));
        }
        include(upper, last);
        for (const double kink : Facts::kinks)
            if (lower < kink && kink < upper) include(kink, Activation{}(kink));
        const double z = larger(magnitude(lower), magnitude(upper)), y = larger(magnitude(lowest), magnitude(highest));
        // Between samples |f| may be larger than at them.
        const double between = Facts::curvature * piece * piece / 8,
                     error = between + error_with_sample<T>(Facts::ulps) * (y + between) +
                             error_with_sample<T>(Facts::argument_ulps) * z +
                             own_rounding * (y + magnitude(slope) * z) +
                             (4 + 2 * z) * (underflow<T> + underflow<double>);
        // The program may overflow where the proof does not.
        if (!(y + error < static_cast<double>((std::numeric_limits<T>::max)()))) return unbounded_relaxation;
        return {slope,
                below - error,
                slope,
                above + error,
                larger(lowest - error, Facts::infimum),
                highest + error < Facts::supremum ? highest + error : Facts::supremum};
    }
};

struct tanh_facts : rising_facts {
    static constexpr double curvature = 0.77, infimum = -1, supremum = 1, most_slope = 1;
    static constexpr error_bounds ulps{8, 1.5};
};
struct sigmoid_facts : rising_facts {
    static constexpr double curvature = 0.0963, infimum = 0, supremum = 1, most_slope = 0.25;
    static constexpr error_bounds ulps{8, 2.5};
};
struct softplus_facts : rising_facts {
    static constexpr double curvature = 0.25, infimum = 0, most_slope = 1;
    static constexpr error_bounds ulps{8, 5};
};
struct softsign_facts : rising_facts {
    static constexpr double curvature = 2, infimum = -1, supremum = 1, most_slope = 1;
    static constexpr error_bounds ulps{4, 2.5};
};
struct silu_facts : activation_facts {
    static constexpr double curvature = 0.5;
    static constexpr error_bounds ulps{12, 3.5};
};
struct gelu_facts : activation_facts {
    static constexpr double curvature = 0.8;
    static constexpr error_bounds ulps{4, 0}, argument_ulps{12, 4.5};
};
struct gelu_tanh_facts : activation_facts {
    static constexpr double curvature = 1;
    static constexpr error_bounds ulps{4, 0}, argument_ulps{12, 5};
};
struct hard_swish_facts : activation_facts {
    static constexpr double curvature = 0.34;
    static constexpr error_bounds ulps{4, 4}, argument_ulps{16, 4};
    static constexpr double kinks[]{-3, 3};
};
// Of `double`: constants that are ratios have 3 roundings at most, their product with another number one more.
template <class Alpha>
struct elu_facts : rising_facts {
    static constexpr double alpha = math::from_ratio<double, Alpha>, curvature = alpha < 0 ? -alpha : alpha;
    static constexpr error_bounds ulps{14, 8};
};
template <class Constants>
struct selu_facts : rising_facts {
    static constexpr double factor = Constants::scale * Constants::alpha, curvature = factor < 0 ? -factor : factor;
    static constexpr error_bounds ulps{14, 12};
};
template <class Slope>
struct leaky_relu_facts : rising_facts {
    static constexpr double curvature = 0;
    static constexpr error_bounds ulps{4, 4};
};
/// Ratios and their product as above, and as much for where the kinks are.
template <class Alpha, class Beta>
struct hard_sigmoid_facts : activation_facts {
    static constexpr double alpha = math::from_ratio<double, Alpha>, beta = math::from_ratio<double, Beta>;
    static constexpr double curvature = 0, slope = alpha < 0 ? -alpha : alpha, infimum = 0, supremum = 1;
    static constexpr error_bounds ulps{8, 8}, argument_ulps{4 * slope, 16 * slope};
    static constexpr double kinks[]{alpha == 0 ? 0 : -beta / alpha, alpha == 0 ? 0 : (1 - beta) / alpha};
};
template <class Min, class Max>
struct clip_facts : rising_facts {
    static constexpr double curvature = 0;
    static constexpr error_bounds ulps{4, 4};
    static constexpr double kinks[]{math::from_ratio<double, Min>, math::from_ratio<double, Max>};
};
template <class Min>
struct clip_facts<Min, unbounded> : rising_facts {
    static constexpr double curvature = 0;
    static constexpr error_bounds ulps{4, 4};
    static constexpr double kinks[]{math::from_ratio<double, Min>};
};
template <class Max>
struct clip_facts<unbounded, Max> : rising_facts {
    static constexpr double curvature = 0;
    static constexpr error_bounds ulps{4, 4};
    static constexpr double kinks[]{math::from_ratio<double, Max>};
};

}  // namespace detail

template <>
struct activation_model<tanh> : detail::sampled_model<tanh, detail::tanh_facts> {};
template <>
struct activation_model<sigmoid> : detail::sampled_model<sigmoid, detail::sigmoid_facts> {};
template <>
struct activation_model<softplus> : detail::sampled_model<softplus, detail::softplus_facts> {};
template <>
struct activation_model<softsign> : detail::sampled_model<softsign, detail::softsign_facts> {};
template <>
struct activation_model<silu> : detail::sampled_model<silu, detail::silu_facts> {};
template <>
struct activation_model<gelu> : detail::sampled_model<gelu, detail::gelu_facts> {};
template <>
struct activation_model<gelu_tanh> : detail::sampled_model<gelu_tanh, detail::gelu_tanh_facts> {};
template <>
struct activation_model<hard_swish> : detail::sampled_model<hard_swish, detail::hard_swish_facts> {};
template <class Alpha>
struct activation_model<elu_with<Alpha>> : detail::sampled_model<elu_with<Alpha>, detail::elu_facts<Alpha>> {};
template <>
struct activation_model<elu> : activation_model<elu_with<std::ratio<1>>> {};
template <>
struct activation_model<selu> : detail::sampled_model<selu, detail::selu_facts<detail::selu_constants>> {};
template <class Alpha, class Scale>
struct activation_model<selu_with<Alpha, Scale>>
    : detail::sampled_model<selu_with<Alpha, Scale>, detail::selu_facts<detail::ratios_of_selu<Alpha, Scale>>> {};
template <class Slope>
struct activation_model<leaky_relu_with<Slope>>
    : detail::sampled_model<leaky_relu_with<Slope>, detail::leaky_relu_facts<Slope>> {};
template <>
struct activation_model<leaky_relu> : activation_model<leaky_relu_with<std::ratio<1, 100>>> {};
template <class Alpha, class Beta>
struct activation_model<hard_sigmoid_with<Alpha, Beta>>
    : detail::sampled_model<hard_sigmoid_with<Alpha, Beta>, detail::hard_sigmoid_facts<Alpha, Beta>> {};
template <>
struct activation_model<hard_sigmoid> : activation_model<hard_sigmoid_with<std::ratio<1, 6>, std::ratio<1, 2>>> {};
template <class Min, class Max>
struct activation_model<clip<Min, Max>> : detail::sampled_model<clip<Min, Max>, detail::clip_facts<Min, Max>> {};
template <>
struct activation_model<clip<unbounded, unbounded>> : activation_model<identity> {};
template <>
struct activation_model<relu6> : activation_model<clip<std::ratio<0>, std::ratio<6>>> {};

}  // namespace CTNN_NAMESPACE
