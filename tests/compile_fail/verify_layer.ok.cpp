// SPDX-License-Identifier: BSL-1.0
// The same through layers that they know.
#include <ctnn.hpp>
#include <ctnn/verify.hpp>

using net_type = ctnn::network<float, ctnn::input<3, 2>, ctnn::lstm<4>, ctnn::flatten, ctnn::dense<1>>;
constexpr bool proved = ctnn::proves(net_type{}, ctnn::box<float, ctnn::shape<3, 2>>{}, ctnn::output<0> < 1);
