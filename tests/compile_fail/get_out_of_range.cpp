// SPDX-License-Identifier: BSL-1.0
// Layer 2 of a network of two layers, which are counted from 0.
// EXPECT: ctnn::get: the network has no layer with this number
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr net_type net{};
constexpr auto bias = ctnn::get<2>(net).bias;
