// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 1>, ctnn::gru<2, ctnn::gate_activation<ctnn::hard_sigmoid>>>;
net_type net{};
