// SPDX-License-Identifier: BSL-1.0
/// @file
/// The laws of layers that rearrange, scale and normalise.
#define BOOST_TEST_MODULE layers_simple
#include "laws/layers.hpp"

#include <ratio>

namespace {

using namespace ctnn;

struct permuted {
    template <class T>
    using net = network<T, input<2, 3, 1>, permute<1, 2, 0>, flatten, dense<2, ctnn::tanh>>;
};
struct padded {
    template <class T>
    using net = network<T, input<2, 1, 3>, scale<>, zero_pad<pad<1, 0>, pad<0, 2>>, flatten, dense<2>>;
};
struct padded_by_input {
    template <class T>
    using net = network<T, input<2, 3, 4>, scale<>, reflect_pad<pad<2, 1>, pad<0, 3>>, edge_pad<pad<0, 3>>,
                        wrap_pad<pad<1>, pad<2>, pad<4, 0>>, flatten, dense<2>>;
};
struct resized {
    template <class T>
    using net = network<T, input<2, 3, 4>, scale<>, linear_resize<axis<1>, 7>, linear_resize<axis<2>, 6, align_corners>,
                        linear_resize<axis<0>, 3, asymmetric>, linear_resize<axis<1>, 2>, flatten, dense<2>>;
};
struct upsampled {
    template <class T>
    using net = network<T, input<2, 3>, upsample<2>, upsample<1, 3>, flatten, dense<2>>;
};
/// One value per channel becomes images of 18, 16 and 32: runs that fill registers.
struct upsampled_wide {
    template <class T>
    using net = network<T, input<2, 1, 1>, scale<>, upsample<3, 6>, global_average_pool, reshape<1, 2, 1, 1>,
                        upsample<4, 4>, slice<axis<2>, 1, 3>, flatten, dense<2>, reshape<2, 1>, upsample<32>>;
};
struct sliced {
    template <class T>
    using net = network<T, input<3, 4, 2>, slice<axis<1>, 1, 2>, scale<>, slice<axis<0>, 0, 2>, slice<axis<2>, 1, 1>,
                        flatten, dense<2>>;
};
struct viewed {
    template <class T>
    using net = network<T, input<4>, activation<ctnn::tanh>, dense<6>, reshape<3, 2>, activation<gelu>, flatten,
                        activation<softplus>>;
};
struct views_alone {
    template <class T>
    using net = network<T, input<2, 2>, flatten, activation<sigmoid>, reshape<1, 4>>;
};
struct scaled {
    template <class T>
    using net = network<T, input<3, 2>, scale<ctnn::tanh>, scale<identity, axis<1>>, flatten, scale<>>;
};
struct rectified {
    template <class T>
    using net = network<T, input<2, 9>, prelu<>, prelu<axis<1>>, flatten, dense<1>>;
};
struct dropped {
    template <class T>
    using net = network<T, input<5>, dense<4, ctnn::tanh>, dropout<std::ratio<1, 4>>, dense<2>, dropout<std::ratio<0>>>;
};
struct normalised {
    template <class T>
    using net = network<T, input<3>, dense<4>, batch_norm<ctnn::tanh>, dense<2>>;
};
struct normalised_channels {
    template <class T>
    using net = network<T, input<2, 3, 3>, batch_norm<>, permute<1, 2, 0>, batch_norm<sigmoid, axis<2>>>;
};
struct normalised_rows {
    template <class T>
    using net = network<T, input<2, 5>, layer_norm<ctnn::tanh>, scale<>, layer_norm<>>;
};
struct normalised_wide_rows {
    template <class T>
    using net = network<T, input<9>, layer_norm<>, dense<1>>;
};
struct normalised_otherwise {
    template <class T>
    using net = network<T, input<2, 5>, batch_norm<identity, axis<0>, std::ratio<1, 5>, epsilon<std::ratio<1, 100>>>,
                        layer_norm<ctnn::tanh, epsilon<std::ratio<1, 1000>>>,
                        layer_norm<silu, epsilon<std::ratio<1, 100>>, no_affine>, dense<3>,
                        layer_norm<identity, epsilon<>, no_affine>>;
};
struct nothing_trained_normalised {
    template <class T>
    using net = network<T, input<7>, layer_norm<ctnn::tanh, epsilon<>, no_affine>>;
};

using cases = std::tuple<permuted, padded, padded_by_input, resized, upsampled, upsampled_wide, sliced, viewed,
                         views_alone, scaled, rectified, dropped, normalised, normalised_channels, normalised_rows,
                         normalised_wide_rows, normalised_otherwise, nothing_trained_normalised>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(laws_of, Case, cases) {
    laws::check_layer<Case>();
}
