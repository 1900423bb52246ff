// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The options of a convolution or a transposed convolution.

#include <ctnn/activation/identity.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/convolution/window.hpp>
#include <ctnn/layer/dense.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

/// The choices that the options of a convolution or a transposed convolution make.
template <class... Options>
struct convolution_choices {
    using stride_type = typename chosen_option<stride_option, stride<1>, Options...>::type;
    using dilation_type = typename chosen_option<dilation_option, dilation<1>, Options...>::type;
    using padding_type = typename chosen_option<padding_option, valid, Options...>::type;
    using activation = typename chosen_option<activation_option, identity, Options...>::type;
    using bias = typename chosen_option<bias_option, with_bias, Options...>::type;
    static constexpr std::size_t groups = chosen_option<groups_option, ctnn::groups<1>, Options...>::type::value;
};

/// Options without those of some kinds.
template <class... Kept>
struct kept_options {
    template <template <std::size_t, class, class...> class Spec, std::size_t Number, class Window, class... More>
    using in = Spec<Number, Window, Kept..., More...>;
};
template <class Kept, class... Options>
struct options_but_activation_and_bias {
    using type = Kept;
};
template <class... Kept, class Option, class... Rest>
struct options_but_activation_and_bias<kept_options<Kept...>, Option, Rest...>
    : std::conditional_t<std::is_same_v<typename option_kind_of<Option>::type, activation_option> ||
                             std::is_same_v<typename option_kind_of<Option>::type, bias_option>,
                         options_but_activation_and_bias<kept_options<Kept...>, Rest...>,
                         options_but_activation_and_bias<kept_options<Kept..., Option>, Rest...>> {};

/// A convolution with a bias and another activation, for `fold`.
template <template <std::size_t, class, class...> class Spec, class Next, std::size_t Filters, class Window,
          class... Options>
struct rescaled_options {
    using kept = typename options_but_activation_and_bias<kept_options<>, Options...>::type;
    using type = typename kept::template in<Spec, Filters, Window, Next>;
};
template <template <std::size_t, class, class...> class Spec, std::size_t Filters, class Window, class... Options>
struct rescaled_options<Spec, identity, Filters, Window, Options...> {
    using kept = typename options_but_activation_and_bias<kept_options<>, Options...>::type;
    using type = typename kept::template in<Spec, Filters, Window>;
};

}  // namespace CTNN_NAMESPACE::detail
