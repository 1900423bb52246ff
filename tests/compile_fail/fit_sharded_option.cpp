// SPDX-License-Identifier: BSL-1.0
// An option of fit with workers that does not exist.
// EXPECT: ctnn::fit: no option has this name, or none of this name has a value of this type
// ERRORS: 1

#include <ctnn.hpp>
#include <ctnn/train/fit_sharded.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<1, ctnn::sigmoid>>;
auto train(const net_type& start, const ctnn::tensor<float, ctnn::shape<4, 2>>& x,
           const ctnn::tensor<int, ctnn::shape<4>>& labels) {
    return ctnn::fit<ctnn::binary_cross_entropy, 4, ctnn::sharded<2>>(ctnn::in_order{}, start, x, labels, ctnn::sgd{},
                                                                       {.epoch = 20});
}
