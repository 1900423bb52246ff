// SPDX-License-Identifier: BSL-1.0
// Biases are not a matrix.
// EXPECT: ctnn::initialize: biases are drawn element by element, so not by orthogonal
// EXPECT: orthogonal

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3>, ctnn::dense<4>>;
constexpr net_type net = ctnn::initialize<net_type>(ctnn::orthogonal{}, 1, ctnn::orthogonal{});
