// SPDX-License-Identifier: BSL-1.0
// Inference with dense layers: one sample at a time, and a batch.
#include "dense.hpp"

int main(int argc, char** argv) {
    using ctnn::identity, ctnn::relu, ctnn::sigmoid, ctnn::softmax;
    dense::add<float, sigmoid, sigmoid, 1, 2, 2, 1>("2-2-1 sigmoid");
    dense::add<float, ctnn::tanh, identity, 1, 1, 8, 8, 1>("1-8-8-1 tanh");
    dense::add<float, ctnn::tanh, identity, 1, 4, 64, 64, 2>("4-64-64-2 tanh");
#if !defined(CTNN_BENCH_SMOKE_ALONE)
    dense::add<float, relu, identity, 1, 4, 64, 64, 2>("4-64-64-2 relu");
    dense::add<float, relu, identity, 1, 64, 32, 10>("64-32-10 relu");
    dense::add<float, relu, softmax, 1, 784, 128, 10>("784-128-10 softmax");
#endif
    dense::add<double, ctnn::tanh, identity, 1, 4, 64, 64, 2>("4-64-64-2 tanh, double");
#if !defined(CTNN_BENCH_SMOKE_ALONE)
    dense::add<float, relu, softmax, 32, 784, 128, 10>("784-128-10 softmax, batch 32");
#endif
    return compare::run(argc, argv);
}
