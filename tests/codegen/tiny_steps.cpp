// SPDX-License-Identifier: BSL-1.0
// NO-LOOP: step_2_2_1
// NO-LOOP: step_2_4_1
// NO-LOOP: step_3_4_1
// STRAIGHT-LINE at -O3: evaluate
//
// The smallest networks compile to pure arithmetic. A training step branches once, on whether there is momentum.
#include <ctnn.hpp>

template <int Inputs, int Hidden>
using net = ctnn::network<float, ctnn::input<Inputs>, ctnn::dense<Hidden, ctnn::sigmoid>, ctnn::dense<1, ctnn::sigmoid>>;
template <int Inputs, int Hidden>
using trainer = ctnn::trainer<net<Inputs, Hidden>, ctnn::mean_squared_error, ctnn::sgd>;
template <int Inputs>
using sample = ctnn::tensor<float, ctnn::shape<Inputs>>;

extern "C" float step_2_2_1(trainer<2, 2>& t, const sample<2>& x, const sample<1>& y) {
    return t.step(x, y);
}

extern "C" float step_2_4_1(trainer<2, 4>& t, const sample<2>& x, const sample<1>& y) {
    return t.step(x, y);
}

extern "C" float step_3_4_1(trainer<3, 4>& t, const sample<3>& x, const sample<1>& y) {
    return t.step(x, y);
}

extern "C" float evaluate(const net<2, 2>& n, const sample<2>& x) {
    return n(x)[0];
}
