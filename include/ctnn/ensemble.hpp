// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The mean of the outputs of several networks, as one network.

#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/layer/graph/concatenate.hpp>
#include <ctnn/layer/pooling/global_pool.hpp>
#include <ctnn/layer/shape/reshape.hpp>
#include <ctnn/network.hpp>
#include <ctnn/shape.hpp>

#include <boost/hana/at.hpp>

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// Whether a network has a single output tensor; false where an error message shows it.
template <class Net>
inline constexpr bool has_one_output_tensor =
    std::is_same_v<typename Net::output_type, tensor<typename Net::value_type, typename Net::output_shape>>;

namespace detail {

template <std::size_t Index, class Type>
using repeated = Type;

/// The network that averages the outputs of `Count` networks: the outputs are the columns of a matrix, whose rows are averaged.
template <std::size_t Count>
struct ensemble_of {
    static_assert(Count > 0, "ctnn::ensemble: there is at least one network");

    template <class T, class Input, class... Specs>
    static auto find(const network<T, Input, Specs...>&) {
        using net = network<T, Input, Specs...>;
        static_assert(has_one_output_tensor<net>, "ctnn::ensemble: its networks have one output tensor");
        using member = branch<Specs..., reshape<net::output_shape::size, 1>>;
        return []<std::size_t... Index, std::size_t... Extents>(std::index_sequence<Index...>, shape<Extents...>) {
            using all = ctnn::concatenate<axis<1>, repeated<Index, member>...>;
            if constexpr (sizeof...(Extents) == 1)
                return std::type_identity<network<T, Input, all, global_average_pool>>{};
            else
                return std::type_identity<network<T, Input, all, global_average_pool, reshape<Extents...>>>{};
        }
        (std::make_index_sequence<Count>{}, typename net::output_shape{});
    }
};

template <class T, class Input, class... Specs>
network<T, Input, Specs...> network_type_of(const network<T, Input, Specs...>&);

}  // namespace detail

/// The type of a network that averages the outputs of `Count` networks of type `Net`: y = (y_0 + y_1 + ...) / Count.
///
/// It is a network as any other: it is saved, baked, proved, quantised and may be trained further. The mean is taken behind
/// the last activation: for `softmax` or `sigmoid` it is one of probabilities.
/// *Shapes*: those of `Net`. *Cost*: `Count` times that of `Net`, and `Count` additions for each output, in the order of
/// `global_average_pool`.
/// *Errors*: "ctnn::ensemble: there is at least one network", "ctnn::ensemble: its networks have one output tensor".
/// *Example*: `using committee = ensemble<net, 5>;`
template <class Net, std::size_t Count>
using ensemble = typename decltype(detail::ensemble_of<Count>::find(std::declval<const Net&>()))::type;

namespace detail {

template <class Net, std::size_t... Index, class Members>
constexpr auto ensemble_from(std::index_sequence<Index...>, const Members& members) {
    ensemble<Net, sizeof...(Index)> result{};
    if constexpr (Net::chain_type::has_parameters) {
        auto& branches = get<0>(result).branches;
        ((boost::hana::at_c<Index>(branches) = static_cast<const Net&>(members[Index]).layers), ...);
    }
    return result;
}

}  // namespace detail

/// The ensemble of networks of one type, or of results of `fit`, whose parameters it copies.
///
/// *Example*: `constexpr auto committee = make_ensemble(std::array{first, second, third});`
template <class Net, std::size_t Count>
constexpr auto make_ensemble(const std::array<Net, Count>& members) {
    using net = decltype(detail::network_type_of(std::declval<const Net&>()));
    return detail::ensemble_from<net>(std::make_index_sequence<Count>{}, members);
}
template <class Net, std::size_t Count>
constexpr auto make_ensemble(const Net (&members)[Count]) {
    using net = decltype(detail::network_type_of(std::declval<const Net&>()));
    return detail::ensemble_from<net>(std::make_index_sequence<Count>{}, members);
}

}  // namespace CTNN_NAMESPACE
