// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Whether inputs and targets fit a network and each other.

#include <ctnn/activation/identity.hpp>
#include <ctnn/activation/joined_activation.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/graph/branches.hpp>
#include <ctnn/layer/graph/concatenate.hpp>
#include <ctnn/layer/pooling/global_pool.hpp>
#include <ctnn/network.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/samples.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// Whether data has the shape that a network needs. It is false where it is named in an error.
template <class Given, class Expected>
inline constexpr bool data_has_shape = false;
template <class Shape>
inline constexpr bool data_has_shape<given<Shape>, expects<Shape>> = true;

/// Whether targets are labels of a network that has one output, which is one row.
template <class Net, class Targets>
inline constexpr bool labels_fit =
    are_labels<samples_of<Targets>>&& Net::output_shape::rank == 1 &&
    std::is_same_v<typename Net::output_type, tensor<typename Net::value_type, typename Net::output_shape>>;

/// Whether targets can be compared with the outputs of a network: labels, if it has one row of outputs, or values of
/// the shape of its outputs.
template <class Net, class Targets>
inline constexpr bool targets_fit =
    labels_fit<Net, Targets> ||
    data_has_shape<given<typename samples_of<Targets>::shape_type>, expects<typename Net::output_shape>>;

/// Names that appear in error messages.
template <class Shape>
struct outputs_of {};
template <class Activation>
struct activated_by {};

namespace detail {

/// Whether the outputs of a layer are elements of its input or means of them.
template <class Layer>
inline constexpr bool keeps_range_of = is_view_layer<Layer>;
template <class T, class InputShape, class Pool>
inline constexpr bool keeps_range_of<global_pool_layer<T, InputShape, Pool>> = true;

template <class Chain, std::size_t Count = Chain::count>
constexpr auto find_last_activation();

/// The activation that yields the outputs of a layer: that of all chains whose outputs it concatenates, if it is one.
template <class Layer>
struct activation_of {
    using type = typename Layer::activation;
};
template <class T, class InputShape, std::size_t Dimension, class Shape, class... Shapes, class Chain, class... Chains>
struct activation_of<branches_layer<T, InputShape, concatenation<T, Dimension, Shape, Shapes...>, Chain, Chains...>> {
    using first = typename decltype(find_last_activation<Chain>())::type;
    using type =
        std::conditional_t<(... && std::is_same_v<typename decltype(find_last_activation<Chains>())::type, first>),
                           first, identity>;
};

/// The activation that yields the outputs of a chain. Last layers that only reshape them or take means of them are skipped.
template <class Chain, std::size_t Count>
constexpr auto find_last_activation() {
    if constexpr (Count == 0) {
        return std::type_identity<identity>{};
    } else {
        using layer = typename Chain::template layer<Count - 1>;
        if constexpr (keeps_range_of<layer> && std::is_same_v<typename layer::activation, identity>)
            return find_last_activation<Chain, Count - 1>();
        else
            return std::type_identity<typename activation_of<layer>::type>{};
    }
}
template <class Net>
using last_activation = typename decltype(find_last_activation<typename Net::chain_type>())::type;

/// Whether an activation declares that its outputs are independent probabilities, from 0 to 1: `gives_probabilities`.
template <class Activation>
inline constexpr bool gives_probabilities = requires {
    requires Activation::gives_probabilities;
};

template <std::size_t... Extents>
constexpr bool is_one_row(shape<Extents...>) {
    return (std::size_t{0} + ... + (Extents > 1 ? 1 : 0)) <= 1;
}

}  // namespace detail

/// Whether outputs determine a class: several do by the largest of them, if they are one row, and a single one if it is
/// a probability. It is false where it is named in an error.
template <class Outputs, class Activation>
inline constexpr bool is_classifier = false;
template <class Shape, class Activation>
inline constexpr bool is_classifier<outputs_of<Shape>, activated_by<Activation>> =
    Shape::size == 1 ? detail::gives_probabilities<Activation> : detail::is_one_row(Shape{});

template <class Shape, class... Parts>
inline constexpr bool is_classifier<outputs_of<Shape>, activated_by<joined_activation<Parts...>>> = false;

/// How many classes this many outputs distinguish.
template <std::size_t Outputs>
inline constexpr std::size_t class_count = Outputs == 1 ? 2 : Outputs;

namespace detail {

/// Whether a network is a classifier; if not, a single message says so.
template <class Net>
constexpr bool is_classifier_of() {
    static_assert(is_classifier<outputs_of<typename Net::output_shape>, activated_by<last_activation<Net>>>,
                  "ctnn: these outputs determine no class: a single output has to be a probability, such as that of "
                  "ctnn::sigmoid, and several have to be one row");
    return is_classifier<outputs_of<typename Net::output_shape>, activated_by<last_activation<Net>>>;
}

/// Whether the inputs and the targets of a metric fit; if not, a single message says so.
template <class Net, class Inputs, class Targets>
constexpr bool metric_data_fits() {
    using input_shape = typename samples_of<Inputs>::shape_type;
    using target_shape = typename samples_of<Targets>::shape_type;
    constexpr bool inputs_fit = data_has_shape<given<input_shape>, expects<typename Net::input_shape>>;
    constexpr bool counts_fit = counts_agree<constant_count<Inputs>, constant_count<Targets>>;
    static_assert(data_has_shape<given<input_shape>, expects<typename Net::input_shape>>,
                  "ctnn: the samples have another shape than the network expects");
    static_assert(labels_fit<Net, Targets> || data_has_shape<given<target_shape>, expects<typename Net::output_shape>>,
                  "ctnn: the targets have another shape than the network's outputs");
    static_assert(counts_fit, "ctnn: there are not as many targets as inputs");
    return inputs_fit && targets_fit<Net, Targets> && counts_fit;
}

/// The same for a metric of classes, whose network must be a classifier. One message at a time.
template <class Net, class Inputs, class Targets>
constexpr bool class_data_fits() {
    if constexpr (metric_data_fits<Net, Inputs, Targets>())
        return is_classifier_of<Net>();
    else
        return false;
}

/// A label, which is less than the number of classes: as many as outputs, or two for a single output.
template <std::size_t Outputs, class Targets>
constexpr std::size_t label_at(const Targets& targets, std::size_t index, call_site at = call_site::here()) {
    const auto label = static_cast<std::size_t>(*targets[index]);
    require(label < class_count<Outputs>, "ctnn: a label is not a class of the network", at);
    return label;
}

}  // namespace detail

}  // namespace CTNN_NAMESPACE
