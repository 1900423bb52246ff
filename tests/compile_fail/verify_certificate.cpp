// SPDX-License-Identifier: BSL-1.0
// The certificate of another property: its boxes do not prove this one.
// EXPECT: ctnn::proved: the property is not proved within the budget of boxes
#include <ctnn.hpp>
#include <ctnn/verify.hpp>

using net_type = ctnn::network<float, ctnn::input<1>, ctnn::dense<1, ctnn::relu>>;
constexpr net_type doubles{.layers = {net_type::chain_type::layer<0>{{2}, {0}}}};
constexpr ctnn::box<float, ctnn::shape<1>> inputs{{-1}, {1}};
constexpr auto found = ctnn::certify<9>(doubles, inputs, ctnn::output<0> <= 2.5);
static_assert(ctnn::proved<ctnn::prove(doubles, inputs, ctnn::output<0> <= 2, found.certificate)>);
