// SPDX-License-Identifier: BSL-1.0
// The twin of r2_of_one.cpp, without the mistake.

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<1>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<2, 2>> inputs{1, 2};
constexpr ctnn::tensor<double, ctnn::shape<2, 1>> targets{3};
constexpr double share = ctnn::r2(net, inputs, targets);
