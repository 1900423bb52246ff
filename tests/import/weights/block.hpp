// A network as a user declares it, without weights.
#pragma once
#include <ctnn.hpp>

using block_net =
    ctnn::network<float, ctnn::input<5, 6>, ctnn::residual<ctnn::layer_norm<>, ctnn::multi_head_attention<2>>,
                  ctnn::residual<ctnn::dense<9>, ctnn::prelu<ctnn::axis<1>>, ctnn::dense<6>>>;
