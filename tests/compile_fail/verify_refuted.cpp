// SPDX-License-Identifier: BSL-1.0
// A property that an input of the box refutes: the message has the counterexample, 1.
// EXPECT: ctnn::proved: the property is refuted, by the input that the message shows
// EXPECT gcc: has_no_counterexample<ctnn::proof<float, ctnn::shape<1> >{ctnn::verdict::refuted,
// EXPECT clang: has_no_counterexample<ctnn::proof<float, ctnn::shape<1>>{1, {{1.000000e+00}}
#include <ctnn.hpp>
#include <ctnn/verify.hpp>

using net_type = ctnn::network<float, ctnn::input<1>, ctnn::dense<1, ctnn::relu>>;
constexpr net_type doubles{.layers = {net_type::chain_type::layer<0>{{2}, {0}}}};
constexpr ctnn::box<float, ctnn::shape<1>> inputs{{-1}, {1}};
static_assert(ctnn::proved<ctnn::prove(doubles, inputs, ctnn::output<0> < 1.5)>);
