// SPDX-License-Identifier: BSL-1.0
// The same of the last one that it has.
#include <ctnn.hpp>
#include <ctnn/verify.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<2>>;
static_assert(ctnn::proves(net_type{}, ctnn::box<float, ctnn::shape<2>>{}, ctnn::output<1> < 1));
