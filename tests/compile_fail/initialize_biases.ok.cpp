// SPDX-License-Identifier: BSL-1.0
// The twin of initialize_biases.cpp, without the mistake.

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3>, ctnn::dense<4>>;
constexpr net_type net = ctnn::initialize<net_type>(ctnn::orthogonal{}, 1, ctnn::zeros{});
