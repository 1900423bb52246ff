// SPDX-License-Identifier: BSL-1.0
// A property of an output that the network does not have.
// EXPECT: ctnn::prove: the property names an output that the network does not have
#include <ctnn.hpp>
#include <ctnn/verify.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<2>>;
static_assert(ctnn::proves(net_type{}, ctnn::box<float, ctnn::shape<2>>{}, ctnn::output<2> < 1));
