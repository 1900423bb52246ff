// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3, 4>, ctnn::residual<ctnn::conv1d<3, ctnn::window<1>>>>;
net_type net{};
