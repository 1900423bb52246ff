// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The forward pass of convolution, in both phases: filters times the patches of images.

#include <ctnn/config.hpp>
#include <ctnn/kernel/constant_evaluation/arrays.hpp>
#include <ctnn/kernel/constant_evaluation/product.hpp>
#include <ctnn/kernel/convolution/im2col.hpp>
#include <ctnn/kernel/convolution/padded_image.hpp>
#include <ctnn/kernel/product/matrix_product.hpp>
#include <ctnn/kernel/product/product_size.hpp>
#include <ctnn/kernel/reduction/sum_order.hpp>

#include <boost/hana/integral_constant.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE::kernel {

namespace detail {

/// The sizes of the product of some filters with padded images. The row of B for each term of an output is at an offset
/// in the padded images.
template <class Padded, std::size_t Filters, std::size_t WeightStride, std::size_t Depth, sum_order Order>
struct padded_size : product_size<Filters, Padded::outputs, Depth, 1, WeightStride, Order> {
    struct table {
        std::size_t offsets[Depth];
    };
    static constexpr table terms = [] {
        table result{};
        for (std::size_t term = 0; term < Depth; ++term) result.offsets[term] = Padded::offset(term);
        return result;
    }();

    template <class T>
    static const T* row_of_b(const T* images, std::size_t term) {
        return images + terms.offsets[term];
    }
};

/// The outputs of some filters; where the rows of outputs have gaps between lines, through a temporary.
template <class Size, class Padded, class Start, class T>
inline void convolve_padded(const T* images, const T* weights, const T* start, T* y) {
    if constexpr (Padded::has_gaps) {
        T rows[Size::rows * Padded::outputs];
        tiled<Size, Start>(weights, images, start, rows);
        Padded::template without_gaps<Size::rows>(static_cast<const T*>(rows), y);
    } else {
        tiled<Size, Start>(weights, images, start, y);
    }
}

/// The same product in constant evaluation, vectorised over the filters: their number has more factors of two than that
/// of the output positions.
template <std::size_t Places, std::size_t Depth, std::size_t Filters, sum_order Order, class Start, class T>
constexpr void convolve_arrays(const T* patches, const T* weights, const T* start, T* y) {
    using product = array_product<product_size<Filters, Places, Depth, 1, Filters, Order>, Start, T>;
    if constexpr (Start::from_memory)
        write_array(product::template across_rows<from_bias>(weights, patches, read_array<Filters>(start)), y);
    else
        write_array(product::template across_rows<from_zero>(weights, patches, registers<T, Filters, 1>{}), y);
}

}  // namespace detail

/// y = start + weights^T * patches(x): `Channels` images in, `Filters` out.
///
/// The weights are a matrix with a row for each window position and channel, and a column for each filter; its rows are
/// `WeightStride` elements apart. At run time there is no im2col matrix, if the stride is 1 and the output positions
/// fill a register; the additions are the same either way.
///
/// *Cost*: one multiply-accumulate for each weight and output.
template <std::size_t Channels, slide Down, slide Across, std::size_t Filters, std::size_t WeightStride,
          sum_order Order, class Start, class T>
constexpr void convolve(const T* x, const T* weights, const T* start, T* y) {
    using windows = im2col<Channels, Down, Across>;
    using padded = padded_images<Channels, Down, Across>;
    constexpr std::size_t places = windows::columns;
    if constexpr (padded::suits && !windows::is_the_image && places >= native_lanes<T>) {
        if (!__builtin_is_constant_evaluated()) {
            T memory[padded::size > 0 ? padded::size : 1];
            const T* const images = padded::pad(x, memory);
            const auto take = [&](auto count, std::size_t filter) CTNN_INLINE {
                using size = detail::padded_size<padded, count(), WeightStride, windows::rows, Order>;
                detail::convolve_padded<size, padded, Start>(images, weights + filter,
                                                             start + filter * Start::row_stride, y + filter * places);
            };
            return detail::for_each_tile<Filters>(take);
        }
    }
    T memory[windows::memory_size > 0 ? windows::memory_size : 1];
    const T* const images = windows::gathered(x, memory);
    if constexpr (WeightStride == Filters && detail::constant_lanes(Filters, Filters * places) >= 4)
        if (__builtin_is_constant_evaluated())
            return detail::convolve_arrays<places, windows::rows, Filters, Order, Start>(images, weights, start, y);
    matrix_product<product_size<Filters, places, windows::rows, 1, WeightStride, Order>, Start>(weights, images, start,
                                                                                                y);
}

}  // namespace CTNN_NAMESPACE::kernel
