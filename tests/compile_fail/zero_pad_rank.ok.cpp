// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4>, ctnn::zero_pad<ctnn::pad<1>>>;
net_type net{};
