// SPDX-License-Identifier: BSL-1.0
// Values of type float for a network of double.
// EXPECT: ctnn::network: the input has another scalar type than the network
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr net_type net{};
constexpr auto y = net(ctnn::tensor<float, ctnn::shape<2>>{});
