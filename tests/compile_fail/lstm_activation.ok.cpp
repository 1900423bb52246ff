// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 1>, ctnn::lstm<2, ctnn::softsign>>;
net_type net{};
