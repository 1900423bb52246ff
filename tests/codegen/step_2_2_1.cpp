// SPDX-License-Identifier: BSL-1.0
// STRAIGHT-LINE: step
// STRAIGHT-LINE: evaluate
//
// The smallest network of all compiles to the arithmetic and nothing else.
#include <ctnn.hpp>

using net = ctnn::network<float, ctnn::input<2>, ctnn::dense<2, ctnn::sigmoid>, ctnn::dense<1, ctnn::sigmoid>>;
using trainer = ctnn::trainer<net, ctnn::mean_squared_error, ctnn::sgd>;

extern "C" float step(trainer& t, const ctnn::tensor<float, ctnn::shape<2>>& x,
                      const ctnn::tensor<float, ctnn::shape<1>>& y) {
    return t.step(x, y);
}

extern "C" float evaluate(const net& n, const ctnn::tensor<float, ctnn::shape<2>>& x) {
    return n(x)[0];
}
