// SPDX-License-Identifier: BSL-1.0
// The twin of trainer_batch_norm_of_one.cpp, without the mistake.

#include <ctnn.hpp>

using net_type = ctnn::network<
    float, ctnn::input<2>,
    ctnn::residual<ctnn::sum<ctnn::branch<ctnn::dense<2>>, ctnn::branch<ctnn::dense<2>, ctnn::batch_norm<>>>>,
    ctnn::dense<1>>;
net_type net{};
ctnn::trainer<net_type, ctnn::mean_squared_error, ctnn::adam, 2> training{net};
