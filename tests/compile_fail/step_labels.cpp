// SPDX-License-Identifier: BSL-1.0
// Step labels whose number is not the batch size.
// EXPECT: ctnn::trainer: the targets of a step have another shape than a batch
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<2, ctnn::softmax>>;
inline double one_step(ctnn::trainer<net_type, ctnn::cross_entropy, ctnn::sgd, 4>& training) {
    return training.step(ctnn::tensor<double, ctnn::shape<4, 2>>{}, ctnn::tensor<int, ctnn::shape<3>>{});
}
