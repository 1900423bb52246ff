// SPDX-License-Identifier: BSL-1.0
// The same within the budget.
#include <ctnn.hpp>
#include <ctnn/verify.hpp>

// y = tanh(3x) - tanh(3x) = 0.
using net_type = ctnn::network<float, ctnn::input<1>, ctnn::dense<2, ctnn::tanh>, ctnn::dense<1>>;
constexpr net_type zero{.layers = {net_type::chain_type::layer<0>{{3, 3}, {}}, net_type::chain_type::layer<1>{{1, -1}, {}}}};
constexpr ctnn::box<float, ctnn::shape<1>> inputs{{-1}, {1}};
static_assert(ctnn::proved<ctnn::prove(zero, inputs, ctnn::output<0> < 0.2, {.boxes = 20})>);
