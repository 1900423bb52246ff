// SPDX-License-Identifier: BSL-1.0
#define CTNN_SAME_BITS
#include <ctnn.hpp>

int main() {}
