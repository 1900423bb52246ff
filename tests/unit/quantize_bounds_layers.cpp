// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE quantize_bounds_layers
#include <boost/test/unit_test.hpp>

#include "quantize_attack.hpp"

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

#include <ratio>

namespace {

using namespace ctnn;
using test_support::expect_one;

BOOST_AUTO_TEST_CASE(images) {
    // Inputs are rounded, and so are means.
    expect_one<network<float, input<1, 2, 2>, average_pool2d<window<2>>>>(0, 1, 0.6);
    expect_one<network<float, input<1, 6, 6>, conv2d<3, window<3>, relu>, max_pool2d<window<2>>, flatten, dense<3>>>(
        0, 1, 0.1);
    expect_one<
        network<float, input<2, 5, 5>, conv2d<4, window<3>, same, relu>, average_pool2d<window<2>>, flatten, dense<2>>,
        rounding::once>(0, 1, 0.1);
    expect_one<network<float, input<4, 4, 4>, conv2d<4, window<3>, groups<2>, same, relu6>, conv2d<2, window<2>>>,
               rounding::twice, ends_in_integers>(-1, 1, 0.05);
    expect_one<network<float, input<2, 3, 3>, zero_pad<pad<1>>, upsample<2, 2>, permute<2, 0, 1>, flatten, dense<3>>>(
        -1, 1, 0.2);
    expect_one<network<float, input<2, 4, 4>, conv2d<4, window<2>, ctnn::tanh>, global_average_pool, dense<3>>>(-1, 1,
                                                                                                                0.05);
    expect_one<network<float, input<6, 3>, dense<4, relu>, flatten, dense<2>>>(-1, 1, 0.1);
}

BOOST_AUTO_TEST_CASE(layers_in_float) {
    expect_one<network<float, input<4>, dense<6>, batch_norm<relu>, dense<3>>>(-1, 1, 0.05);
    expect_one<network<float, input<4>, dense<6>, scale<ctnn::tanh>, dense<3>>>(-1, 1, 0.1);
    expect_one<network<float, input<4>, dense<6>, layer_norm<>, dense<3>>>(0.5, 0.52, 0.01);
    expect_one<network<float, input<4>, dense<6>, prelu<>, dense<3>>>(-0.01, 0.01, 0.01);
    expect_one<network<float, input<2, 3, 3>, conv2d_transpose<2, window<2>, relu>, flatten, dense<2>>>(-1, 1, 0.1);
}

}  // namespace
