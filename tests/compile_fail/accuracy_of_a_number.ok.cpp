// SPDX-License-Identifier: BSL-1.0
// The twin of accuracy_of_a_number.cpp, without the mistake.

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<int, ctnn::shape<4>> labels{0, 1, 1, 0};
constexpr double share = ctnn::accuracy(net, inputs, labels);
