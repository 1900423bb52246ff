// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3, 4>, ctnn::dense<2>>;
constexpr net_type net{};
ctnn::stream<net_type> s{net};
