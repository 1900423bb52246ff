// SPDX-License-Identifier: BSL-1.0
// Products of many sizes, with all strides and starts, in integers that every processor computes exactly: no element is
// forgotten, added twice or written beside the result. (The order of additions is tested by everywhere/same_bits.cpp.)

#include <ctnn.hpp>

#include <cstddef>
#include <utility>

namespace {

using namespace ctnn::kernel;
using ctnn::kernel::from_bias, ctnn::kernel::from_zero;

float next() {
    static unsigned state = 1;
    state = state * 1103515245 + 12345;
    return static_cast<float>(static_cast<int>(state >> 16 & 15) - 8);
}

/// How many elements of C, or beside it, are wrong.
template <class Size, class Start>
std::size_t wrong() {
    constexpr std::size_t of_a = (Size::rows - 1) * Size::row_stride + (Size::depth - 1) * Size::depth_stride + 1;
    float a[of_a], b[Size::depth * Size::b_stride], start[Size::rows * Size::columns + Size::columns],
        c[Size::rows * Size::c_stride + 1];
    for (float& number : a) number = next();
    for (float& number : b) number = next();
    for (float& number : start) number = next();
    for (float& number : c) number = -1000;
    matrix_product<Size, Start>(static_cast<const float*>(a), static_cast<const float*>(b),
                                static_cast<const float*>(start), c);
    std::size_t result = c[Size::rows * Size::c_stride] != -1000;
    for (std::size_t m = 0; m < Size::rows; ++m) {
        for (std::size_t n = 0; n < Size::c_stride; ++n) {
            float sum =
                n < Size::columns && Start::from_memory ? start[m * Start::row_stride + n * Start::column_stride] : 0;
            for (std::size_t k = 0; k < Size::depth; ++k)
                sum += n < Size::columns ? a[m * Size::row_stride + k * Size::depth_stride] * b[k * Size::b_stride + n]
                                         : 0;
            result += c[m * Size::c_stride + n] != (n < Size::columns ? sum : -1000);
        }
    }
    return result;
}

template <std::size_t Columns>
std::size_t wrong_of() {
    return wrong<forward_size<float, 1, Columns, 25>, from_bias>() +
           wrong<forward_size<float, 1, Columns, 8>, from_zero>() +
           wrong<product_size<3, Columns, 7, 1, 3>, from_zero>() +
           wrong<product_size<2, Columns, 17, 17, 1, sum_order{2}, Columns + 3, Columns + 1>, from_bias>() +
           wrong<product_size<2, Columns, 18, 18, 1, sum_order{4}>, from_matrix<Columns>>();
}

}  // namespace

int main() {
    const std::size_t result = []<std::size_t... Columns>(std::index_sequence<Columns...>) {
        return (... + wrong_of<Columns + 1>());
    }
    (std::index_sequence<0, 9, 16>{});
    return result == 0 ? 0 : 1;
}
