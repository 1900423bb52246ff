// SPDX-License-Identifier: BSL-1.0
// The class predicted by a network whose single output is not a probability.
// EXPECT: ctnn: these outputs determine no class: a single output has to be a probability, such as that of ctnn::sigmoid, and several have to be one row
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<1, ctnn::tanh>>;
constexpr net_type net{};
constexpr auto which = ctnn::predict(net, {0, 1});
