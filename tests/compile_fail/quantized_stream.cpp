// SPDX-License-Identifier: BSL-1.0
// A network of integers whose second layer needs the whole sequence.
// EXPECT: ctnn::stream: a layer cannot take one time step at a time
// EXPECT: layer_number<1>
// ERRORS: 1

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

using net_type = ctnn::network<float, ctnn::input<6, 2>, ctnn::lstm<3>, ctnn::flatten, ctnn::dense<2>>;
constexpr net_type net{};
constexpr auto q = ctnn::quantize<ctnn::rounding::twice>(net, ctnn::ranges<net_type>{});
ctnn::stream s{q};
