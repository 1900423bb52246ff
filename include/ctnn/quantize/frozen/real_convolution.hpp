// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Frozen convolutions of real numbers on processors without vector registers: place by place, with a pool behind them.

#include <ctnn/activation/identity.hpp>
#include <ctnn/activation/relu.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/product/matrix_product.hpp>
#include <ctnn/kernel/product/product_size.hpp>
#include <ctnn/layer/convolution/convolution.hpp>
#include <ctnn/quantize/frozen/convolution.hpp>
#include <ctnn/quantize/frozen/row_in_software.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

/// An image with a border of zeros, in which the channels of a place lie beside each other: `first` is where the image
/// begins in the `size` numbers, and rows are `pitch` numbers apart.
struct bordered_image {
    std::uint16_t channels, height, width, size, first, pitch;
};
template <class T>
[[gnu::noinline]] void add_border(const T* x, const bordered_image& image, T* to) {
    for (std::size_t i = 0; i < image.size; ++i) {
        to[i] = T{};
#if CTNN_BARE_METAL
        __asm__ volatile("");  // or it is a call of memset, which takes more memory than this function
#endif
    }
    to += image.first;
    for (std::size_t c = 0; c < image.channels; ++c) {
        T* row = to + c;
        for (std::size_t i = image.height; i > 0; --i, row += image.pitch) {
            T* at = row;
            for (std::size_t j = image.width; j > 0; --j, at += image.channels) *at = *x++;
        }
    }
}
/// How a window lies in it: `rows` times `runs` runs of neighbouring numbers.
struct window_runs {
    std::uint16_t rows, runs, length, row_pitch, run_pitch;
};
/// The inputs of a window in the order of the weights.
template <class T>
[[gnu::noinline]] void gather_window(const T* x, const window_runs& window, T* to) {
    for (std::size_t i = window.rows; i > 0; --i, x += window.row_pitch) {
        const T* run = x;
        for (std::size_t j = window.runs; j > 0; --j, run += window.run_pitch)
            for (std::size_t k = 0; k < window.length; ++k) *to++ = run[k];
    }
}

/// Whether a frozen layer of real numbers is computed place by place.
template <class Layer>
struct real_places {
    static constexpr bool are_used = false;
};
#if CTNN_VECTOR_BYTES == 0
template <class T, class InputShape, class OutputShape, class WeightShape, class Activation, class Bias,
          std::size_t Channels, std::size_t Filters, kernel::slide Down, kernel::slide Across>
struct real_places<convolution_layer<T, InputShape, OutputShape, WeightShape, Activation, Bias,
                                     convolution<T, Channels, Filters, 1, Down, Across>>> {
    using rules = convolution<T, Channels, Filters, 1, Down, Across>;
    static constexpr std::size_t rows = Down.before + Down.input + Down.behind,
                                 columns = Across.before + Across.input + Across.behind;
    static constexpr bool are_used = rules::order.kind == kernel::sum_kind::blocks && rows * columns * Channels < 65536;
    /// Whether the largest value may be taken before the activation.
    static constexpr bool keeps_order = std::is_same_v<Activation, relu> || std::is_same_v<Activation, identity>;

    /// The largest of the sums of each window of `PoolDown` x `PoolAcross` places, `Widest` filters at a time.
    template <std::size_t Widest, std::size_t PoolDown, std::size_t PoolAcross>
    static void forward(const T* x, const T* weights, const T* bias, T* y) {
        constexpr std::size_t height = Down.output / PoolDown, width = Across.output / PoolAcross;
        T image[rows * columns * Channels];
        add_border(x, border, image);
        for (std::size_t row = 0; row < height; ++row)
            for (std::size_t column = 0; column < width; ++column, ++y)
                for (std::size_t i = 0; i < PoolDown * PoolAcross; ++i) {
                    const std::size_t down = (row * PoolDown + i / PoolAcross) * Down.stride,
                                      across = (column * PoolAcross + i % PoolAcross) * Across.stride;
                    T inputs[rules::depth], sums[Filters];
                    gather_window(image + (down * columns + across) * Channels, window, inputs);
                    product<Widest>(inputs, weights, bias, sums);
                    T* to = y;
                    for (std::size_t f = 0; f < Filters; ++f, to += height * width)
                        if (i == 0 || sums[f] > *to) *to = sums[f];
                }
    }

  private:
    static constexpr bordered_image border{Channels,
                                           Down.input,
                                           Across.input,
                                           rows* columns* Channels,
                                           (Down.before * columns + Across.before) * Channels,
                                           columns* Channels};
    static constexpr bool has_rows = Across.dilation == 1;
    static constexpr window_runs window{Down.window, has_rows ? 1 : Across.window,
                                        Channels*(has_rows ? Across.window : 1), Down.dilation* columns* Channels,
                                        Across.dilation* Channels};

    template <std::size_t Widest>
    CTNN_INLINE static void product(const T* x, const T* weights, const T* bias, T* y) {
        using size = kernel::product_size<1, Filters, rules::depth, rules::depth, 1, rules::order>;
        if constexpr (multiplies_in_software)
            row_in_software<Filters, rules::depth, rules::order>(x, weights, bias, y);
        else if constexpr (kernel::detail::uses_fpu_rows<size, kernel::from_bias, T>)
            kernel::detail::fpu_rows<size, kernel::from_bias, Widest>(x, weights, bias, y);
        else
            kernel::matrix_product<size, kernel::from_bias>(x, weights, bias, y);
    }
};
#endif

}  // namespace CTNN_NAMESPACE::detail
