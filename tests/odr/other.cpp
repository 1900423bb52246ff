// SPDX-License-Identifier: BSL-1.0
#include "every_header.hpp"

int rank_in_other_unit();
int rank_in_other_unit() {
    return static_cast<int>(ctnn::shape<2, 3>::rank);
}
