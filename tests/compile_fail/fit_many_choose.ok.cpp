// SPDX-License-Identifier: BSL-1.0
// The twin of fit_many_choose.cpp, without the mistake.

#include <ctnn.hpp>
#include <ctnn/train/fit_many.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<1, ctnn::sigmoid>>;
auto train(const std::array<net_type, 3>& starts, const ctnn::tensor<float, ctnn::shape<4, 2>>& x,
           const ctnn::tensor<int, ctnn::shape<4>>& labels) {
    return ctnn::fit_many<ctnn::binary_cross_entropy>(ctnn::in_order{}, starts, x, labels, ctnn::sgd{}, {.epochs = 20},
                                                        [](std::size_t, ctnn::sgd& optimizer, auto&) { optimizer.learning_rate = 1; });
}
