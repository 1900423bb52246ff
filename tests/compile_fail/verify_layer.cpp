// SPDX-License-Identifier: BSL-1.0
// A proof through a layer that proofs do not know.
// EXPECT: ctnn: a proof cannot go through this kind of layer
// EXPECT: multi_head_attention
#include <ctnn.hpp>
#include <ctnn/verify.hpp>

using net_type = ctnn::network<float, ctnn::input<3, 2>, ctnn::multi_head_attention<2>, ctnn::flatten, ctnn::dense<1>>;
constexpr bool proved = ctnn::proves(net_type{}, ctnn::box<float, ctnn::shape<3, 2>>{}, ctnn::output<0> < 1);
