// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Sums whose terms are added in a given order, one at a time.

#include <ctnn/kernel/reduction/sum_order.hpp>

#include <cstddef>

namespace core_support {

/// A sum as the documentation of `sum_order` defines it: `term(k)` for each k below `depth`, and `start`.
template <class T, class Term>
T ordered_sum(ctnn::kernel::sum_order order, T start, std::size_t depth, Term term) {
    if (order.kind == ctnn::kernel::sum_kind::lanes) {
        T sums[8]{};
        for (std::size_t k = 0; k < depth; ++k) sums[k % 8] += term(k);
        return start + (((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7])));
    }
    if (order.kind == ctnn::kernel::sum_kind::interleaved) {
        T sums[8]{start};
        for (std::size_t k = 0; k < depth; ++k) sums[k % order.runs] += term(k);
        for (std::size_t half = order.runs / 2; half > 0; half /= 2)
            for (std::size_t run = 0; run < half; ++run) sums[run] += sums[run + half];
        return sums[0];
    }
    T total = start;
    for (std::size_t run = 0; run < order.runs; ++run) {
        const std::size_t length = depth / order.runs, end = run + 1 == order.runs ? depth : (run + 1) * length;
        T sum = run == 0 ? start : T{};
        for (std::size_t k = run * length; k < end; ++k) sum += term(k);
        total = run == 0 ? sum : total + sum;
    }
    return total;
}

}  // namespace core_support
