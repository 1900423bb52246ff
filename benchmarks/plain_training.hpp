// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Training as plain loops over arrays of constant size. With float it is a contender, with double the reference.

#include "plain.hpp"

#include <ctnn.hpp>

#include <cmath>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace plain {

/// SGD, and Adam with its default hyperparameters.
template <class T>
struct sgd {
    struct moments {};
    T rate;

    void next() {}
    void update(T& parameter, T gradient, moments&) const { parameter -= rate * gradient; }
};
template <class T>
struct adam {
    struct moments {
        T mean = 0, square = 0;
    };
    static constexpr T beta1 = static_cast<T>(0.9), beta2 = static_cast<T>(0.999), epsilon = static_cast<T>(1e-8);
    T rate;
    T power1 = 1, power2 = 1, step = 0, root_scale = 0;

    void next() {
        power1 *= beta1;
        power2 *= beta2;
        step = rate / (1 - power1);
        root_scale = 1 / std::sqrt(1 - power2);
    }
    void update(T& parameter, T gradient, moments& state) const {
        state.mean = beta1 * state.mean + (1 - beta1) * gradient;
        state.square = beta2 * state.square + (1 - beta2) * gradient * gradient;
        parameter -= step * state.mean / (std::sqrt(state.square) * root_scale + epsilon);
    }
};

/// The derivative of an activation, from its output.
template <class T>
T derivative(ctnn::identity, T) {
    return 1;
}
template <class T>
T derivative(ctnn::sigmoid, T y) {
    return y * (1 - y);
}
template <class T>
T derivative(ctnn::relu, T y) {
    return y > 0 ? T{1} : T{0};
}

/// Dense layers with `Hidden` between them; at the end `Last` with the mean squared error, or, if it is softmax, with
/// cross entropy. Weights are stored inputs x outputs.
template <class T, class Optimizer, class Hidden, class Last, std::size_t Batch, class Sizes,
          class Index = std::make_index_sequence<Sizes::rank - 1>>
class training;
template <class T, class Optimizer, class Hidden, class Last, std::size_t Batch, class Sizes, std::size_t... Index>
class training<T, Optimizer, Hidden, Last, Batch, Sizes, std::index_sequence<Index...>> {
    template <std::size_t Inputs, std::size_t Outputs>
    struct layer {
        T weights[Inputs * Outputs], bias[Outputs];
        T weight_gradient[Inputs * Outputs], bias_gradient[Outputs];
        typename Optimizer::moments weight_moments[Inputs * Outputs], bias_moments[Outputs];
        T y[Batch * Outputs], dy[Batch * Outputs];
    };
    static constexpr std::size_t inputs = Sizes::extent(0), last = sizeof...(Index) - 1,
                                 outputs = Sizes::extent(last + 1);

  public:
    template <class Net>
    training(const Net& net, const std::vector<std::vector<float>>& batches,
             const std::vector<std::vector<float>>& targets, T rate)
        : optimizer_{rate} {
        (copy_layer(std::get<Index>(layers_), ctnn::get<Index>(net)), ...);
        for (const auto& batch : batches) x_.emplace_back(batch.begin(), batch.end());
        for (const auto& target : targets) targets_.emplace_back(target.begin(), target.end());
    }

    T step(std::size_t batch) {
        const T* const x = x_[batch].data();
        (forward<Index>(x), ...);
        const T loss = start_backward(targets_[batch].data());
        optimizer_.next();
        (backward<last - Index>(x), ...);
        return loss;
    }

    std::vector<double> parameters() const {
        std::vector<double> result;
        const auto append = [&](const auto& here) {
            result.insert(result.end(), std::begin(here.weights), std::end(here.weights));
            result.insert(result.end(), std::begin(here.bias), std::end(here.bias));
        };
        (append(std::get<Index>(layers_)), ...);
        return result;
    }

  private:
    template <class Layer, class From>
    static void copy_layer(Layer& to, const From& from) {
        copy(to.weights, from.weights);
        copy(to.bias, from.bias);
    }

    template <std::size_t I>
    const T* input_of(const T* x) const {
        if constexpr (I == 0)
            return x;
        else
            return std::get<I - 1>(layers_).y;
    }

    template <std::size_t I>
    void forward(const T* first) {
        constexpr std::size_t ins = Sizes::extent(I), outs = Sizes::extent(I + 1);
        auto& here = std::get<I>(layers_);
        const T* const x = input_of<I>(first);
        for (std::size_t s = 0; s < Batch; ++s) {
            T* const y = here.y + s * outs;
            // Local accumulators cannot alias.
            T sums[outs];
            for (std::size_t o = 0; o < outs; ++o) sums[o] = here.bias[o];
            for (std::size_t i = 0; i < ins; ++i)
                for (std::size_t o = 0; o < outs; ++o) sums[o] += here.weights[i * outs + o] * x[s * ins + i];
            for (std::size_t o = 0; o < outs; ++o) y[o] = sums[o];
            activate<outs>(std::conditional_t<I == last, Last, Hidden>{}, y);
        }
    }

    /// The loss, and dL/dz of the last pre-activation.
    T start_backward(const T* target) {
        auto& here = std::get<last>(layers_);
        T loss = 0;
        for (std::size_t i = 0; i < Batch * outputs; ++i) {
            if constexpr (std::is_same_v<Last, ctnn::softmax>) {
                if (target[i] > 0) loss -= target[i] * std::log(here.y[i]) / Batch;
                here.dy[i] = (here.y[i] - target[i]) / Batch;
            } else {
                const T error = here.y[i] - target[i];
                loss += error * error / (Batch * outputs);
                here.dy[i] = 2 * error / (Batch * outputs) * derivative(Last{}, here.y[i]);
            }
        }
        return loss;
    }

    template <std::size_t I>
    void backward(const T* first) {
        constexpr std::size_t ins = Sizes::extent(I), outs = Sizes::extent(I + 1);
        auto& here = std::get<I>(layers_);
        const T* const x = input_of<I>(first);
        if constexpr (I > 0) {
            auto& below = std::get<I - 1>(layers_);
            for (std::size_t s = 0; s < Batch; ++s)
                for (std::size_t i = 0; i < ins; ++i) {
                    T sum = 0;
                    for (std::size_t o = 0; o < outs; ++o) sum += here.weights[i * outs + o] * here.dy[s * outs + o];
                    below.dy[s * ins + i] = sum * derivative(Hidden{}, below.y[s * ins + i]);
                }
        }
        for (T& gradient : here.weight_gradient) gradient = 0;
        for (T& gradient : here.bias_gradient) gradient = 0;
        for (std::size_t s = 0; s < Batch; ++s) {
            for (std::size_t i = 0; i < ins; ++i)
                for (std::size_t o = 0; o < outs; ++o)
                    here.weight_gradient[i * outs + o] += x[s * ins + i] * here.dy[s * outs + o];
            for (std::size_t o = 0; o < outs; ++o) here.bias_gradient[o] += here.dy[s * outs + o];
        }
        for (std::size_t i = 0; i < ins * outs; ++i)
            optimizer_.update(here.weights[i], here.weight_gradient[i], here.weight_moments[i]);
        for (std::size_t o = 0; o < outs; ++o)
            optimizer_.update(here.bias[o], here.bias_gradient[o], here.bias_moments[o]);
    }

    std::tuple<layer<Sizes::extent(Index), Sizes::extent(Index + 1)>...> layers_{};
    Optimizer optimizer_;
    std::vector<std::vector<T>> x_, targets_;
};

}  // namespace plain
