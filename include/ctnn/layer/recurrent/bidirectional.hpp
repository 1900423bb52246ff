// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A recurrent layer through time in both directions.

#include <ctnn/chain/features.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/layer/graph/concatenate.hpp>
#include <ctnn/layer/shape/reverse.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

namespace detail {

/// With an output for every step, the backward layer's outputs are reversed again, beside those of the same step.
template <std::size_t OutputRank, class Layer>
struct both_directions {
    using type = ctnn::concatenate<axis<1>, branch<Layer>, branch<ctnn::reverse, Layer, ctnn::reverse>>;
};
template <class Layer>
struct both_directions<1, Layer> {
    using type = ctnn::concatenate<axis<0>, branch<Layer>, branch<ctnn::reverse, Layer>>;
};

}  // namespace detail

/// Two recurrent layers of one kind, one run forwards and one backwards in time; their outputs are concatenated, the
/// forward ones first.
///
/// *Shapes*: `shape<Length, F>` in; `shape<Length, 2 Units>` out, or `shape<2 Units>` with `last_step`: then each
/// returns the output of the last step that it processes. Parameters are `0.0.weights` ... of the forward layer,
/// `1.1.weights` ... of the backward one.
/// *Example*: `bidirectional<gru<16, last_step>>`.
template <class Layer>
struct bidirectional {
    using wants = wants_rank<2>;

    template <class InputShape>
    using concatenated =
        typename detail::both_directions<Layer::template layer<float, InputShape>::output_shape::rank, Layer>::type;
    template <class T, class InputShape>
    using layer = typename concatenated<InputShape>::template layer<T, InputShape>;
};

}  // namespace CTNN_NAMESPACE
