// SPDX-License-Identifier: BSL-1.0
// A list of three values for a network of two inputs.
// EXPECT: ctnn::network: the input has another shape than the network expects
// EXPECT: shape<3>
// EXPECT: shape<2>
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr net_type net{};
constexpr auto y = net({0, 1, 2});
