// SPDX-License-Identifier: BSL-1.0
/// @file
/// The laws of layers that contain layers.
#define BOOST_TEST_MODULE layers_branches
#include "laws/layers.hpp"

#include <ratio>

namespace {

using namespace ctnn;

struct residuals {
    template <class T>
    using net = network<T, input<3>, residual<dense<4, ctnn::tanh>, dense<3>>, residual<activation<sigmoid>>, dense<2>>;
};
struct nested {
    template <class T>
    using net =
        network<T, input<2, 3>, residual<sum<branch<scale<>>, branch<residual<prelu<>>>>, layer_norm<>>, flatten>;
};
struct side_by_side {
    template <class T>
    using net = network<T, input<2, 3>,
                        concatenate<branch<>, branch<conv1d<1, window<3>, same>, dropout<std::ratio<1, 4>>>,
                                    branch<activation<ctnn::tanh>>>,
                        concatenate<axis<1>, branch<scale<>>, branch<batch_norm<ctnn::tanh>, zero_pad<pad<0, 1>>>>>;
};
struct nothing_trained {
    template <class T>
    using net = network<T, input<2, 2>, sum<branch<activation<gelu>>, branch<>>,
                        concatenate<branch<max_pool1d<window<2>>>, branch<average_pool1d<window<2>>>>>;
};

struct gated {
    template <class T>
    using net = network<T, input<3>, product<branch<dense<4>>, branch<dense<4, sigmoid>>>,
                        product<branch<>, branch<dense<4, silu>, scale<>>, branch<activation<ctnn::tanh>>>, dense<2>>;
};
/// A factor for each channel, from the channel means.
struct excited {
    template <class T>
    using net = network<T, input<2, 2, 3>,
                        product<branch<>, branch<global_average_pool, dense<3, relu>, dense<2, sigmoid>,
                                                 reshape<2, 1, 1>, upsample<2, 3>>>,
                        flatten, dense<1>>;
};
struct nothing_trained_multiplied {
    template <class T>
    using net = network<T, input<2, 3>, product<branch<activation<gelu>>, branch<>, branch<reverse>>,
                        matmul<branch<>, branch<permute<1, 0>>>>;
};
/// Attention, built from its parts.
struct attending {
    template <class T>
    using net = network<T, input<3, 4>,
                        matmul<branch<matmul<branch<dense<2>>, branch<dense<2>, permute<1, 0>>>, activation<softmax>>,
                               branch<dense<5>>>,
                        dense<1>>;
};
/// Two matrices per sample; also with single rows, columns and sums.
struct matrices {
    template <class T>
    using net = network<T, input<2, 3, 9>, scale<>, matmul<branch<>, branch<permute<0, 2, 1>>>,
                        matmul<branch<prelu<>, slice<axis<1>, 1, 1>>, branch<scale<>>>,
                        matmul<branch<permute<0, 2, 1>>, branch<>>,
                        matmul<branch<slice<axis<1>, 0, 1>>, branch<slice<axis<2>, 1, 1>>>, flatten, dense<1>>;
};

using cases = std::tuple<residuals, nested, side_by_side, nothing_trained, gated, excited, nothing_trained_multiplied,
                         attending, matrices>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(laws_of, Case, cases) {
    laws::check_layer<Case>();
}
