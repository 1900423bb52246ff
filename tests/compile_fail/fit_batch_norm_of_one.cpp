// SPDX-License-Identifier: BSL-1.0
// The default batch size of fit is one, and batch_norm has no statistics of one sample.
// EXPECT: ctnn: batch_norm has no statistics of one element: its batches have at least two samples
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4>, ctnn::batch_norm<ctnn::relu>, ctnn::dense<1>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{};
inline auto train() {
    return ctnn::fit<ctnn::mean_squared_error>(net, inputs, targets, ctnn::sgd{});
}
