// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<3>,
                               ctnn::graph<ctnn::node<"y", ctnn::from<"input">, ctnn::activation<ctnn::relu>>>>;
constexpr net_type net{};
constexpr auto y = net({1, 2, 3});
