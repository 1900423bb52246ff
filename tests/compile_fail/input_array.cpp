// SPDX-License-Identifier: BSL-1.0
// An array of three values for a network of two inputs.
// EXPECT: ctnn::network: the input has another shape than the network expects
// EXPECT gcc: ctnn::given<ctnn::shape<3> >
// EXPECT clang: given<ctnn::shape<3>>

#include <ctnn.hpp>

#include <array>

constexpr ctnn::network<double, ctnn::input<2>, ctnn::dense<1>> net{};
constexpr auto y = net(std::array<double, 3>{});
