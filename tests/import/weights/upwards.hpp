// A network as a user declares it, without weights.
#pragma once
#include <ctnn.hpp>

using upwards_net =
    ctnn::network<float, ctnn::input<4, 9>, ctnn::conv1d<6, ctnn::window<3>, ctnn::dilation<2>, ctnn::groups<2>>,
                  ctnn::prelu<>,
                  ctnn::conv1d_transpose<2, ctnn::window<4>, ctnn::stride<2>, ctnn::padding<ctnn::pad<1>>>>;
