// SPDX-License-Identifier: BSL-1.0
// Twelve layers for images, evaluated and trained: at most 10 s and 1 GB.
#include <ctnn.hpp>

using namespace ctnn;
using net_type = network<float, input<3, 32, 32>, conv2d<8, window<3>, same, relu>, conv2d<8, window<3>, same, relu>,
                         max_pool2d<window<2>>, conv2d<16, window<3>, same, relu>, conv2d<16, window<3>, same, relu>,
                         max_pool2d<window<2>>, conv2d<32, window<3>, same, relu>, conv2d<32, window<3>, same, relu>,
                         max_pool2d<window<2>>, conv2d<32, window<3>, relu>, flatten, dense<10, softmax>>;
static_assert(net_type::layer_count == 12);

tensor<float, shape<10>> evaluate(const net_type& net, const tensor<float, shape<3, 32, 32>>& x) {
    return net(x);
}
float train(trainer<net_type, cross_entropy, adam, 8>& training, const tensor<float, shape<8, 3, 32, 32>>& x,
            const tensor<float, shape<8, 10>>& t) {
    return training.step(x, t);
}
