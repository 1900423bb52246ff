// SPDX-License-Identifier: BSL-1.0
// Inference, one sample at a time, beside the same written by hand with fixed-size Eigen.
#define EIGEN_STACK_ALLOCATION_LIMIT 0
#include "compare.hpp"

#include <ctnn.hpp>

#include <Eigen/Core>

#include <cmath>
#include <memory>
#include <tuple>
#include <utility>

namespace {

/// One layer by hand: weights are outputs x inputs in the storage order `Order`.
template <int Inputs, int Outputs, int Order>
struct eigen_layer {
    // Eigen has one order for a row and one for a column.
    using matrix = Eigen::Matrix<float, Outputs, Inputs, Outputs == 1 ? +Eigen::RowMajor : Order>;
    using vector = Eigen::Matrix<float, Outputs, 1>;

    matrix weights;
    vector bias;
    vector output;
};

/// How each activation of ctnn is written with Eigen.
template <class Vector>
void activate(ctnn::sigmoid, Vector& y) {
    y = y.array().logistic().matrix();
}
template <class Vector>
void activate(ctnn::tanh, Vector& y) {
    y = y.array().tanh().matrix();
}
template <class Vector>
void activate(ctnn::relu, Vector& y) {
    y = y.cwiseMax(0.0f);
}
template <class Vector>
void activate(ctnn::identity, Vector&) {}
template <class Vector>
void activate(ctnn::softmax, Vector& y) {
    y = (y.array() - y.maxCoeff()).exp().matrix();
    y *= 1 / y.sum();
}

/// A network by hand, with the activation `Hidden` between its layers and `Last` at the end.
template <int Order, class Hidden, class Last, class Sizes, class Index = std::make_index_sequence<Sizes::rank - 1>>
struct eigen_network;
template <int Order, class Hidden, class Last, class Sizes, std::size_t... Index>
struct eigen_network<Order, Hidden, Last, Sizes, std::index_sequence<Index...>> {
    static constexpr std::size_t last = sizeof...(Index) - 1;
    std::tuple<eigen_layer<int{Sizes::extent(Index)}, int{Sizes::extent(Index + 1)}, Order>...> layers;
    Eigen::Matrix<float, int{Sizes::extent(0)}, 1> x;

    template <class Net>
    explicit eigen_network(const Net& net) {
        (copy(std::get<Index>(layers), ctnn::get<Index>(net)), ...);
    }
    template <int Inputs, int Outputs, class Layer>
    static void copy(eigen_layer<Inputs, Outputs, Order>& to, const Layer& from) {
        for (int o = 0; o < Outputs; ++o) {
            for (int i = 0; i < Inputs; ++i) to.weights(o, i) = from.weights(i, o);
            to.bias(o) = from.bias[static_cast<std::size_t>(o)];
        }
    }

    const float* evaluate() {
        (forward<Index>(), ...);
        return std::get<last>(layers).output.data();
    }
    template <std::size_t I>
    void forward() {
        auto& layer = std::get<I>(layers);
        // The product adds to its target: no pass of its own for the bias.
        layer.output = layer.bias;
        if constexpr (I == 0)
            layer.output.noalias() += layer.weights * x;
        else
            layer.output.noalias() += layer.weights * std::get<I - 1>(layers).output;
        activate(std::conditional_t<I == last, Last, Hidden>{}, layer.output);
    }
};

/// A network in ctnn and by hand. Each call takes its first input from the result of the call before it, so that calls
/// do not overlap.
template <class Net, class Hidden, class Last, class Sizes>
struct problem {
    template <int Order>
    using by_hand = eigen_network<Order, Hidden, Last, Sizes>;
    static constexpr std::size_t inputs = Net::input_shape::size;
    static constexpr std::size_t outputs = Net::output_shape::size;
    static constexpr float share = 1e-6f;

    /// At cache lines, as Eigen places what it owns.
    struct placed {
        alignas(64) Net net;
        alignas(64) ctnn::tensor<float, ctnn::shape<inputs>> x;
    };

    Net net{};
    ctnn::tensor<float, ctnn::shape<inputs>> x;

    problem() {
        unsigned seed = 1;
        ctnn::for_each_parameter(net, [&](auto, const char*, auto& parameter) {
            compare::fill(parameter.values, parameter.size(), 1 / std::sqrt(float{inputs}), seed++);
        });
        compare::fill(x.values, inputs, 1, 100);
    }

    template <int Order>
    void add_eigen(const std::string& name) const {
        const auto check = std::make_unique<by_hand<Order>>(net);
        std::copy(x.begin(), x.end(), check->x.data());
        compare::must_agree(name, net(x).values, check->evaluate(), outputs, 1e-5f);

        benchmark::RegisterBenchmark(name.c_str(), [this](benchmark::State& state) {
            const auto other = std::make_unique<by_hand<Order>>(net);
            std::copy(x.begin(), x.end(), other->x.data());
            const float first = x[0];
            for (auto _ : state) {
                const float* y = other->evaluate();
                other->x[0] = first + share * y[0];
                benchmark::ClobberMemory();
            }
        });
    }

    /// Checks the contenders against each other, and registers them.
    void add(const std::string& name, std::vector<compare::contest>& contests) const {
        add_eigen<Eigen::ColMajor>(name + "/eigen");
        add_eigen<Eigen::RowMajor>(name + "/eigen by rows");
        benchmark::RegisterBenchmark((name + "/ctnn").c_str(), [this](benchmark::State& state) {
            const auto own = std::make_unique<placed>(placed{net, x});
            const float first = x[0];
            for (auto _ : state) {
                const auto y = own->net(own->x);
                own->x[0] = first + share * y[0];
                benchmark::ClobberMemory();
            }
        });
        contests.push_back({name, 2.0 * Net::multiply_accumulates});
    }
};

template <class Hidden, class Last, std::size_t Inputs, std::size_t... Outputs>
void add(const std::string& name, std::vector<compare::contest>& contests) {
    constexpr std::size_t layers = sizeof...(Outputs);
    auto problem_of = []<std::size_t... Index>(std::index_sequence<Index...>) {
        using net = ctnn::network<float, ctnn::input<Inputs>,
                                  ctnn::dense<Outputs, std::conditional_t<Index + 1 == layers, Last, Hidden>>...>;
        return std::make_unique<problem<net, Hidden, Last, ctnn::shape<Inputs, Outputs...>>>();
    };
    static const auto data = problem_of(std::make_index_sequence<layers>{});
    data->add(name, contests);
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<compare::contest> contests;
    add<ctnn::sigmoid, ctnn::sigmoid, 2, 2, 1>("2-2-1 sigmoid", contests);
    add<ctnn::tanh, ctnn::identity, 4, 64, 64, 2>("4-64-64-2 tanh", contests);
    add<ctnn::relu, ctnn::identity, 4, 64, 64, 2>("4-64-64-2 relu", contests);
    add<ctnn::relu, ctnn::softmax, 64, 32, 10>("64-32-10 relu, softmax", contests);
    add<ctnn::relu, ctnn::softmax, 784, 128, 10>("784-128-10 relu, softmax", contests);
    return compare::run(argc, argv, contests);
}
