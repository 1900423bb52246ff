// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<1, 2>, ctnn::conv1d_transpose<1, ctnn::window<3>, ctnn::padding<ctnn::pad<1, 2>>>>;
net_type net{};
