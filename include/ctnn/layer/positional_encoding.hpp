// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Sinusoidal encoding of the positions in a sequence.

#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/math/exp.hpp>
#include <ctnn/shape.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

namespace detail {

/// The sine and the cosine of an angle from 0 to 1.
struct wave {
    double sine, cosine;
};
constexpr wave wave_of(double angle) {
    wave result{0, 0};
    double term = 1;  // angle^n / n!
    for (int n = 0; n < 20; ++n) {
        const double sign = n % 4 < 2 ? 1 : -1;
        (n % 2 == 0 ? result.cosine : result.sine) += sign * term;
        term *= angle / (n + 1);
    }
    return result;
}

}  // namespace detail

/// `positional_encoding`, bound to its input.
template <class T, class Shape>
struct positional_encoding_layer {
    using input_shape = Shape;
    using output_shape = Shape;
    using activation = identity;
    static constexpr std::size_t length = Shape::extent(0), width = Shape::extent(1);
    static constexpr std::size_t multiply_accumulates = 0;

    struct table_type {
        T values[Shape::size];
    };
    /// What is added to the input. Each pair of columns is rotated by its angle from one step to the next, in double.
    static constexpr table_type table = [] {
        table_type result{};
        for (std::size_t column = 0; column < width; column += 2) {
            constexpr double log_of_10000 = 9.210340371976182736;
            const detail::wave turn =
                detail::wave_of(math::exp(-log_of_10000 * static_cast<double>(column) / static_cast<double>(width)));
            detail::wave at{0, 1};
            for (std::size_t t = 0; t < length; ++t) {
                result.values[t * width + column] = static_cast<T>(at.sine);
                if (column + 1 < width) result.values[t * width + column + 1] = static_cast<T>(at.cosine);
                at = {at.sine * turn.cosine + at.cosine * turn.sine, at.cosine * turn.cosine - at.sine * turn.sine};
            }
        }
        return result;
    }();

    friend constexpr bool operator==(const positional_encoding_layer&, const positional_encoding_layer&) = default;

    template <std::size_t Batch>
    static constexpr void forward(const T* x, T* y) {
        for (std::size_t sample = 0; sample < Batch; ++sample, x += Shape::size, y += Shape::size)
            for (std::size_t i = 0; i < Shape::size; ++i) y[i] = x[i] + table.values[i];
    }

    template <std::size_t Batch>
    static constexpr void backward(const T*, const T* dy, T* dx, T* /*kept*/, T* /*scratch*/) {
        for (std::size_t i = 0; i < Batch * Shape::size; ++i) dx[i] = dy[i];
    }
};

/// Adds the encoding of its position to each vector of a sequence: with w(i) = 10000^(-2 i / F),
/// y[t][2 i] = x[t][2 i] + sin(w(i) t) and y[t][2 i + 1] = x[t][2 i + 1] + cos(w(i) t).
///
/// *Shapes*: `shape<Length, F>` in, the same out. No parameters; the table is a constant of the program.
/// *Cost*: one addition per element. The sines and cosines have an error of about Length * 1e-16.
/// *Source*: Vaswani and others, "Attention is all you need", 2017.
struct positional_encoding {
    using wants = wants_rank<2>;

    template <class T, class InputShape>
    using layer = positional_encoding_layer<T, InputShape>;
};

}  // namespace CTNN_NAMESPACE
