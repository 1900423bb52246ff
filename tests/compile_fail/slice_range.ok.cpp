// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3, 4>, ctnn::slice<ctnn::axis<1>, 2, 2>>;
net_type net{};
