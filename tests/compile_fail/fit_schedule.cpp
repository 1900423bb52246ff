// SPDX-License-Identifier: BSL-1.0
// A schedule that decays every 0 epochs, in a constant expression.
// EXPECT: ctnn::fit: the `every` of a schedule is above 0, and its factor and its warm-up are neither negative nor infinite
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{};
constexpr auto trained =
    ctnn::fit<ctnn::mean_squared_error>(net, inputs, targets, ctnn::sgd{}, {.schedule = ctnn::step_decay(0)});
