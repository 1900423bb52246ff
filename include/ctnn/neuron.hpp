// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// One neuron.

#include <ctnn/activation/activate.hpp>
#include <ctnn/activation/sigmoid.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/product/matrix_product.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/define_struct.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// Whether a neuron gets as many inputs as it has weights. It is false where it is named in an error.
template <std::size_t Given, std::size_t Weights>
inline constexpr bool neuron_takes_inputs = Given == Weights;

/// y = activation(w . x + b).
///
/// Template parameters: `Inputs`, at least 1; `Activation`, elementwise, `sigmoid` unless given; `T`, float or double.
/// The sum starts with b and adds w[i] x[i] from the first input to the last, as `dense<1>` does.
/// *Cost*: Inputs multiply-accumulates. *Errors*: "ctnn::neuron: as many inputs as weights".
/// *Example*: `constexpr neuron<2> n{.weights = {0, 1}, .bias = 4}; static_assert(n({2, 3}) > 0.99);`
template <std::size_t Inputs, class Activation = sigmoid, class T = double>
struct neuron {
    using value_type = T;
    using weights_type = tensor<T, shape<Inputs>>;

    BOOST_HANA_DEFINE_STRUCT(neuron, (weights_type, weights), (T, bias));

    friend constexpr bool operator==(const neuron&, const neuron&) = default;

    template <std::size_t Count>
    constexpr T operator()(const T (&x)[Count]) const {
        static_assert(neuron_takes_inputs<Count, Inputs>, "ctnn::neuron: as many inputs as weights");
        T y{};
        if constexpr (Count == Inputs)
            kernel::matrix_product<kernel::forward_size<T, 1, 1, Inputs>, kernel::from_bias>(x, weights.values, &bias,
                                                                                             &y);
        if constexpr (elementwise_activation<Activation, T>)
            return Activation{}(y);
        else
            return y;
    }
    constexpr T operator()(const tensor<T, shape<Inputs>>& x) const { return (*this)(x.values); }

    static_assert(elementwise_activation<Activation, T>, "ctnn::neuron: the activation is elementwise");
};

}  // namespace CTNN_NAMESPACE
