// SPDX-License-Identifier: BSL-1.0
// The twin of trainer_batch_zero.cpp, without the mistake.

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr net_type net{};
ctnn::trainer<net_type, ctnn::binary_cross_entropy, ctnn::adam, 8> training{net};
