// SPDX-License-Identifier: BSL-1.0
// A property that the outputs of a recurrent layer do not have.
// EXPECT: ctnn::proved: the property is refuted, by the input that the message shows
#include <ctnn.hpp>
#include <ctnn/verify.hpp>

using net_type = ctnn::network<float, ctnn::input<2, 1>, ctnn::simple_rnn<1, ctnn::relu, ctnn::last_step>>;
constexpr net_type adds{.layers = {net_type::chain_type::layer<0>{{1}, {1}, {0}}}};
constexpr auto inputs = ctnn::box<float, ctnn::shape<2, 1>>::all(0, 1);
static_assert(ctnn::proved<ctnn::prove(adds, inputs, ctnn::output<0> < 0.9)>);
