// SPDX-License-Identifier: BSL-1.0
// A callback that returns neither bool nor void.
// EXPECT: ctnn::fit: a callback returns bool, whether training goes on, or nothing
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{};
inline auto train() {
    return ctnn::fit<ctnn::mean_squared_error>(net, inputs, targets, ctnn::sgd{}, {.epochs = 3},
                                               [](const ctnn::epoch_report& report) { return report.epoch; });
}
