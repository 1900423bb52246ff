// SPDX-License-Identifier: BSL-1.0
// A negative bound on the gradient, in a constant expression.
// EXPECT: ctnn::fit: clip_value, clip_norm and minimum_improvement are not negative
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{};
constexpr auto trained = ctnn::fit<ctnn::mean_squared_error>(net, inputs, targets, ctnn::sgd{}, {.clip_norm = -1});
