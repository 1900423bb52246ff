// SPDX-License-Identifier: BSL-1.0
// The twin of fit_option_misspelt.cpp, without the mistake.

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{};
inline auto train() {
    return ctnn::fit<ctnn::mean_squared_error, 4>(net, inputs, targets, ctnn::sgd{}, {.epochs = 20});
}
