// SPDX-License-Identifier: BSL-1.0
// Inference at run time with a network of eight layers.
#include <ctnn.hpp>

using net = ctnn::network<float, ctnn::input<16>, ctnn::dense<16, ctnn::relu>, ctnn::dense<16, ctnn::relu>,
                          ctnn::dense<16, ctnn::relu>, ctnn::dense<16, ctnn::relu>, ctnn::dense<16, ctnn::relu>,
                          ctnn::dense<16, ctnn::relu>, ctnn::dense<16, ctnn::relu>, ctnn::dense<4, ctnn::softmax>>;

ctnn::tensor<float, ctnn::shape<4>> evaluate(const net& n, const ctnn::tensor<float, ctnn::shape<16>>& x);
ctnn::tensor<float, ctnn::shape<4>> evaluate(const net& n, const ctnn::tensor<float, ctnn::shape<16>>& x) {
    return n(x);
}
