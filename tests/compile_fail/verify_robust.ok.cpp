// SPDX-License-Identifier: BSL-1.0
// The same with one that does not.
#include <ctnn.hpp>
#include <ctnn/verify.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<2, ctnn::softmax>>;
constexpr net_type larger{.layers = {net_type::chain_type::layer<0>{{1, 0, 0, 1}, {}}}};
constexpr ctnn::tensor<float, ctnn::shape<1, 2>> inputs{1, 0.5f};
constexpr ctnn::tensor<int, ctnn::shape<1>> labels{0};
static_assert(ctnn::robust(larger, {1, 0.5f}, 0, 0.24f));
static_assert(ctnn::certified_accuracy(larger, inputs, labels, 0.24f) == 1);
