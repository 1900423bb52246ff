// A network as a user declares it, without weights.
#pragma once
#include <ctnn.hpp>

namespace my {
/* Another type of this header. */
using small = ctnn::network<float, ctnn::input<2>, ctnn::dense<1>>;
using namespace ctnn;
using net = network<float, input<4, 3>, lstm<5>, lstm<5>, bidirectional<gru<4>>, dense<2>>;
}  // namespace my
