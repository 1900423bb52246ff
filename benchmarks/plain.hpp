// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The networks of the benchmarks as plain loops over arrays of constant size. With float they are contenders, with
/// double the reference with which all contenders are compared.

#include <ctnn.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>
#include <utility>
#include <vector>

namespace plain {

/// The storage order of weights: outputs x inputs, or inputs x outputs.
enum class order { rows, columns };

template <class T>
T sigmoid(T x) {
    return 1 / (1 + std::exp(-x));
}

template <std::size_t Size, class T>
void activate(ctnn::identity, T*) {}
template <std::size_t Size, class T>
void activate(ctnn::sigmoid, T* y) {
    for (std::size_t i = 0; i < Size; ++i) y[i] = sigmoid(y[i]);
}
template <std::size_t Size, class T>
void activate(ctnn::tanh, T* y) {
    for (std::size_t i = 0; i < Size; ++i) y[i] = std::tanh(y[i]);
}
template <std::size_t Size, class T>
void activate(ctnn::relu, T* y) {
    for (std::size_t i = 0; i < Size; ++i) y[i] = y[i] > 0 ? y[i] : 0;
}
template <std::size_t Size, class T>
void activate(ctnn::softmax, T* y) {
    T largest = y[0], sum = 0;
    for (std::size_t i = 1; i < Size; ++i) largest = std::max(largest, y[i]);
    for (std::size_t i = 0; i < Size; ++i) sum += y[i] = std::exp(y[i] - largest);
    for (std::size_t i = 0; i < Size; ++i) y[i] /= sum;
}

/// A weight matrix.
template <class T, order Order, std::size_t Inputs, std::size_t Outputs>
struct matrix {
    T numbers[Inputs * Outputs];

    T& at(std::size_t i, std::size_t o) { return numbers[Order == order::rows ? o * Inputs + i : i * Outputs + o]; }
    template <class Tensor>
    void copy(const Tensor& in_by_out) {
        for (std::size_t i = 0; i < Inputs; ++i)
            for (std::size_t o = 0; o < Outputs; ++o) at(i, o) = static_cast<T>(in_by_out.values[i * Outputs + o]);
    }
    /// y += x W
    void add_product(const T* x, T* y) const {
        if constexpr (Order == order::rows) {
            for (std::size_t o = 0; o < Outputs; ++o) {
                T sum = y[o];
                for (std::size_t i = 0; i < Inputs; ++i) sum += numbers[o * Inputs + i] * x[i];
                y[o] = sum;
            }
        } else {
            // Local accumulators cannot alias.
            T sums[Outputs];
            for (std::size_t o = 0; o < Outputs; ++o) sums[o] = y[o];
            for (std::size_t i = 0; i < Inputs; ++i)
                for (std::size_t o = 0; o < Outputs; ++o) sums[o] += numbers[i * Outputs + o] * x[i];
            for (std::size_t o = 0; o < Outputs; ++o) y[o] = sums[o];
        }
    }
};

template <class T, class Tensor>
void copy(T* to, const Tensor& from) {
    for (std::size_t i = 0; i < from.size(); ++i) to[i] = static_cast<T>(from.values[i]);
}

/// Dense layers with the activation `Hidden` between them and `Last` at the end, for `Batch` samples.
template <class T, order Order, class Hidden, class Last, std::size_t Batch, class Sizes,
          class Index = std::make_index_sequence<Sizes::rank - 1>>
class dense;
template <class T, order Order, class Hidden, class Last, std::size_t Batch, class Sizes, std::size_t... Index>
class dense<T, Order, Hidden, Last, Batch, Sizes, std::index_sequence<Index...>> {
    template <std::size_t Inputs, std::size_t Outputs>
    struct layer {
        matrix<T, Order, Inputs, Outputs> weights;
        T bias[Outputs];
        T output[Batch * Outputs];
    };
    static constexpr std::size_t last = sizeof...(Index) - 1;

  public:
    template <class Net>
    explicit dense(const Net& net) {
        (copy_layer(std::get<Index>(layers_), ctnn::get<Index>(net)), ...);
    }
    T* input() { return x_; }
    const T* evaluate() {
        (forward<Index>(), ...);
        return std::get<last>(layers_).output;
    }

  private:
    template <class Layer, class From>
    static void copy_layer(Layer& to, const From& from) {
        to.weights.copy(from.weights);
        copy(to.bias, from.bias);
    }
    template <std::size_t I>
    void forward() {
        constexpr std::size_t inputs = Sizes::extent(I), outputs = Sizes::extent(I + 1);
        auto& here = std::get<I>(layers_);
        const T* from = x_;
        if constexpr (I > 0) from = std::get<I - 1>(layers_).output;
        for (std::size_t sample = 0; sample < Batch; ++sample) {
            T* const y = here.output + sample * outputs;
            for (std::size_t o = 0; o < outputs; ++o) y[o] = here.bias[o];
            here.weights.add_product(from + sample * inputs, y);
            activate<outputs>(std::conditional_t<I == last, Last, Hidden>{}, y);
        }
    }

    std::tuple<layer<Sizes::extent(Index), Sizes::extent(Index + 1)>...> layers_;
    T x_[Batch * Sizes::extent(0)];
};

/// An activation alone.
template <class T, class Activation, std::size_t Size>
class activation {
  public:
    T* input() { return x_; }
    const T* evaluate() {
        for (std::size_t i = 0; i < Size; ++i) y_[i] = x_[i];
        activate<Size>(Activation{}, y_);
        return y_;
    }

  private:
    T x_[Size], y_[Size];
};

/// One time step of a gated recurrent unit per call.
template <class T, order Order, std::size_t Inputs, std::size_t Units>
class gru {
  public:
    template <class Net>
    explicit gru(const Net& net) {
        const auto& layer = ctnn::get<0>(net);
        by_input_.copy(layer.weights);
        by_state_.copy(layer.recurrent_weights);
        copy(bias_, layer.bias);
        copy(state_bias_, layer.recurrent_bias);
    }
    T* input() { return x_; }
    const T* evaluate() {
        T gates[3 * Units], of_state[3 * Units];
        for (std::size_t i = 0; i < 3 * Units; ++i) gates[i] = bias_[i];
        for (std::size_t i = 0; i < 3 * Units; ++i) of_state[i] = state_bias_[i];
        by_input_.add_product(x_, gates);
        by_state_.add_product(h_, of_state);
        for (std::size_t i = 0; i < 2 * Units; ++i) gates[i] = sigmoid(gates[i] + of_state[i]);
        for (std::size_t i = 0; i < Units; ++i) {
            const T candidate = std::tanh(gates[2 * Units + i] + gates[i] * of_state[2 * Units + i]);
            h_[i] = candidate + gates[Units + i] * (h_[i] - candidate);
        }
        return h_;
    }

  private:
    matrix<T, Order, Inputs, 3 * Units> by_input_;
    matrix<T, Order, Units, 3 * Units> by_state_;
    T bias_[3 * Units], state_bias_[3 * Units], x_[Inputs], h_[Units]{};
};

/// One time step of a long short-term memory per call.
template <class T, order Order, std::size_t Inputs, std::size_t Units>
class lstm {
  public:
    template <class Net>
    explicit lstm(const Net& net) {
        const auto& layer = ctnn::get<0>(net);
        by_input_.copy(layer.weights);
        by_state_.copy(layer.recurrent_weights);
        copy(bias_, layer.bias);
    }
    T* input() { return x_; }
    const T* evaluate() {
        T gates[4 * Units];
        for (std::size_t i = 0; i < 4 * Units; ++i) gates[i] = bias_[i];
        by_input_.add_product(x_, gates);
        by_state_.add_product(h_, gates);
        for (std::size_t i = 0; i < Units; ++i) {
            c_[i] = sigmoid(gates[Units + i]) * c_[i] + sigmoid(gates[i]) * std::tanh(gates[2 * Units + i]);
            h_[i] = sigmoid(gates[3 * Units + i]) * std::tanh(c_[i]);
        }
        return h_;
    }

  private:
    matrix<T, Order, Inputs, 4 * Units> by_input_;
    matrix<T, Order, Units, 4 * Units> by_state_;
    T bias_[4 * Units], x_[Inputs], h_[Units]{}, c_[Units]{};
};

/// One time step of a causal convolution per call: the last inputs in a ring buffer, one small product for each tap of
/// the window.
template <class T, order Order, std::size_t Channels, std::size_t Window, std::size_t Dilation>
class causal_conv {
  public:
    template <class Net>
    explicit causal_conv(const Net& net) {
        const auto& layer = ctnn::get<0>(net);
        for (std::size_t f = 0; f < Channels; ++f)
            for (std::size_t c = 0; c < Channels; ++c)
                for (std::size_t i = 0; i < Window; ++i)
                    weights_[i].at(c, f) = static_cast<T>(layer.weights.values[(i * Channels + c) * Channels + f]);
        copy(bias_, layer.bias);
    }
    T* input() { return x_; }
    const T* evaluate() {
        newest_ = newest_ + 1 < span ? newest_ + 1 : 0;
        for (std::size_t c = 0; c < Channels; ++c) ring_[newest_][c] = x_[c];
        for (std::size_t f = 0; f < Channels; ++f) y_[f] = bias_[f];
        for (std::size_t i = 0; i < Window; ++i) {
            const std::size_t back = (Window - 1 - i) * Dilation;
            weights_[i].add_product(ring_[newest_ >= back ? newest_ - back : newest_ + span - back], y_);
        }
        return y_;
    }

  private:
    static constexpr std::size_t span = Dilation * (Window - 1) + 1;
    matrix<T, Order, Channels, Channels> weights_[Window];
    T bias_[Channels], x_[Channels], y_[Channels], ring_[span][Channels]{};
    std::size_t newest_ = 0;
};

/// The concatenated outputs of the first calls of a reference.
template <class Reference, class T>
std::vector<double> outputs_of(Reference& reference, const std::vector<T>& x, std::size_t outputs,
                               std::size_t calls = 1) {
    std::copy(x.begin(), x.end(), reference.input());
    std::vector<double> all;
    for (std::size_t i = 0; i < calls; ++i) {
        const double* y = reference.evaluate();
        all.insert(all.end(), y, y + outputs);
    }
    return all;
}

}  // namespace plain
