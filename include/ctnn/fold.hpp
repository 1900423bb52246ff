// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Batch normalisation folded into the layers before it.

#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/chain.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/activation.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/network.hpp>
#include <ctnn/parameters.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/pair.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

namespace detail {

template <class... Parts>
struct folded_list {};

/// A layer of the folded network: its spec, and the layers that it is made of: layer `First`, which was a `Source`, and
/// the normalisations after it.
template <class Spec, class Source, std::size_t First, std::size_t... Normalisations>
struct folded_part {
    using spec = Spec;
};
struct no_part {};

/// The result for a layer alone, or for one made of branches, which are folded separately.
template <class Layer, class Spec>
struct fold_alone {
    using type = Spec;
};

template <class Done, class Part>
struct with_part;
template <class... Done, class Part>
struct with_part<folded_list<Done...>, Part> {
    using type = folded_list<Done..., Part>;
};
template <class... Done>
struct with_part<folded_list<Done...>, no_part> {
    using type = folded_list<Done...>;
};

/// The result for the layers of a chain from `Index` on. `Done` are the parts before `Part`, to which the next layer
/// may still belong. A layer is a separate part...
template <class Chain, std::size_t Index, class Done, class Part, class... Specs>
struct fold_rest : with_part<Done, Part> {};
template <class Chain, std::size_t Index, class Done, class Part, class Spec, class... Rest>
struct fold_rest<Chain, Index, Done, Part, Spec, Rest...>
    : fold_rest<Chain, Index + 1, typename with_part<Done, Part>::type,
                folded_part<typename fold_alone<typename Chain::template layer<Index>, Spec>::type, Spec, Index>,
                Rest...> {};

/// ... or is dropped, if it has no effect outside training...
template <class Chain, std::size_t Index, class Done, class Part, class Spec, class... Rest>
requires(Spec::only_trains) struct fold_rest<Chain, Index, Done, Part, Spec, Rest...>
    : fold_rest<Chain, Index + 1, Done, Part, Rest...> {
};

/// Whether a layer can absorb the normalisation after it: both have the same feature dimension, and the layer has no
/// activation, nor has it absorbed one.
template <class Chain, std::size_t Index, std::size_t First, std::size_t... Normalisations>
inline constexpr bool absorbs = Chain::template layer<First>::feature_axis ==
                                    Chain::template layer<Index>::feature_axis&&
                                        std::is_same_v<typename Chain::template layer<First>::activation, identity> &&
                                (... &&
                                 std::is_same_v<typename Chain::template layer<Normalisations>::activation, identity>);

/// ... or is merged into the part before it.
template <class Chain, std::size_t Index, class Done, class Spec, class Source, std::size_t First,
          std::size_t... Normalisations, class Next, class... Rest>
requires requires {
    typename Next::folds_as;
    typename Spec::template rescaled<identity>;
    requires absorbs<Chain, Index, First, Normalisations...>;
}
struct fold_rest<Chain, Index, Done, folded_part<Spec, Source, First, Normalisations...>, Next, Rest...>
    : fold_rest<Chain, Index + 1, Done,
                folded_part<typename Spec::template rescaled<typename Chain::template layer<Index>::activation>, Source,
                            First, Normalisations..., Index>,
                Rest...> {};

/// The parts of a chain made from a list of specs.
template <class Chain, class... Specs>
using fold_chain = typename fold_rest<Chain, 0, folded_list<>, no_part, Specs...>::type;

template <class Chain, class Branch>
struct fold_branch;
template <class Chain, class... Specs>
struct fold_branch<Chain, branch<Specs...>> {
    using parts = fold_chain<Chain, Specs...>;
};

template <class Parts>
struct specs_of;
template <class... Parts>
struct specs_of<folded_list<Parts...>> {
    template <class T, class Input>
    using as_network = network<T, Input, typename Parts::spec...>;
    using as_branch = branch<typename Parts::spec...>;
};
/// No layer is left: a network has at least one.
template <>
struct specs_of<folded_list<>> {
    template <class T, class Input>
    using as_network = network<T, Input, activation<identity>>;
    using as_branch = branch<>;
};

template <class Layer, class Spec>
requires requires {
    typename Spec::folds_as;
}
struct fold_alone<Layer, Spec> {
    using type = typename Spec::folds_as;
};
/// The branches of a layer, or the nodes of a graph.
template <class Layer, class Spec>
requires requires {
    typename Spec::branches;
}
struct fold_alone<Layer, Spec> {
    template <class Branches, class Index = std::make_index_sequence<Layer::branch_count>>
    struct each;
    template <class... Branches, std::size_t... Index>
    struct each<branch_list<Branches...>, std::index_sequence<Index...>> {
        using type = typename Spec::template with_branches<typename specs_of<
            typename fold_branch<typename Layer::template chain_at<Index>, Branches>::parts>::as_branch...>;
    };
    using type = typename each<typename Spec::branches>::type;
};

// --- The values

/// Copies the members of one layer to another that has at least the same.
template <std::size_t... Index, class From, class To>
constexpr void copy_members(std::index_sequence<Index...>, const From& from, To& to) {
    (((boost::hana::second(boost::hana::at_c<Index>(members_of<To>))(to)) =
          boost::hana::second(boost::hana::at_c<Index>(members_of<From>))(from)),
     ...);
}

/// Applies a normalisation to the outputs of a layer.
template <class Normalisation, class To>
constexpr void absorb(const Normalisation& from, To& to) {
    typename Normalisation::feature_type factors, offsets;
    for (std::size_t f = 0; f < factors.size(); ++f) {
        factors[f] = from.factor(f);
        offsets[f] = from.offset(f);
    }
    to.rescale(factors.data(), offsets.data());
}

template <class Chain, class FoldedChain, class... Parts>
constexpr void fold_values(folded_list<Parts...>, const typename Chain::storage& from,
                           typename FoldedChain::storage& to);

template <std::size_t Index, class... Branches>
constexpr auto branch_at(branch_list<Branches...>) -> typename nth<Index, Branches...>::type;

template <class Spec, class From, class To>
constexpr void fold_first(const From& from, To& to) {
    if constexpr (std::is_same_v<From, To>) {
        to = from;
    } else if constexpr (is_composite<From>) {
        From::for_each_chain(
            [](auto index, auto chain, const auto& from_branch, auto& to_branch) {
                using chain_type = typename decltype(chain)::type;
                using spec = decltype(branch_at<index()>(typename Spec::branches{}));
                fold_values<chain_type, typename To::template chain_at<index()>>(
                    typename fold_branch<chain_type, spec>::parts{}, from_branch, to_branch);
            },
            from, to);
    } else if constexpr (requires { typename Spec::folds_as; }) {
        to = To::start();
        absorb(from, to);
    } else {
        copy_members(std::make_index_sequence<decltype(boost::hana::length(members_of<From>))::value>{}, from, to);
    }
}

template <class Chain, class FoldedChain, std::size_t Index, class Spec, class Source, std::size_t First,
          std::size_t... Normalisations>
constexpr void fold_part(folded_part<Spec, Source, First, Normalisations...>, const typename Chain::storage& from,
                         typename FoldedChain::storage& to) {
    if constexpr (!std::is_empty_v<typename FoldedChain::template layer<Index>>) {
        auto& layer = FoldedChain::template at<Index>(to);
        fold_first<Source>(Chain::template at<First>(from), layer);
        (absorb(Chain::template at<Normalisations>(from), layer), ...);
    }
}

template <class Chain, class FoldedChain, class... Parts>
constexpr void fold_values(folded_list<Parts...>, const typename Chain::storage& from,
                           typename FoldedChain::storage& to) {
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (fold_part<Chain, FoldedChain, Index>(Parts{}, from, to), ...);
    }
    (std::make_index_sequence<sizeof...(Parts)>{});
}

template <class T, class Input, class... Specs>
struct fold_network {
    using parts = fold_chain<typename network<T, Input, Specs...>::chain_type, Specs...>;
    using type = typename specs_of<parts>::template as_network<T, Input>;
};
/// For a network, or for a type that is one, such as the result of `fit`.
template <class T, class Input, class... Specs>
fold_network<T, Input, Specs...> fold_of(const network<T, Input, Specs...>&);

}  // namespace detail

/// The type of the network that `fold` returns.
template <class Net>
using folded = typename decltype(detail::fold_of(std::declval<const Net&>()))::type;

/// The same network for inference, without batch normalisation and dropout.
///
/// At inference a `batch_norm` is a factor and an offset per feature: they are folded into the weights and the bias of
/// the preceding `dense`, convolution or `scale`. If there is no such layer, or it has an activation or another feature
/// dimension, the `batch_norm` becomes a `scale`. Layers inside branches are treated likewise.
///
/// The outputs are equal up to rounding: each weight is rounded once more.
/// *Cost*: nothing at inference; a folded normalisation saves one multiply-accumulate per element.
/// *Example*: `constexpr auto shipped = ctnn::fold(trained);`
template <class T, class Input, class... Specs>
constexpr auto fold(const network<T, Input, Specs...>& net) {
    using fold_type = detail::fold_network<T, Input, Specs...>;
    using folded_net = typename fold_type::type;
    folded_net result{};
    detail::fold_values<typename network<T, Input, Specs...>::chain_type, typename folded_net::chain_type>(
        typename fold_type::parts{}, net.layers, result.layers);
    return result;
}

}  // namespace CTNN_NAMESPACE
