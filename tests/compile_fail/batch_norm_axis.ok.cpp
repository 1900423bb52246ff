// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 2>, ctnn::batch_norm<ctnn::identity, ctnn::axis<1>>>;
net_type net{};
