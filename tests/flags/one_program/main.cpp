// SPDX-License-Identifier: BSL-1.0
// A program with parts for a processor that it does not run on: the other parts must not run their code. See
// CMakeLists.txt.

#include "network.hpp"

#include <cstdio>

namespace one_program {

float plain(float x) {
    return output(x);
}

}  // namespace one_program

int main(int count, char**) {
    // The compiler cannot know that these calls never happen.
    const float there = one_program::plain(1),
                wanted = count > 1000 ? one_program::wide(1) + one_program::loose(1) : there;
    std::printf("%g\n", static_cast<double>(there));
    return ctnn::near(there, wanted) && there > 0 ? 0 : 1;
}
