// SPDX-License-Identifier: BSL-1.0
// A misspelt option.
// EXPECT: ctnn::fit: no option has this name, or none of this name has a value of this type: the options are the members of ctnn::fit_options
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{};
inline auto train() {
    return ctnn::fit<ctnn::mean_squared_error, 4>(net, inputs, targets, ctnn::sgd{}, {.epoch = 20});
}
