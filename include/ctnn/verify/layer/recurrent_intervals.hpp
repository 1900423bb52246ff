// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Recurrent layers in a proof: intervals of the state, time step after time step.

#include <ctnn/activation/activate.hpp>
#include <ctnn/activation/sigmoid.hpp>
#include <ctnn/activation/tanh.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/recurrent/settle.hpp>
#include <ctnn/layer/recurrent/activations.hpp>
#include <ctnn/layer/recurrent/gru.hpp>
#include <ctnn/layer/recurrent/initial_state.hpp>
#include <ctnn/layer/recurrent/lstm.hpp>
#include <ctnn/layer/recurrent/simple_rnn.hpp>
#include <ctnn/verify/activation/clipped_relaxation.hpp>
#include <ctnn/verify/activation/relaxation.hpp>
#include <ctnn/verify/layer/interval_model.hpp>
#include <ctnn/verify/rounding.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

namespace detail {

template <class T, class Activation>
constexpr interval activated(const interval& z, bool& finite) {
    if (!finite) return {};
    const relaxation line = activation_model<Activation>::template over<T>(z.lower, z.upper);
    finite = is_bound(line.lowest) && is_bound(line.highest);
    return {line.lowest, line.highest};
}
/// The same of an activation that rises: what the program computes falls no further below f at the lower end than its own error
/// and that of the sample there, although it need not be monotonic itself.
template <class T, class Activation, class Facts>
constexpr interval risen(const interval& z, bool& finite) {
    if (!finite) return {};
    const double first = Activation{}(z.lower), last = Activation{}(z.upper);
    const double relative = error_with_sample<T>(Facts::ulps);
    const interval result = interval{first, last}.widened(relative * larger(magnitude(first), magnitude(last)) +
                                                          (4 + 2 * z.reach()) * (underflow<T> + underflow<double>));
    return {larger(result.lower, Facts::infimum), result.upper < Facts::supremum ? result.upper : Facts::supremum};
}
/// The activations inside a step; the usual ones need no lines.
template <class T, class Activation>
constexpr interval inside_step(const interval& z, bool& finite) {
    if constexpr (std::is_same_v<Activation, sigmoid>)
        return risen<T, sigmoid, sigmoid_facts>(z, finite);
    else if constexpr (std::is_same_v<Activation, tanh>)
        return risen<T, tanh, tanh_facts>(z, finite);
    else
        return activated<T, Activation>(z, finite);
}
/// The state of a gru is between two values only if the update gate is a probability.
template <class Gate>
inline constexpr bool gives_probability = [] {
    if constexpr (requires { Gate::gives_probabilities; })
        return Gate::gives_probabilities;
    else
        return false;
}();
template <class Activations>
inline constexpr bool gru_is_known =
    gives_probability<typename Activations::gate>&& activation_model<typename Activations::gate>::is_known&&
        activation_model<typename Activations::candidate>::is_known;
template <class Activations>
inline constexpr bool lstm_is_known = activation_model<typename Activations::gate>::is_known&& activation_model<
    typename Activations::candidate>::is_known&& activation_model<typename Activations::cell>::is_known;
template <class T>
constexpr interval settled(const interval& state) {
    return state.widened(static_cast<double>(kernel::detail::least_state<T>));
}

/// The sum x W + b of each gate.
template <class T, class Layer>
constexpr interval_sum<T> input_part(const Layer& net, const interval* x, std::size_t gate) {
    interval_sum<T> result;
    for (std::size_t i = 0; i < Layer::inputs; ++i)
        result.add_product(net.weights.values[i * Layer::gates + gate], x[i]);
    result.add({net.bias[gate], net.bias[gate]});
    return result;
}
template <class T>
constexpr void add_recurrent_part(interval_sum<T>& sum, const double* weights, std::size_t columns, std::size_t column,
                                  const interval* state, std::size_t units) {
    for (std::size_t i = 0; i < units; ++i) sum.add_product(weights[i * columns + column], state[i]);
}
/// The sum of two numbers that are rounded.
template <class T>
constexpr interval rounded_sum(const interval& x, const interval& y, bool& finite) {
    interval_sum<T> sum;
    sum.add(x);
    sum.add(y);
    return sum.rounded(finite);
}

/// n + z (h - n), between n and h: (1 - z) n + z h for z from 0 to 1 is least at both lower bounds. Three roundings.
template <class T>
constexpr interval mixed(const interval& candidate, const interval& update, const interval& state) {
    const auto mix = [](double n, double z, double h) { return n + z * (h - n); };
    const auto smaller = [](double x, double y) { return x < y ? x : y; };
    const interval exact{
        smaller(mix(candidate.lower, update.lower, state.lower), mix(candidate.lower, update.upper, state.lower)),
        larger(mix(candidate.upper, update.lower, state.upper), mix(candidate.upper, update.upper, state.upper))};
    const double reach = 2 * candidate.reach() + state.reach();
    return settled<T>(exact.widened(gamma<T>(4) * reach + 4 * underflow<T> + own_error(reach)));
}

/// Runs `step(x, state, next, finite)` over the time steps, from the layer's initial state, of which `next` replaces the
/// first `units`: the output.
template <class Layer, class Step>
constexpr bool bound_steps(const Layer& net, const double* lower, const double* upper, double* y_lower, double* y_upper,
                           const Step& step) {
    constexpr std::size_t length = Layer::input_shape::extent(0), units = Layer::units;
    constexpr bool last_only = Layer::output_shape::rank == 1;
    interval x[Layer::inputs]{}, state[Layer::state_size]{}, next[units]{};
    if constexpr (has_initial_state<Layer>)
        for (std::size_t i = 0; i < Layer::state_size; ++i) state[i] = {net.initial_state[i], net.initial_state[i]};
    bool finite = true;
    for (std::size_t t = 0; finite && t < length; ++t) {
        for (std::size_t i = 0; i < Layer::inputs; ++i)
            x[i] = {lower[t * Layer::inputs + i], upper[t * Layer::inputs + i]};
        step(x, state, next, finite);
        for (std::size_t i = 0; i < units; ++i) state[i] = next[i];
        if (last_only && t + 1 < length) continue;
        for (std::size_t i = 0; i < units; ++i) {
            y_lower[(last_only ? 0 : t * units) + i] = state[i].lower;
            y_upper[(last_only ? 0 : t * units) + i] = state[i].upper;
        }
    }
    return finite;
}

}  // namespace detail

template <class InputShape, std::size_t Units, class Activation, class Time>
struct interval_model<simple_rnn_layer<double, InputShape, Units, Activation, Time>> {
    using layer_type = simple_rnn_layer<double, InputShape, Units, Activation, Time>;
    static constexpr bool is_known =
        activation_model<Activation>::is_known && elementwise_activation<Activation, double>;

    template <class T, class Net>
    static constexpr bool over(const Net& net, const double* lower, const double* upper, double* y_lower,
                               double* y_upper) {
        const auto step = [&net](const detail::interval* x, detail::interval* state, detail::interval* next,
                                 bool& finite) {
            for (std::size_t i = 0; i < Units; ++i) {
                auto sum = detail::input_part<T>(net, x, i);
                detail::add_recurrent_part(sum, net.recurrent_weights.values, Units, i, state, Units);
                next[i] = detail::settled<T>(detail::activated<T, Activation>(sum.rounded(finite), finite));
            }
        };
        return detail::bound_steps(net, lower, upper, y_lower, y_upper, step);
    }
};

template <class InputShape, std::size_t Units, class Time>
struct interval_model<gru_layer<double, InputShape, Units, reset_after, Time>> {
    using layer_type = gru_layer<double, InputShape, Units, reset_after, Time>;
    static constexpr bool is_known = detail::gru_is_known<typename Time::activations>;
    using of_gate = typename Time::activations::gate;
    using of_candidate = typename Time::activations::candidate;

    template <class T, class Net>
    static constexpr bool over(const Net& net, const double* lower, const double* upper, double* y_lower,
                               double* y_upper) {
        const auto step = [&net](const detail::interval* x, detail::interval* state, detail::interval* next,
                                 bool& finite) {
            const auto recurrent = [&](std::size_t gate) {
                detail::interval_sum<T> sum;
                detail::add_recurrent_part(sum, net.recurrent_weights.values, layer_type::gates, gate, state, Units);
                sum.add({net.recurrent_bias[gate], net.recurrent_bias[gate]});
                return sum.rounded(finite);
            };
            const auto of_input = [&](std::size_t gate) { return detail::input_part<T>(net, x, gate).rounded(finite); };
            const auto gate_of = [&](std::size_t gate) {
                return detail::inside_step<T, of_gate>(detail::rounded_sum<T>(of_input(gate), recurrent(gate), finite),
                                                       finite);
            };
            for (std::size_t i = 0; i < Units; ++i) {
                const auto reset = gate_of(i), update = gate_of(Units + i);
                detail::interval_sum<T> candidate;
                candidate.add(of_input(2 * Units + i));
                candidate.add_product(reset, recurrent(2 * Units + i));
                next[i] = detail::mixed<T>(detail::inside_step<T, of_candidate>(candidate.rounded(finite), finite),
                                           update, state[i]);
            }
        };
        return detail::bound_steps(net, lower, upper, y_lower, y_upper, step);
    }
};

template <class InputShape, std::size_t Units, class Time>
struct interval_model<gru_layer<double, InputShape, Units, reset_before, Time>> {
    using layer_type = gru_layer<double, InputShape, Units, reset_before, Time>;
    static constexpr bool is_known = detail::gru_is_known<typename Time::activations>;
    using of_gate = typename Time::activations::gate;
    using of_candidate = typename Time::activations::candidate;

    template <class T, class Net>
    static constexpr bool over(const Net& net, const double* lower, const double* upper, double* y_lower,
                               double* y_upper) {
        const auto step = [&net](const detail::interval* x, detail::interval* state, detail::interval* next,
                                 bool& finite) {
            detail::interval reset_state[Units]{}, update[Units]{};
            const auto gate_of = [&](std::size_t gate) {
                auto sum = detail::input_part<T>(net, x, gate);
                detail::add_recurrent_part(sum, net.recurrent_weights.values, 2 * Units, gate, state, Units);
                return detail::inside_step<T, of_gate>(sum.rounded(finite), finite);
            };
            for (std::size_t i = 0; i < Units; ++i) {
                detail::interval_sum<T> product;
                product.add_product(gate_of(i), state[i]);
                reset_state[i] = product.rounded(finite);
                update[i] = gate_of(Units + i);
            }
            for (std::size_t i = 0; i < Units; ++i) {
                auto sum = detail::input_part<T>(net, x, 2 * Units + i);
                detail::add_recurrent_part(sum, net.candidate_weights.values, Units, i, reset_state, Units);
                next[i] = detail::mixed<T>(detail::inside_step<T, of_candidate>(sum.rounded(finite), finite), update[i],
                                           state[i]);
            }
        };
        return detail::bound_steps(net, lower, upper, y_lower, y_upper, step);
    }
};

template <class InputShape, std::size_t Units, class Time>
struct interval_model<lstm_layer<double, InputShape, Units, Time>> {
    using layer_type = lstm_layer<double, InputShape, Units, Time>;
    static constexpr bool is_known = detail::lstm_is_known<typename Time::activations>;
    using of_gate = typename Time::activations::gate;
    using of_candidate = typename Time::activations::candidate;
    using of_cell = typename Time::activations::cell;

    template <class T, class Net>
    static constexpr bool over(const Net& net, const double* lower, const double* upper, double* y_lower,
                               double* y_upper) {
        // h, then c.
        const auto step = [&net](const detail::interval* x, detail::interval* state, detail::interval* next,
                                 bool& finite) {
            const auto sum_of = [&](std::size_t gate) {
                detail::interval_sum<T> recurrent;
                detail::add_recurrent_part(recurrent, net.recurrent_weights.values, layer_type::gates, gate, state,
                                           Units);
                const auto of_input = detail::input_part<T>(net, x, gate).rounded(finite);
                return detail::rounded_sum<T>(of_input, recurrent.rounded(finite), finite);
            };
            const auto gate_of = [&](std::size_t gate) {
                return detail::inside_step<T, of_gate>(sum_of(gate), finite);
            };
            for (std::size_t i = 0; i < Units; ++i) {
                detail::interval_sum<T> cell, output;
                cell.add_product(gate_of(Units + i), state[Units + i]);
                cell.add_product(gate_of(i), detail::inside_step<T, of_candidate>(sum_of(2 * Units + i), finite));
                state[Units + i] = detail::settled<T>(cell.rounded(finite));
                output.add_product(gate_of(3 * Units + i), detail::inside_step<T, of_cell>(state[Units + i], finite));
                next[i] = output.rounded(finite);
            }
        };
        return detail::bound_steps(net, lower, upper, y_lower, y_upper, step);
    }
};

template <class Layer>
struct interval_model<initial_state_layer<double, Layer>> : interval_model<Layer> {};

}  // namespace CTNN_NAMESPACE
