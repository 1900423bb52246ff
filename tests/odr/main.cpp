// SPDX-License-Identifier: BSL-1.0
#include "every_header.hpp"

int rank_in_other_unit();

int main() {
    return ctnn::shape<2, 3>::rank == rank_in_other_unit() ? 0 : 1;
}
