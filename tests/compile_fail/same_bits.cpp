// SPDX-License-Identifier: BSL-1.0
// As a compiler defines it for -Ofast and -ffast-math.
// EXPECT: ctnn: CTNN_SAME_BITS rules out flags that change results, such as -Ofast, -ffast-math and -mfpmath=387
// EXPECT: -ffast-math
// ERRORS: 2
#define __FAST_MATH__ 1
#define CTNN_SAME_BITS
#include <ctnn.hpp>

int main() {}
