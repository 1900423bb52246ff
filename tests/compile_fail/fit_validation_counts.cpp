// SPDX-License-Identifier: BSL-1.0
// Four validation samples and three targets.
// EXPECT: ctnn::fit: there are not as many validation targets as validation inputs
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<2, ctnn::softmax>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<int, ctnn::shape<4>> labels{};
constexpr ctnn::tensor<int, ctnn::shape<3>> three{};
constexpr auto result = ctnn::fit<ctnn::cross_entropy>(net, inputs, labels, ctnn::sgd{},
                                                       {.validation_inputs = inputs, .validation_targets = three});
