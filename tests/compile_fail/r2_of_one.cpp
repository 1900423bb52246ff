// SPDX-License-Identifier: BSL-1.0
// The coefficient of determination of one sample.
// EXPECT: ctnn::r2: the variance of a single target is 0, and r2 divides by it
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<1>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<1, 2>> inputs{1, 2};
constexpr ctnn::tensor<double, ctnn::shape<1, 1>> targets{3};
constexpr double share = ctnn::r2(net, inputs, targets);
