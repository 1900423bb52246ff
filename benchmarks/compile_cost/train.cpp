// SPDX-License-Identifier: BSL-1.0
// A training step at run time with the network of the digits.
#include <ctnn.hpp>

using net = ctnn::network<float, ctnn::input<64>, ctnn::dense<32, ctnn::relu>, ctnn::dense<10, ctnn::softmax>>;
using trainer = ctnn::trainer<net, ctnn::cross_entropy, ctnn::adam, 32>;

float step(trainer& t, const ctnn::tensor<float, ctnn::shape<32, 64>>& x,
           const ctnn::tensor<float, ctnn::shape<32, 10>>& y);
float step(trainer& t, const ctnn::tensor<float, ctnn::shape<32, 64>>& x,
           const ctnn::tensor<float, ctnn::shape<32, 10>>& y) {
    return t.step(x, y);
}
