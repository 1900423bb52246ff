// SPDX-License-Identifier: BSL-1.0
// Sequence layers, trained on whole sequences and run as a stream.
#include <ctnn.hpp>

using namespace ctnn;
using net_type = network<float, input<1, 64>, conv1d<8, window<5>, causal, relu>, batch_norm<>, permute<1, 0>,
                         residual<gru<8>>, lstm<8>, dense<1>>;

tensor<float, shape<1>> advance(stream<net_type>& running, const tensor<float, shape<1>>& x) {
    return running(x);
}
float train(trainer<net_type, mean_squared_error, adam, 8>& training, const tensor<float, shape<8, 1, 64>>& x,
            const tensor<float, shape<8, 64, 1>>& t) {
    return training.step(x, t);
}
