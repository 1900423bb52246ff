// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Bounds of derivatives over a box: the Jacobian, Lipschitz constants and monotonicity.

#include <ctnn/config.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>
#include <ctnn/train/place.hpp>
#include <ctnn/verify/activation/slopes.hpp>
#include <ctnn/verify/box.hpp>
#include <ctnn/verify/network/provable.hpp>
#include <ctnn/verify/network/prover.hpp>
#include <ctnn/verify/prove.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE {

/// Whether a proof can bound the derivatives of a layer, or of an activation. It is false where it is named in an error.
template <class Layer>
inline constexpr bool is_derivable = false;
template <class Layer>
inline constexpr bool is_derivable<detail::is_layer<Layer>> =
    requires(const detail::layer_prover<double, Layer>& prover, const Layer& layer,
             const typename detail::layer_prover<double, Layer>::inner_bounds& inner, double* values) {
    prover.derive(layer, layer, inner, values, values);
};
template <class Activation>
inline constexpr bool is_derivable<detail::has_activation<Activation>> = slope_model<Activation>::is_known;

namespace detail {

/// The rule that derivatives can be bounded.
struct wants_derivable {
    template <class Layer, class Activation>
    static constexpr bool accepts() {
        constexpr bool is_known = is_derivable<is_layer<Layer>>;
        static_assert(is_derivable<is_layer<Layer>>, "ctnn: derivatives of this kind of layer cannot be bounded");
        if constexpr (is_known)
            static_assert(is_derivable<has_activation<Activation>>,
                          "ctnn: derivatives of this activation cannot be bounded");
        return is_known && is_derivable<has_activation<Activation>>;
    }
};
template <class Net>
constexpr bool has_derivatives() {
    if constexpr (can_be_proved<Net>)
        return accepts_chain<wants_derivable, real_chain_of<Net>>();
    else
        return false;
}

}  // namespace detail

/// Bounds of dy[i]/dx[j] over a box, in row i and column j: those of the network in real arithmetic, at a kink of both sides.
/// What the program computes differs from it by rounding.
template <class Net>
struct jacobian_bounds {
    static constexpr std::size_t inputs = Net::input_shape::size, outputs = Net::output_shape::size;
    tensor<double, shape<outputs, inputs>> lower, upper;
};

namespace detail {

/// Bounds derivatives over a box and its halves.
template <class Net>
class deriver {
  public:
    using net_type = network_of<Net>;
    using box_type = box<typename Net::value_type, typename Net::input_shape>;
    using result_type = jacobian_bounds<Net>;
    static constexpr std::size_t inputs = result_type::inputs, outputs = result_type::outputs;

    constexpr explicit deriver(const net_type& net)
        : prover_{net}, positive_{prover_.parameters()}, negative_{prover_.parameters()} {
        fits_ = prover_type::keep_sign(positive_, true) && prover_type::keep_sign(negative_, false);
    }

    /// Infinite where a value may overflow or underflow.
    constexpr result_type over(const box_type& inside) {
        result_type result;
        layer_bounds<net_type> bounds{};
        const bool is_bounded = fits_ && prover_.bound(inside, bounds);
        for (std::size_t i = 0; i < outputs; ++i) {
            double lower[inputs]{}, upper[inputs]{};
            const bool is_known = is_bounded && prover_.derive(i, positive_, negative_, bounds, lower, upper);
            for (std::size_t j = 0; j < inputs; ++j) {
                result.lower[i * inputs + j] = is_known ? lower[j] : -no_bound;
                result.upper[i * inputs + j] = is_known ? upper[j] : no_bound;
            }
        }
        return result;
    }

    /// Bisects a box, the widest derivative times width first, into at most `boxes` parts, and calls `f(bounds)` for each,
    /// fewer where `is_enough(bounds)`. Returns how many parts are unused.
    template <class Enough, class F>
    constexpr std::size_t over_parts(const box_type& inside, std::size_t boxes, const Enough& is_enough, const F& f) {
        const result_type here = over(inside);
        std::size_t cut = inputs;
        double widest = 0;
        for (std::size_t j = 0; j < inputs; ++j) {
            const auto middle = inside.lower[j] / 2 + inside.upper[j] / 2;
            double spread = 0;
            for (std::size_t i = 0; i < outputs; ++i) spread += here.upper[i * inputs + j] - here.lower[i * inputs + j];
            spread *= static_cast<double>(inside.upper[j]) - static_cast<double>(inside.lower[j]);
            if (inside.lower[j] < middle && middle < inside.upper[j] && (cut == inputs || spread > widest)) {
                widest = spread;
                cut = j;
            }
        }
        if (boxes < 2 || cut == inputs || is_enough(here)) {
            f(here);
            return boxes > 0 ? boxes - 1 : 0;
        }
        box_type first = inside, second = inside;
        first.upper[cut] = second.lower[cut] = inside.lower[cut] / 2 + inside.upper[cut] / 2;
        const std::size_t unused = over_parts(first, boxes / 2, is_enough, f);
        return over_parts(second, boxes - boxes / 2 + unused, is_enough, f);
    }

  private:
    using prover_type = prover<net_type>;
    prover_type prover_;
    typename prover_type::real_net positive_, negative_;
    bool fits_ = false;
};

/// Calls `f(deriver)` if the network and the box allow it.
template <class Net, class F>
constexpr void with_deriver(const Net& net, const box<typename Net::value_type, typename Net::input_shape>& inside,
                            call_site at, const F& f) {
    if constexpr (has_derivatives<Net>()) {
        require_valid(inside.is_valid(), at);
        if (!inside.is_valid()) return;
        with_placed<deriver<Net>>(f, net);
    }
}

}  // namespace detail

/// Bounds of all derivatives over a box, infinite where a value may overflow.
///
/// *Cost*: a box as `prover` says, and a backward pass for each output.
/// *Errors*: as for `prove`, and "ctnn: derivatives of this kind of layer cannot be bounded", "ctnn: derivatives of this
/// activation cannot be bounded".
template <class Net>
constexpr jacobian_bounds<Net> bound_jacobian(const Net& net,
                                              const box<typename Net::value_type, typename Net::input_shape>& inside,
                                              call_site at = call_site::here()) {
    jacobian_bounds<Net> result;
    for (double& lower : result.lower) lower = -detail::no_bound;
    for (double& upper : result.upper) upper = detail::no_bound;
    detail::with_deriver(net, inside, at, [&](auto& here) { result = here.over(inside); });
    return result;
}

/// An upper bound L of the Lipschitz constant over a box, in the maximum norm: |f(x) - f(y)| <= L |x - y| for all x and y in
/// the box, f being the network in real arithmetic; what the program computes differs from it by rounding. Infinite where a
/// value may overflow. More boxes make it tighter.
///
/// *Cost* and *Errors*: as for `bound_jacobian`, for up to twice as many boxes as are given.
/// *Example*: `static_assert(lipschitz_bound(policy, states) < 3);`
template <class Net>
constexpr double lipschitz_bound(const Net& net, const box<typename Net::value_type, typename Net::input_shape>& inside,
                                 const prove_options& options = {.boxes = 1}, call_site at = call_site::here()) {
    double result = detail::no_bound;
    detail::with_deriver(net, inside, at, [&](auto& here) {
        using bounds_type = jacobian_bounds<Net>;
        const auto norm = [](const bounds_type& of) {
            double largest = 0;
            for (std::size_t i = 0; i < bounds_type::outputs; ++i) {
                double sum = 0;
                for (std::size_t j = 0; j < bounds_type::inputs; ++j) {
                    const std::size_t at_element = i * bounds_type::inputs + j;
                    sum += detail::larger(detail::magnitude(of.lower[at_element]),
                                          detail::magnitude(of.upper[at_element]));
                }
                largest = detail::larger(largest, sum + detail::own_error(sum));
            }
            return largest;
        };
        double largest = 0;
        here.over_parts(
            inside, options.boxes, [&](const bounds_type& of) { return norm(of) <= largest; },
            [&](const bounds_type& of) { largest = detail::larger(largest, norm(of)); });
        result = largest;
    });
    return result;
}

/// How outputs change with an input.
enum class direction { rising, falling };

inline constexpr std::size_t every_output = static_cast<std::size_t>(-1);

/// Whether it is proved that output `Output`, or every one, never falls while input `Input` rises and the others stay, in a
/// box; or that it never rises, with `direction::falling`. It is a property of the network in real arithmetic; what the
/// program computes differs from it by rounding.
///
/// *Cost* and *Errors*: as for `bound_jacobian`, for up to twice as many boxes as are given.
/// *Example*: `static_assert(monotone_in<0>(brake, states));`
template <std::size_t Input, std::size_t Output = every_output, class Net>
constexpr bool monotone_in(const Net& net, const box<typename Net::value_type, typename Net::input_shape>& inside,
                           direction wanted = direction::rising, const prove_options& options = {},
                           call_site at = call_site::here()) {
    static_assert(Input < Net::input_shape::size && (Output == every_output || Output < Net::output_shape::size),
                  "ctnn::monotone_in: the network has no such input or output");
    bool result = false;
    detail::with_deriver(net, inside, at, [&](auto& here) {
        using bounds_type = jacobian_bounds<Net>;
        const auto is_monotone = [wanted](const bounds_type& of) {
            for (std::size_t i = 0; i < bounds_type::outputs; ++i) {
                const std::size_t here_at = i * bounds_type::inputs + Input;
                const bool holds = wanted == direction::rising ? of.lower[here_at] >= 0 : of.upper[here_at] <= 0;
                if (!holds && (Output == every_output || Output == i)) return false;
            }
            return true;
        };
        bool all = true;
        here.over_parts(
            inside, options.boxes, [&](const bounds_type& of) { return !all || is_monotone(of); },
            [&](const bounds_type& of) { all = all && is_monotone(of); });
        result = all;
    });
    return result;
}

}  // namespace CTNN_NAMESPACE
