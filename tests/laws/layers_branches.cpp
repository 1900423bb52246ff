// SPDX-License-Identifier: BSL-1.0
/// @file
/// The laws of layers that are made of layers.
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

using cases = std::tuple<residuals, nested, side_by_side, nothing_trained>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(laws_of, Case, cases) {
    laws::check_layer<Case>();
}
