// SPDX-License-Identifier: BSL-1.0
// A proof through an activation that proofs do not know.
// EXPECT: ctnn: a proof cannot go through this activation
// EXPECT: cube
#include <ctnn.hpp>
#include <ctnn/verify.hpp>

struct cube {
    static constexpr bool derivative_needs_input = true;
    template <class V>
    constexpr V operator()(V x) const {
        return x * x * x;
    }
    template <class V>
    static constexpr V derivative(V x, V) {
        return 3 * x * x;
    }
};

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<4, cube>, ctnn::dense<1>>;
constexpr bool proved = ctnn::proves(net_type{}, ctnn::box<float, ctnn::shape<2>>{}, ctnn::output<0> < 1);
