// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

#include <ratio>

using net_type = ctnn::network<double, ctnn::input<4, 3>, ctnn::layer_norm<ctnn::relu, ctnn::epsilon<std::ratio<1, 1000>>>>;
net_type net{};
