// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE quantize_bounds
#include <boost/test/unit_test.hpp>

#include "quantize_attack.hpp"

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

#include <ratio>

namespace {

using namespace ctnn;
using test_support::expect_bound;
using test_support::expect_one;

// What the rules, granularities and ends change.
BOOST_AUTO_TEST_CASE(all_rules_granularities_and_ends) {
    using net_type = network<float, input<6>, dense<8, relu>, dense<4>>;
    const auto net = test_support::filled<net_type>(11);
    const auto inside = box<float, shape<6>>::all(-1, 2);
    expect_bound<rounding::twice, per_channel, ends_in_sums>(net, inside, 0.35);
    expect_bound<rounding::twice, per_tensor, ends_in_sums>(net, inside, 0.35);
    expect_bound<rounding::twice, per_channel, ends_in_integers>(net, inside, 0.35);
    expect_bound<rounding::twice, per_tensor, ends_in_integers>(net, inside, 0.35);
    expect_bound<rounding::once, per_tensor, ends_in_integers>(net, inside, 0.35);
    expect_bound<rounding::half_even, per_tensor, ends_in_integers>(net, inside, 0.35);
    expect_one<network<float, input<5>, dense<4>>>(-1, 1, 0.6);
    expect_one<network<float, input<6>, dense<5, ctnn::tanh>, dense<5, relu>, dense<3>>, rounding::half_even>(0, 1,
                                                                                                              0.2);
}

BOOST_AUTO_TEST_CASE(activations) {
    expect_one<network<float, input<4>, dense<6, sigmoid>, dense<3>>>(-2, 2, 0.2);
    expect_one<network<float, input<4>, dense<6, gelu>, dense<3>>, rounding::once>(-2, 2, 0.2);
    expect_one<network<float, input<4>, dense<6, silu>, dense<3>>, rounding::half_even>(-2, 2, 0.2);
    expect_one<network<float, input<4>, dense<6, relu6>, dense<3>>>(-3, 4, 0.15, 2);
    expect_one<network<float, input<4>, dense<6, hard_swish>, dense<3, clip<std::ratio<-1>, std::ratio<1, 2>>>>,
               rounding::twice, ends_in_integers>(-3, 3, 0.1);
    expect_one<network<float, input<4>, dense<6, leaky_relu>, dense<3, softplus>>>(-1, 1, 0.2);
    expect_one<network<float, input<4>, dense<6, elu>, dense<3, ctnn::tanh>>, rounding::twice, ends_in_integers>(-1, 1,
                                                                                                                 0.15);
    expect_one<network<float, input<4>, dense<6, identity>, dense<3>>>(-1, 1, 0.2);
    expect_one<network<float, input<4>, dense<6, relu>, dense<3, softmax>>>(-1, 1, 0.1);
    expect_one<network<float, input<4>, dense<6, relu>, dense<3, log_softmax>>>(-1, 1, 0.1);
    expect_one<network<float, input<4>, dense<6>, activation<ctnn::tanh>, dense<3>>>(-1, 1, 0.1);
    expect_one<network<double, input<4>, dense<6, sigmoid>, dense<3>>>(-2, 2, 0.2);
}

}  // namespace
