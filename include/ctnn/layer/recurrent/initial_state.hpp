// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Recurrent layers that begin elsewhere than at zeros. For `simple_rnn`, `gru` and `lstm`.

#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/chain/options.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/pair.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// An option of recurrent layers: the state before the first step is a parameter, and not zeros.
struct initial_state {
    using option_kind = struct initial_state_option;
};

namespace detail {

struct initial_state_member {
    template <class Layer>
    CTNN_INLINE constexpr auto& operator()(Layer& layer) const {
        return layer.initial_state;
    }
};
template <class... Members>
constexpr auto with_initial_state(const boost::hana::tuple<Members...>&) {
    using name = boost::hana::string<'i', 'n', 'i', 't', 'i', 'a', 'l', '_', 's', 't', 'a', 't', 'e'>;
    return boost::hana::tuple<Members..., boost::hana::pair<name, initial_state_member>>{};
}

}  // namespace detail

/// A recurrent layer with the state before the first step, h or h and c, as its last parameter.
///
/// `Layer` is the same layer without; it finds the state by name where it begins (`recurrence`).
template <class T, class Layer>
struct initial_state_layer : Layer {
    using without_initial_state = Layer;
    using initial_state_type = tensor<T, shape<Layer::state_size>>;

    initial_state_type initial_state;

    /// The members of `Layer`, then this one.
    struct hana_accessors_impl {
        static constexpr auto apply() { return detail::with_initial_state(boost::hana::accessors<Layer>()); }
    };

    friend constexpr bool operator==(const initial_state_layer&, const initial_state_layer&) = default;

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y, T* scratch) const {
        Layer::time::template forward<Batch>(*this, x, y, scratch);
    }
    template <std::size_t Batch>
    constexpr void forward_training(const T* x, T* y, T* kept, training_context&) const {
        Layer::time::template forward_training<Batch>(*this, x, y, kept);
    }
    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* kept, T* scratch, initial_state_layer& gradient) const {
        clear(gradient);
        Layer::time::template backward<Batch, InputGradient>(*this, x, dy, dx, kept, scratch, gradient);
    }

    /// That of a stream which has not begun is not read: so `state = {}` resets a stream, as it does for other layers.
    struct state_type {
        typename Layer::state_type values{};
        bool has_begun = false;

        friend constexpr bool operator==(const state_type&, const state_type&) = default;
    };
    constexpr void advance(const T* x, T* y, state_type& state) const {
        if (!state.has_begun) kernel::copy<Layer::state_size>(initial_state.values, state.values.values);
        state.has_begun = true;
        Layer::advance(x, y, state.values);
    }
};

namespace detail {

template <class T, class Layer, class... Options>
using begun_layer = std::conditional_t<
    std::is_same_v<typename chosen_option<initial_state_option, void, Options...>::type, ctnn::initial_state>,
    initial_state_layer<T, Layer>, Layer>;

}  // namespace detail

}  // namespace CTNN_NAMESPACE
