// SPDX-License-Identifier: BSL-1.0
// A network that falls with its second input.
// EXPECT: static assertion failed
#include <ctnn.hpp>
#include <ctnn/verify.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<1, ctnn::relu>>;
constexpr net_type difference{.layers = {net_type::chain_type::layer<0>{{1, -1}, {0}}}};
static_assert(ctnn::monotone_in<1>(difference, ctnn::box<float, ctnn::shape<2>>::all(-1, 1)));
