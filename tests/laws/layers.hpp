// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The laws that every kind of layer obeys.

#include "laws/derivative.hpp"
#include "laws/phases.hpp"

namespace laws {

/// `Case::net<T>` is a network of the layers under test. Its derivative agrees with finite differences, for a batch of
/// three with all or two samples used; constant evaluation and run time agree, in double and in float.
template <class Case>
void check_layer() {
    using net = typename Case::template net<double>;
    for (const std::size_t used : {std::size_t{3}, std::size_t{2}})
        check_derivative<net, ctnn::mean_squared_error, 3>(unknown(7), used);

    // The same batch, so that the compiler has less to do.
    check_layer_phases<net, ctnn::mean_squared_error, 3>();
#if !defined(CTNN_TEST_SANITIZED)
    check_layer_phases<typename Case::template net<float>, ctnn::mean_squared_error, 3>();
#endif

    static_assert(sizeof(net) == net::parameter_bytes || net::parameter_count == 0);
    static_assert(sizeof(net) == 2 * sizeof(typename Case::template net<float>) || net::parameter_count == 0);
}

}  // namespace laws
