// SPDX-License-Identifier: BSL-1.0
// The same through one that they know.
#include <ctnn.hpp>
#include <ctnn/verify.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<4, ctnn::softmax>, ctnn::dense<1>>;
constexpr bool proved = ctnn::proves(net_type{}, ctnn::box<float, ctnn::shape<2>>{}, ctnn::output<0> < 1);
