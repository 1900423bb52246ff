// SPDX-License-Identifier: BSL-1.0
/// @file
/// The laws of convolution and pooling.
#define BOOST_TEST_MODULE layers_windows
#include "laws/layers.hpp"

namespace {

using namespace ctnn;

struct plain {
    template <class T>
    using net = network<T, input<1, 4, 3>, conv2d<2, window<2>, ctnn::tanh>, max_pool2d<window<2>, stride<1>>>;
};
struct strided_dilated {
    template <class T>
    using net = network<T, input<2, 5, 6>, conv2d<3, window<2, 1>, stride<3, 2>, dilation<2, 1>, same, no_bias>,
                        flatten, dense<1>>;
};
struct grouped {
    template <class T>
    using net = network<T, input<4, 3, 3>, conv2d<4, window<3>, groups<2>, padding<pad<1, 0>, pad<0, 1>>>,
                        conv2d<4, window<1>, groups<4>>>;
};
struct lines {
    template <class T>
    using net = network<T, input<1, 7>, conv1d<2, window<3>, causal, dilation<2>>, conv1d<3, window<1>, ctnn::tanh>,
                        average_pool1d<window<3>, padding<pad<1>>, ceil_mode>>;
};
struct transposed {
    template <class T>
    using net = network<T, input<2, 3>, conv1d_transpose<4, window<3>, stride<2>, padding<pad<1, 2>>, groups<2>>,
                        conv1d_transpose<2, window<2>, stride<3>, dilation<2>, output_padding<1>, ctnn::tanh, no_bias>,
                        conv1d_transpose<1, window<4>, stride<2>, same>>;
};
struct transposed_far_apart {
    template <class T>
    using net = network<T, input<1, 1>, conv1d_transpose<1, window<1>, stride<3>, same>,
                        conv1d_transpose<2, window<3>, causal>>;
};
struct transposed_images {
    template <class T>
    using net =
        network<T, input<2, 2, 3>,
                conv2d_transpose<4, window<3, 2>, stride<2, 1>, padding<pad<1, 2>, pad<0>>, groups<2>>,
                conv2d_transpose<2, window<2>, stride<1, 3>, dilation<2, 1>, output_padding<0, 2>, ctnn::tanh, no_bias>,
                conv2d_transpose<1, window<3>, stride<2>, same>>;
};
struct averaged {
    template <class T>
    using net = network<T, input<2, 4, 5>, scale<>,
                        average_pool2d<window<2, 3>, stride<3, 1>, padding<pad<1, 0>, pad<2, 1>>, count_include_pad>,
                        global_average_pool>;
};
struct largest {
    template <class T>
    using net = network<T, input<2, 5>, scale<>, max_pool1d<window<2>, padding<pad<1>>, ceil_mode>, global_max_pool>;
};

using cases = std::tuple<plain, strided_dilated, grouped, lines, transposed, transposed_far_apart, transposed_images,
                         averaged, largest>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(laws_of, Case, cases) {
    laws::check_layer<Case>();
}
