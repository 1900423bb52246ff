// SPDX-License-Identifier: BSL-1.0
// A step on one sample with batch_norm inside branches inside a residual connection.
// EXPECT: ctnn: batch_norm has no statistics of one element: its batches have at least two samples
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<
    float, ctnn::input<2>,
    ctnn::residual<ctnn::sum<ctnn::branch<ctnn::dense<2>>, ctnn::branch<ctnn::dense<2>, ctnn::batch_norm<>>>>,
    ctnn::dense<1>>;
net_type net{};
ctnn::trainer<net_type, ctnn::mean_squared_error, ctnn::adam, 1> training{net};
