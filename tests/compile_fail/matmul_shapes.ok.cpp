// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2, 4>, ctnn::matmul<ctnn::branch<>, ctnn::branch<ctnn::permute<1, 0>>>>;
net_type net{};
