// SPDX-License-Identifier: BSL-1.0
// A classification loss with a single class.
// EXPECT: ctnn: this loss compares classes, and a single output always has probability 1
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<1, ctnn::softmax>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<int, ctnn::shape<4>> labels{0, 1, 1, 0};
inline auto train() {
    return ctnn::fit<ctnn::cross_entropy>(net, inputs, labels, ctnn::sgd{});
}
