// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Networks of dense layers and their contenders.
#define EIGEN_STACK_ALLOCATION_LIMIT 0
#include "compare.hpp"
#include "dense_network.hpp"
#include "eigen_activations.hpp"
#include "peers/add.hpp"
#include "plain.hpp"

#include <ctnn.hpp>

#include <Eigen/Core>

#include <cmath>
#include <memory>
#include <new>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace dense {

/// Hand-written with Eigen: weights are outputs x inputs in the storage order `Order`, samples are columns. `Lazy`
/// computes products coefficient by coefficient, in place: faster for the smallest matrices, slower for others.
template <class T, int Order, bool Lazy, class Hidden, class Last, int Batch, class Sizes,
          class Index = std::make_index_sequence<Sizes::rank - 1>>
class eigen;
template <class T, int Order, bool Lazy, class Hidden, class Last, int Batch, class Sizes, std::size_t... Index>
class eigen<T, Order, Lazy, Hidden, Last, Batch, Sizes, std::index_sequence<Index...>> {
    template <int Inputs, int Outputs>
    struct layer {
        // Eigen requires row-major row vectors and column-major column vectors.
        static constexpr int order = Outputs == 1 ? +Eigen::RowMajor : Inputs == 1 ? +Eigen::ColMajor : Order;
        Eigen::Matrix<T, Outputs, Inputs, order> weights;
        Eigen::Matrix<T, Outputs, 1> bias;
        Eigen::Matrix<T, Outputs, Batch> output;

        template <class Layer>
        void copy(const Layer& from) {
            for (int o = 0; o < Outputs; ++o) {
                for (int i = 0; i < Inputs; ++i) weights(o, i) = from.weights(i, o);
                bias(o) = from.bias[static_cast<std::size_t>(o)];
            }
        }
    };
    static constexpr std::size_t last = sizeof...(Index) - 1;

  public:
    template <class Net>
    explicit eigen(const Net& net) {
        (std::get<Index>(layers_).copy(ctnn::get<Index>(net)), ...);
    }
    T* input() { return x_.data(); }
    CTNN_BENCH_FLATTEN const T* evaluate() {
        (forward<Index>(), ...);
        return std::get<last>(layers_).output.data();
    }

  private:
    template <std::size_t I>
    void forward() {
        auto& here = std::get<I>(layers_);
        using then = std::conditional_t<I == last, Last, Hidden>;
        const auto& x = [this]() -> const auto& {
            if constexpr (I == 0)
                return x_;
            else
                return std::get<I - 1>(layers_).output;
        }
        ();
        if constexpr (Lazy) {
            here.output = here.weights.lazyProduct(x) + here.bias;
        } else {
            // The product accumulates into its target: no separate pass for the bias.
            if constexpr (Batch == 1)
                here.output = here.bias;
            else
                here.output.colwise() = here.bias;
            here.output.noalias() += here.weights * x;
        }
        if constexpr (!std::is_same_v<then, ctnn::identity>) assign(then{}, here.output, here.output);
    }

    std::tuple<layer<int{Sizes::extent(Index)}, int{Sizes::extent(Index + 1)}>...> layers_;
    Eigen::Matrix<T, int{Sizes::extent(0)}, Batch> x_;
};

/// In ctnn, aligned to cache lines, as Eigen aligns its storage.
template <class T, class Net, std::size_t Batch>
class own {
    static constexpr std::size_t inputs = Net::input_shape::size, outputs = Net::output_shape::size;
    template <std::size_t Size>
    using samples = ctnn::tensor<T, std::conditional_t<Batch == 1, ctnn::shape<Size>, ctnn::shape<Batch, Size>>>;

  public:
    explicit own(const Net& net) : net_{net} {}
    T* input() { return x_.values; }
    const T* evaluate() {
        // In place, as in `const auto y = net(x);`.
        new (&y_) samples<outputs>(net_(x_));
        return y_.values;
    }

  private:
    alignas(64) Net net_;
    alignas(64) samples<inputs> x_{};
    alignas(64) samples<outputs> y_{};
};

/// A function that makes contenders from a network.
template <class Contender, class Net>
auto maker(const Net& net) {
    return [shared = std::make_shared<const Net>(net)] { return std::make_unique<Contender>(*shared); };
}

/// Adds a row: a network of random weights with the activation `Hidden` between its layers and `Last` at the end.
template <class T, class Hidden, class Last, std::size_t Batch, std::size_t Inputs, std::size_t... Outputs>
void add(const std::string& name) {
    using sizes = ctnn::shape<Inputs, Outputs...>;
    using net_type = dense_network<T, Hidden, Last, Inputs, Outputs...>;
    const auto net = std::make_unique<net_type>();
    unsigned seed = 1;
    ctnn::for_each_parameter(*net, [&](auto, const char*, auto& parameter) {
        compare::fill(parameter.values, parameter.size(), 1 / std::sqrt(double{Inputs}), seed++);
    });
    std::vector<T> x(Batch * Inputs);
    compare::fill(x.data(), x.size(), 1, 100);

    const auto reference =
        std::make_unique<plain::dense<double, plain::order::columns, Hidden, Last, Batch, sizes>>(*net);
    const compare::calls<T> row(name, {2.0 * Batch * net_type::multiply_accumulates, 1.0 * net_type::parameter_bytes},
                                x, plain::outputs_of(*reference, x, Batch * net_type::output_shape::size));
    row.add("ctnn", maker<own<T, net_type, Batch>>(*net));
    row.add("eigen", maker<eigen<T, Eigen::ColMajor, false, Hidden, Last, int{Batch}, sizes>>(*net));
    row.add("eigen by rows", maker<eigen<T, Eigen::RowMajor, false, Hidden, Last, int{Batch}, sizes>>(*net));
    if constexpr (Batch == 1 && Inputs <= 64) {
        row.add("lazy eigen", maker<eigen<T, Eigen::ColMajor, true, Hidden, Last, 1, sizes>>(*net));
        row.add("lazy eigen by rows", maker<eigen<T, Eigen::RowMajor, true, Hidden, Last, 1, sizes>>(*net));
    }
    row.add("plain by rows", maker<plain::dense<T, plain::order::rows, Hidden, Last, Batch, sizes>>(*net));
    row.add("plain by columns", maker<plain::dense<T, plain::order::columns, Hidden, Last, Batch, sizes>>(*net));
    if constexpr (std::is_same_v<T, float>) peers::add_all(row, peers::dense_network<Hidden, Last>(*net, Batch));
}

}  // namespace dense
