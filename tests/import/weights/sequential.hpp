// A network as a user declares it, without weights.
#pragma once
#include <ctnn.hpp>

using sequential_net =
    ctnn::network<float, ctnn::input<2, 6, 6>, ctnn::conv2d<4, ctnn::window<3>, ctnn::padding<ctnn::pad<1>>>,  // 0
                  ctnn::batch_norm<ctnn::relu>,  // 1 and 2
                  ctnn::max_pool2d<ctnn::window<2>>, ctnn::flatten, ctnn::dense<3>>;
