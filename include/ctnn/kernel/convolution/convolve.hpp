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

/// The sizes of the product of some filters with padded images, for `Columns` outputs in a row. The row of B for each
/// term of an output is at an offset in the padded images.
template <class Padded, std::size_t Filters, std::size_t WeightStride, std::size_t Depth, sum_order Order,
          std::size_t Columns = Padded::outputs, std::size_t CStride = Columns>
struct padded_size : product_size<Filters, Columns, Depth, 1, WeightStride, Order, Columns, CStride> {
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

/// The outputs of some filters. Where the rows of outputs have gaps between lines, they are computed in `rows`; with one
/// element a register a row gains nothing by its length, so that each line is computed by itself, without the gaps.
template <class Padded, std::size_t Filters, std::size_t WeightStride, std::size_t Depth, sum_order Order, class Start,
          class T>
inline void convolve_padded(const T* images, const T* weights, const T* start, T* y, T* rows) {
    if constexpr (!Padded::has_gaps) {
        tiled<padded_size<Padded, Filters, WeightStride, Depth, Order>, Start>(weights, images, start, y);
    } else if constexpr (Padded::template in_lines<T>) {
        using size =
            padded_size<Padded, Filters, WeightStride, Depth, Order, Padded::line, Padded::lines * Padded::line>;
        for (std::size_t at = 0; at < Padded::lines; ++at)
            tiled<size, Start>(weights, images + at * Padded::width, start, y + at * Padded::line);
    } else {
        tiled<padded_size<Padded, Filters, WeightStride, Depth, Order>, Start>(weights, images, start, rows);
        Padded::template without_gaps<Filters>(static_cast<const T*>(rows), y);
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

/// The height of the highest tile of `Rows` rows.
template <std::size_t Rows>
constexpr std::size_t highest_tile() {
    std::size_t result = 0;
    for_each_tile<Rows>([&](std::size_t height, std::size_t) { result = height > result ? height : result; });
    return result;
}

/// The product with the im2col matrix, for which there is `memory` unless it is the image.
template <std::size_t Channels, slide Down, slide Across, std::size_t Filters, std::size_t WeightStride,
          sum_order Order, class Start, class T>
constexpr void convolve_columns(const T* x, const T* weights, const T* start, T* y, T* __restrict memory) {
    using windows = im2col<Channels, Down, Across>;
    constexpr std::size_t places = windows::columns;
    const T* const images = windows::gathered(x, memory);
    if constexpr (WeightStride == Filters && constant_lanes(Filters, Filters * places) >= 4)
        if (__builtin_is_constant_evaluated())
            return convolve_arrays<places, windows::rows, Filters, Order, Start>(images, weights, start, y);
    matrix_product<product_size<Filters, places, windows::rows, 1, WeightStride, Order>, Start>(weights, images, start,
                                                                                                y);
}

/// The same with memory of its own, for constant evaluation alone: at run time it would be on the stack.
template <std::size_t Channels, slide Down, slide Across, std::size_t Filters, std::size_t WeightStride,
          sum_order Order, class Start, class T>
constexpr void convolve_in_constants(const T* x, const T* weights, const T* start, T* y) {
    T memory[im2col<Channels, Down, Across>::memory_size];
    convolve_columns<Channels, Down, Across, Filters, WeightStride, Order, Start>(x, weights, start, y, memory);
}

}  // namespace detail

/// The scratch memory of `convolve`, in elements: padded images and rows of outputs, or the im2col matrix.
template <std::size_t Channels, slide Down, slide Across, std::size_t Filters, class T>
struct convolve_scratch {
    using windows = im2col<Channels, Down, Across>;
    using padded = padded_images<Channels, Down, Across>;
    /// Whether there is no im2col matrix at run time.
    static constexpr bool is_padded = padded::suits && !windows::is_the_image && windows::columns >= native_lanes<T>;
    static constexpr std::size_t rows = (padded::size + 15) / 16 * 16;
    static constexpr std::size_t size = [] {
        if (!is_padded) return windows::memory_size;
        const bool has_rows = padded::has_gaps && !padded::template in_lines<T>;
        return has_rows ? rows + detail::highest_tile<Filters>() * padded::outputs : padded::size;
    }();
};

/// y = start + weights^T * patches(x): `Channels` images in, `Filters` out.
///
/// The weights are a matrix with a row for each window position and channel, and a column for each filter; its rows are
/// `WeightStride` elements apart. At run time there is no im2col matrix, if the stride is 1 and the output positions
/// fill a register; the additions are the same either way. `scratch` has `convolve_scratch<...>::size` elements.
///
/// *Cost*: one multiply-accumulate for each weight and output.
template <std::size_t Channels, slide Down, slide Across, std::size_t Filters, std::size_t WeightStride,
          sum_order Order, class Start, class T>
constexpr void convolve(const T* x, const T* weights, const T* start, T* y, T* __restrict scratch) {
    using memory = convolve_scratch<Channels, Down, Across, Filters, T>;
    using windows = typename memory::windows;
    using padded = typename memory::padded;
    if constexpr (!memory::is_padded) {
        detail::convolve_columns<Channels, Down, Across, Filters, WeightStride, Order, Start>(x, weights, start, y,
                                                                                              scratch);
    } else if (__builtin_is_constant_evaluated()) {
        detail::convolve_in_constants<Channels, Down, Across, Filters, WeightStride, Order, Start>(x, weights, start,
                                                                                                   y);
    } else {
        const T* const images = padded::pad(x, scratch);
        detail::for_each_tile<Filters>([&](auto count, std::size_t filter) CTNN_INLINE {
            detail::convolve_padded<padded, count(), WeightStride, windows::rows, Order, Start>(
                images, weights + filter, start + filter * Start::row_stride, y + filter * windows::columns,
                scratch + memory::rows);
        });
    }
}

/// The same with the scratch memory on the stack.
template <std::size_t Channels, slide Down, slide Across, std::size_t Filters, std::size_t WeightStride,
          sum_order Order, class Start, class T>
constexpr void convolve(const T* x, const T* weights, const T* start, T* y) {
    constexpr std::size_t size = convolve_scratch<Channels, Down, Across, Filters, T>::size;
    T scratch[size > 0 ? size : 1];
    convolve<Channels, Down, Across, Filters, WeightStride, Order, Start>(x, weights, start, y, scratch);
}

}  // namespace CTNN_NAMESPACE::kernel
