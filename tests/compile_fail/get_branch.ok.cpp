// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::residual<ctnn::dense<2>>>;
constexpr net_type net{};
constexpr auto layer = ctnn::get<0, 1, 0>(net);
