// SPDX-License-Identifier: BSL-1.0
// The same of layers that have them.
#include <ctnn.hpp>
#include <ctnn/verify.hpp>

using net_type = ctnn::network<float, ctnn::input<3, 2>, ctnn::flatten, ctnn::dense<1>>;
constexpr double bound = ctnn::lipschitz_bound(net_type{}, ctnn::box<float, ctnn::shape<3, 2>>{});
