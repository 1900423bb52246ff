// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Learned vectors for symbols.

#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/define_struct.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// `embedding`, bound to its input: row s of the weights is the vector of symbol s.
template <class T, std::size_t Length, std::size_t Symbols, std::size_t Width>
struct embedding_layer {
    using input_shape = shape<Length>;
    using output_shape = shape<Length, Width>;
    using activation = identity;
    using weights_type = tensor<T, shape<Symbols, Width>>;

    static constexpr std::size_t fan_in = Symbols, fan_out = Width;
    static constexpr std::size_t multiply_accumulates = 0;

    BOOST_HANA_DEFINE_STRUCT(embedding_layer, (weights_type, weights));

    friend constexpr bool operator==(const embedding_layer&, const embedding_layer&) = default;

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y) const {
        for (std::size_t i = 0; i < Batch * Length; ++i)
            for (std::size_t k = 0; k < Width; ++k) y[i * Width + k] = weights[symbol(x[i]) * Width + k];
    }

    /// The gradient of a vector is the sum of dL/dy over the positions of its symbol; dL/dx is 0.
    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* /*kept*/, T* /*scratch*/,
                            embedding_layer& gradient) const {
        clear(gradient);
        for (std::size_t i = 0; i < Batch * Length; ++i) {
            for (std::size_t k = 0; k < Width; ++k) gradient.weights[symbol(x[i]) * Width + k] += dy[i * Width + k];
            if constexpr (InputGradient) dx[i] = T{};
        }
    }

    /// One time step, which is one symbol, for `stream`.
    static constexpr std::size_t time_axis = 0;
    static constexpr bool takes_symbols = true;
    using state_type = no_state;
    constexpr void advance(const T* x, T* y, state_type&) const {
        for (std::size_t k = 0; k < Width; ++k) y[k] = weights[symbol(*x) * Width + k];
    }

  private:
    static constexpr std::size_t symbol(T x) {
        detail::require(x >= 0 && x < static_cast<T>(Symbols), "ctnn::embedding: an input is not a symbol");
        return static_cast<std::size_t>(x);
    }
};

/// A learned vector for each of `Symbols` symbols: y[t] = weights[x[t]].
///
/// The inputs are integers from 0 to Symbols - 1, held in the network's value type. This is a precondition: other
/// values are an error in a constant and without `NDEBUG`, and undefined behaviour otherwise.
/// *Shapes*: `shape<Length>` in, `shape<Length, Width>` out; weights are `shape<Symbols, Width>`.
/// *Cost*: a copy.
template <std::size_t Symbols, std::size_t Width>
struct embedding {
    using wants = wants_rank<1>;

    template <class T, class InputShape>
    using layer = embedding_layer<T, InputShape::size, Symbols, Width>;

    static_assert(Symbols > 0 && Width > 0,
                  "ctnn::embedding: there is at least one symbol, and its vector has at least one element");
};

}  // namespace CTNN_NAMESPACE
