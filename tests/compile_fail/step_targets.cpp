// SPDX-License-Identifier: BSL-1.0
// A step on eight targets with a trainer for batches of four.
// EXPECT: ctnn::trainer: the targets of a step have another shape than a batch
// EXPECT: shape<8, 1>
// EXPECT: shape<4, 1>
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr net_type net{};
constexpr double loss = [] {
    ctnn::trainer<net_type, ctnn::binary_cross_entropy, ctnn::adam, 4> training{net};
    return training.step(ctnn::tensor<double, ctnn::shape<4, 2>>{}, ctnn::tensor<double, ctnn::shape<8, 1>>{});
}();
