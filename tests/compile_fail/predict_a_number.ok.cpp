// SPDX-License-Identifier: BSL-1.0
// The twin of predict_a_number.cpp, without the mistake.

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<1, ctnn::hard_sigmoid>>;
constexpr net_type net{};
constexpr auto which = ctnn::predict(net, {0, 1});
