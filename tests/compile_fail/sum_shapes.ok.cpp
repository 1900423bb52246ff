// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 4>, ctnn::sum<ctnn::branch<>, ctnn::branch<ctnn::activation<ctnn::relu>>>>;
net_type net{};
