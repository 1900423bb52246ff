// SPDX-License-Identifier: BSL-1.0
// RNN, GRU and LSTM by the equations of the ONNX standard.
#include "evaluate_onnx/activations.hpp"
#include "evaluate_onnx/operators.hpp"
#include "graph/recurrent.hpp"

#include <algorithm>
#include <cmath>

namespace ctnn_import {

namespace {

double unclipped(const step_activation& f, double x) {
    const double a = f.alpha, b = f.beta;
    if (f.name == "Sigmoid") return onnx_sigmoid(x);
    if (f.name == "Tanh") return onnx_tanh(x);
    if (f.name == "Relu") return onnx_relu(x);
    if (f.name == "Softsign") return x / (1 + std::abs(x));
    if (f.name == "Softplus") return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
    if (f.name == "LeakyRelu") return x < 0 ? a * x : x;
    if (f.name == "Elu") return x < 0 ? a * std::expm1(x) : x;
    if (f.name == "ThresholdedRelu") return x > a ? x : 0;
    if (f.name == "Affine") return a * x + b;
    if (f.name == "ScaledTanh") return a * std::tanh(b * x);
    return std::max(0.0, std::min(1.0, a * x + b));
}

/// An activation with the clip before it.
struct scalar_function {
    step_activation f;
    double clip;

    double operator()(double x) const { return unclipped(f, clip > 0 ? std::max(-clip, std::min(x, clip)) : x); }
};

/// The tensors of one direction.
struct cell {
    const double *w, *r, *b, *peephole;  // the last two may be null
    std::vector<scalar_function> f;
};

/// The gate pre-activations of one sample: W x + b_w and R h + b_r, kept separate for GRU.
struct sums {
    std::vector<double> of_input, of_state;
};

sums gates_of(const recurrence& how, const cell& one, const double* x, const double* h) {
    const auto rows = static_cast<std::size_t>(how.gates * how.units);
    sums result{std::vector<double>(rows), std::vector<double>(rows)};
    for (std::size_t row = 0; row < rows; ++row) {
        double input = one.b ? one.b[row] : 0, state = one.b ? one.b[rows + row] : 0;
        const auto at = static_cast<std::int64_t>(row);
        for (std::int64_t k = 0; k < how.features; ++k) input += one.w[at * how.features + k] * x[k];
        for (std::int64_t k = 0; k < how.units; ++k) state += one.r[at * how.units + k] * h[k];
        result.of_input[row] = input;
        result.of_state[row] = state;
    }
    return result;
}

void step_rnn(const recurrence& how, const cell& one, const double* x, std::vector<double>& h) {
    const sums s = gates_of(how, one, x, h.data());
    for (std::size_t i = 0; i < h.size(); ++i) h[i] = one.f[0](s.of_input[i] + s.of_state[i]);
}

/// Gate order z r h.
void step_gru(const recurrence& how, const cell& one, const double* x, std::vector<double>& h) {
    const sums s = gates_of(how, one, x, h.data());
    const std::size_t units = h.size();
    std::vector<double> z(units), reset(units), candidate(units);
    for (std::size_t i = 0; i < units; ++i) {
        z[i] = one.f[0](s.of_input[i] + s.of_state[i]);
        reset[i] = one.f[0](s.of_input[units + i] + s.of_state[units + i]);
    }
    for (std::size_t i = 0; i < units; ++i) {
        const std::size_t row = 2 * units + i;
        double state = reset[i] * s.of_state[row];
        if (!how.linear_before_reset) {
            state = one.b ? one.b[3 * units + row] : 0;
            for (std::size_t k = 0; k < units; ++k) state += one.r[row * units + k] * (reset[k] * h[k]);
        }
        candidate[i] = one.f[1](s.of_input[row] + state);
    }
    for (std::size_t i = 0; i < units; ++i) h[i] = (1 - z[i]) * candidate[i] + z[i] * h[i];
}

/// Gate order i o f c, peephole order i o f.
void step_lstm(const recurrence& how, const cell& one, const double* x, std::vector<double>& h,
               std::vector<double>& c) {
    const sums s = gates_of(how, one, x, h.data());
    const std::size_t units = h.size();
    const auto peep = [&](std::size_t gate, std::size_t i) {
        return one.peephole ? one.peephole[gate * units + i] : 0;
    };
    const auto sum = [&](std::size_t gate, std::size_t i) {
        return s.of_input[gate * units + i] + s.of_state[gate * units + i];
    };
    for (std::size_t i = 0; i < units; ++i) {
        const double in = one.f[0](sum(0, i) + peep(0, i) * c[i]);
        const double forget = how.couples_gates ? 1 - in : one.f[0](sum(2, i) + peep(2, i) * c[i]);
        c[i] = forget * c[i] + in * one.f[1](sum(3, i));
        const double out = one.f[0](sum(1, i) + peep(1, i) * c[i]);
        h[i] = out * one.f[2](c[i]);
    }
}

const double* part(const call& of, std::size_t index, std::int64_t direction, std::int64_t size) {
    return of.has(index) ? of.reals(index).data() + direction * size : nullptr;
}

std::vector<array> recurrent(const call& of) {
    std::vector<extents> shapes;
    for (std::size_t i = 0; i < of.inputs.size(); ++i) shapes.push_back(of.has(i) ? of.input(i).dims : extents{});
    const recurrence how = recurrence_of(of.what, shapes);
    const bool lstm = of.what.op == "LSTM";
    if (of.has(4))
        for (const std::int64_t length : of.integers(4))
            if (length != how.length) of.refuse("sequence_lens is shorter than the sequence");
    const extents state_dims =
        how.batch_first ? extents{how.batch, how.directions, how.units} : extents{how.directions, how.batch, how.units};
    for (std::size_t index = 5; index < 7; ++index)
        if (of.has(index) && of.input(index).dims != state_dims)
            of.refuse("an initial state is " + text_of(of.input(index).dims) + ", and not " + text_of(state_dims));
    if (of.has(7) && of.input(7).dims != extents{how.directions, 3 * how.units})
        of.refuse("P is " + text_of(of.input(7).dims));
    array y = reals_of(of, how.batch_first ? extents{how.batch, how.length, how.directions, how.units}
                                           : extents{how.length, how.directions, how.batch, how.units});
    array last = reals_of(of, state_dims), last_cell = reals_of(of, state_dims);
    limit_work(of, {how.length, how.batch, how.directions, how.gates, how.units, how.features + how.units});
    const auto units = static_cast<std::size_t>(how.units);
    for (std::int64_t d = 0; d < how.directions; ++d) {
        const std::int64_t rows = how.gates * how.units;
        cell one{part(of, 1, d, rows * how.features),
                 part(of, 2, d, rows * how.units),
                 part(of, 3, d, 2 * rows),
                 lstm ? part(of, 7, d, 3 * how.units) : nullptr,
                 {}};
        for (const step_activation& f : how.activations_of(d)) one.f.push_back({f, one.f.size() < 2 ? how.clip : 0});
        for (std::int64_t n = 0; n < how.batch; ++n) {
            const std::int64_t at_state = (how.batch_first ? n * how.directions + d : d * how.batch + n) * how.units;
            std::vector<double> h(units), c(units);
            for (std::size_t i = 0; i < units; ++i) {
                const std::size_t at = static_cast<std::size_t>(at_state) + i;
                if (of.has(5)) h[i] = of.reals(5)[at];
                if (lstm && of.has(6)) c[i] = of.reals(6)[at];
            }
            for (std::int64_t step = 0; step < how.length; ++step) {
                const std::int64_t t = how.backwards || d == 1 ? how.length - 1 - step : step;
                const double* const x =
                    of.reals(0).data() + (how.batch_first ? n * how.length + t : t * how.batch + n) * how.features;
                if (lstm)
                    step_lstm(how, one, x, h, c);
                else if (of.what.op == "GRU")
                    step_gru(how, one, x, h);
                else
                    step_rnn(how, one, x, h);
                const std::int64_t to = how.batch_first ? (n * how.length + t) * how.directions + d
                                                        : (t * how.directions + d) * how.batch + n;
                for (std::size_t i = 0; i < units; ++i) y.reals()[static_cast<std::size_t>(to * how.units) + i] = h[i];
            }
            for (std::size_t i = 0; i < units; ++i) {
                last.reals()[static_cast<std::size_t>(at_state) + i] = h[i];
                last_cell.reals()[static_cast<std::size_t>(at_state) + i] = c[i];
            }
        }
    }
    std::vector<array> results{std::move(y), std::move(last)};
    if (lstm) results.push_back(std::move(last_cell));
    return results;
}

}  // namespace

void add_recurrent(operation_table& table) {
    table.insert({{"RNN", recurrent}, {"GRU", recurrent}, {"LSTM", recurrent}});
}

}  // namespace ctnn_import
