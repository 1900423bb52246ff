// SPDX-License-Identifier: BSL-1.0
// Two inputs for a time step of three.
// EXPECT: ctnn::stream: a time step has another number of inputs
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 3>, ctnn::gru<2>>;
constexpr net_type net{};
constexpr auto y = [] {
    ctnn::stream<net_type> s{net};
    return s({1, 2});
}();
