// SPDX-License-Identifier: BSL-1.0
// Validation inputs of another shape than the inputs.
// EXPECT: ctnn::fit: the validation data has another shape or another value type than the training data
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{};
constexpr ctnn::tensor<double, ctnn::shape<3, 3>> three{};
constexpr ctnn::tensor<double, ctnn::shape<3, 1>> three_targets{};
inline auto train() {
    return ctnn::fit<ctnn::mean_squared_error>(net, inputs, targets, ctnn::sgd{},
                                               {.validation_inputs = three, .validation_targets = three_targets});
}
