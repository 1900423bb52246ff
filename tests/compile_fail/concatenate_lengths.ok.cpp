// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 4>, ctnn::concatenate<ctnn::branch<>, ctnn::branch<ctnn::conv1d<2, ctnn::window<3>, ctnn::same>>>>;
net_type net{};
