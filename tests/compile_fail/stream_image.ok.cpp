// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 6>, ctnn::conv1d<2, ctnn::window<1>>>;
constexpr net_type net{};
ctnn::stream<net_type> s{net};
