// SPDX-License-Identifier: BSL-1.0
// Bounds of the derivatives of a layer that has none.
// EXPECT: ctnn: derivatives of this kind of layer cannot be bounded
// EXPECT: gru_layer
#include <ctnn.hpp>
#include <ctnn/verify.hpp>

using net_type = ctnn::network<float, ctnn::input<3, 2>, ctnn::gru<4, ctnn::last_step>, ctnn::dense<1>>;
constexpr double bound = ctnn::lipschitz_bound(net_type{}, ctnn::box<float, ctnn::shape<3, 2>>{});
