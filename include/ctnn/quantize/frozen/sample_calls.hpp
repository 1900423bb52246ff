// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The calls that frozen networks of integers and of real numbers share.

#include <ctnn/config.hpp>
#include <ctnn/network.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::detail {

/// One sample as a list, and the sentence for a sample of another shape. `Frozen` has `forward(x, y)`.
///
/// *Errors*: "ctnn::network: the input has another shape than the network expects".
template <class Frozen, class Network>
struct sample_calls {
    template <std::size_t Count>
    constexpr typename Network::output_type operator()(const typename Network::value_type (&x)[Count]) const {
        using input_shape = typename Network::input_shape;
        static_assert(input_has_shape<given<shape<Count>>, expects<shape<input_shape::size>>>,
                      "ctnn::network: the input has another shape than the network expects");
        typename Network::output_type y{};
        if constexpr (Count == input_shape::size) static_cast<const Frozen&>(*this).forward(x, y.values);
        return y;
    }
    template <class U, std::size_t... Extents>
    constexpr typename Network::output_type operator()(const tensor<U, shape<Extents...>>&) const {
        static_assert(input_has_shape<given<shape<Extents...>>, expects<typename Network::input_shape>>,
                      "ctnn::network: the input has another shape than the network expects");
        return {};
    }
};

}  // namespace CTNN_NAMESPACE::detail
