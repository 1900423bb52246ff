// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The products of dense layers in proofs: at run time by functions that have the sizes as arguments. What the compiler takes
/// for kernels of each size is more than what most proofs in constants take.

#include <ctnn/config.hpp>
#include <ctnn/kernel/constant_evaluation/product.hpp>
#include <ctnn/kernel/product/product_size.hpp>
#include <ctnn/kernel/reduction/sum_order.hpp>
#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE::detail {

/// `f(constant, first)` for pieces of `Large`, `Small` or 1 elements of `count`. The last small one overlaps the one before it.
template <std::size_t Large, std::size_t Small, class F>
inline void in_pieces(std::size_t count, const F& f) {
    std::size_t first = 0;
    for (; first + Large <= count; first += Large) f(std::integral_constant<std::size_t, Large>{}, first);
    for (; first < count && count >= Small; first += Small)
        f(std::integral_constant<std::size_t, Small>{}, first + Small <= count ? first : count - Small);
    for (; first < count; ++first) f(std::integral_constant<std::size_t, 1>{}, first);
}

/// The sum of eight partial sums, as in `kernel::sum`.
inline double folded(const double* partial) {
    return ((partial[0] + partial[4]) + (partial[2] + partial[6])) +
           ((partial[1] + partial[5]) + (partial[3] + partial[7]));
}

/// x times column `column` of W, with term k in partial sum k mod 8.
inline double dot_product(const double* x, const double* column, std::size_t stride, std::size_t terms) {
    double partial[kernel::partial_sums]{};
    for (std::size_t k = 0; k < terms; ++k) partial[k % kernel::partial_sums] += x[k] * column[k * stride];
    return folded(partial);
}
/// The same for `Count` rows of W.
template <std::size_t Count>
inline void dot_products_of_rows(const double* x, const double* w, double* y, std::size_t terms) {
    constexpr std::size_t lanes = kernel::partial_sum_lanes<double>, parts = kernel::partial_sums / lanes;
    using V = kernel::register_t<double, lanes>;
    V sums[Count][parts]{};
    const std::size_t whole = terms - terms % kernel::partial_sums;
    for (std::size_t k = 0; k < whole; k += kernel::partial_sums)
#pragma GCC unroll 8
        for (std::size_t i = 0; i < Count; ++i)
#pragma GCC unroll 8
            for (std::size_t part = 0; part < parts; ++part)
                sums[i][part] +=
                    kernel::load<V>(x + k + part * lanes) * kernel::load<V>(w + i * terms + k + part * lanes);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < Count; ++i) {
        double partial[kernel::partial_sums];
#pragma GCC unroll 8
        for (std::size_t part = 0; part < parts; ++part) kernel::store<lanes>(partial + part * lanes, sums[i][part]);
        for (std::size_t k = whole; k < terms; ++k) partial[k - whole] += x[k] * w[i * terms + k];
        y[i] = folded(partial);
    }
}

/// `Count` columns of y = b + x W from the first of `w`, in runs.
template <std::size_t Count>
inline void some_columns(const double* x, const double* w, const double* b, double* y, std::size_t terms,
                         std::size_t stride, std::size_t runs) {
    constexpr std::size_t lanes = kernel::full_lanes<double, Count>(), parts = Count / lanes;
    using V = kernel::register_t<double, lanes>;
    V totals[parts]{};
    for (std::size_t run = 0, k = 0; run < runs; ++run) {
        V sums[parts]{};
        if (run == 0)
#pragma GCC unroll 8
            for (std::size_t part = 0; part < parts; ++part) sums[part] = kernel::load<V>(b + part * lanes);
        for (const std::size_t end = run + 1 < runs ? k + terms / runs : terms; k < end; ++k)
#pragma GCC unroll 8
            for (std::size_t part = 0; part < parts; ++part)
                sums[part] += x[k] * kernel::load<V>(w + k * stride + part * lanes);
#pragma GCC unroll 8
        for (std::size_t part = 0; part < parts; ++part)
            totals[part] = run == 0 ? sums[part] : totals[part] + sums[part];
    }
#pragma GCC unroll 8
    for (std::size_t part = 0; part < parts; ++part) kernel::store<lanes>(y + part * lanes, totals[part]);
}

/// An element of each of some rows. (Loads of registers would have to wait for elements that are stored one by one.)
template <class V, std::size_t... Lane>
CTNN_INLINE inline V column_of(const double* rows, std::size_t stride, std::index_sequence<Lane...>) {
    return V{rows[Lane * stride]...};
}

/// `Count` columns of dx = dy W^T from row `w` of W on; `dy` has its `Rows` elements of a column one after the other.
template <std::size_t Rows, std::size_t Count>
inline void some_columns_transposed(const double* dy, const double* w, double* dx, std::size_t inputs,
                                    std::size_t outputs) {
    constexpr std::size_t lanes = kernel::full_lanes<double, Rows>(), parts = Rows / lanes;
    using V = kernel::register_t<double, lanes>;
    V sums[Count][parts]{};
    for (std::size_t o = 0; o < outputs; ++o, dy += Rows) {
        V factors[parts];
#pragma GCC unroll 8
        for (std::size_t part = 0; part < parts; ++part) factors[part] = kernel::load<V>(dy + part * lanes);
#pragma GCC unroll 8
        for (std::size_t i = 0; i < Count; ++i)
#pragma GCC unroll 8
            for (std::size_t part = 0; part < parts; ++part) sums[i][part] += w[i * outputs + o] * factors[part];
    }
    double result[Rows];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < Count; ++i) {
#pragma GCC unroll 8
        for (std::size_t part = 0; part < parts; ++part) kernel::store<lanes>(result + part * lanes, sums[i][part]);
        for (std::size_t row = 0; row < Rows; ++row) dx[row * inputs + i] = result[row];
    }
}

// Inlined, they would be compiled for each size again, and g++ would warn about loops that a size does not reach.

/// y = b + x W at run time, a template to cost nothing where no proof is.
template <class T>
[[gnu::noinline]] inline void product_of_any_size(const T* x, const T* w, const T* b, T* y, std::size_t inputs,
                                                  std::size_t outputs) {
    const kernel::sum_order order = kernel::forward_order(outputs, inputs, sizeof(double));
    if (order.kind == kernel::sum_kind::lanes) {
        for (std::size_t o = 0; o < outputs; ++o) y[o] = b[o] + dot_product(x, w + o, outputs, inputs);
        return;
    }
    const auto some = [&]<std::size_t Count>(std::integral_constant<std::size_t, Count>, std::size_t o) {
        some_columns<Count>(x, w + o, b + o, y + o, inputs, outputs, order.runs);
    };
    in_pieces<32, 8>(outputs, some);
}

/// y = b + x W for `Rows` rows, in the order `forward_order`, as `matrix_product` with less to compile.
template <std::size_t Rows, std::size_t Inputs, std::size_t Outputs>
constexpr void affine_product(const double* x, const tensor<double, shape<Inputs, Outputs>>& w,
                              const tensor<double, shape<Outputs>>& b, double* y) {
    if (__builtin_is_constant_evaluated())
        kernel::detail::array_product<kernel::forward_size<double, Rows, Outputs, Inputs>, kernel::from_bias,
                                      double>::write(x, w, b, y);
    else
        for (std::size_t row = 0; row < Rows; ++row)
            product_of_any_size(x + row * Inputs, w.values, b.values, y + row * Outputs, Inputs, Outputs);
}

/// dx = dy W^T at run time for `Rows` rows and W of `inputs` x `outputs`: from left to right, or, of one row, in eight
/// partial sums if it has as many terms. `scratch` has the size of dy.
template <std::size_t Rows>
[[gnu::noinline]] inline void product_with_transposed_of_any_size(const double* dy, const double* w, double* dx,
                                                                  double* scratch, std::size_t inputs,
                                                                  std::size_t outputs) {
    if constexpr (Rows == 1) {
        if (outputs < kernel::partial_sums) {
            for (std::size_t i = 0; i < inputs; ++i, w += outputs) {
                double sum = 0;
                for (std::size_t o = 0; o < outputs; ++o) sum += dy[o] * w[o];
                dx[i] = sum;
            }
        } else {
            const auto some = [&]<std::size_t Count>(std::integral_constant<std::size_t, Count>, std::size_t i) {
                dot_products_of_rows<Count>(dy, w + i * outputs, dx + i, outputs);
            };
            in_pieces<4, 2>(inputs, some);
        }
    } else {
        // Eight registers are in flight.
        constexpr std::size_t lanes = kernel::full_lanes<double, Rows>(), at_once = lanes < Rows ? 8 * lanes / Rows : 8;
        using V = kernel::register_t<double, lanes>;
        for (std::size_t o = 0; o < outputs; ++o)
            for (std::size_t row = 0; row < Rows; row += lanes)
                kernel::store<lanes>(scratch + o * Rows + row,
                                     column_of<V>(dy + row * outputs + o, outputs, std::make_index_sequence<lanes>{}));
        const auto some = [&]<std::size_t Count>(std::integral_constant<std::size_t, Count>, std::size_t i) {
            some_columns_transposed<Rows, Count>(scratch, w + i * outputs, dx + i, inputs, outputs);
        };
        in_pieces<at_once, 4>(inputs, some);
    }
}

}  // namespace CTNN_NAMESPACE::detail
