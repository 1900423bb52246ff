// SPDX-License-Identifier: BSL-1.0
// Validation labels of another integer type than the labels.
// EXPECT: ctnn::fit: the validation data has another shape or another value type than the training data
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<2, ctnn::softmax>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<int, ctnn::shape<4>> labels{0, 1, 1, 0};
constexpr ctnn::tensor<unsigned char, ctnn::shape<2>> two_labels{0, 1};
constexpr ctnn::tensor<double, ctnn::shape<2, 2>> two{};
inline auto train() {
    return ctnn::fit<ctnn::cross_entropy>(net, inputs, labels, ctnn::sgd{},
                                          {.validation_inputs = two, .validation_targets = two_labels});
}
