// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3>, ctnn::residual<ctnn::dense<3>>>;
net_type net{};
