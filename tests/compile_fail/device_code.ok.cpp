// SPDX-License-Identifier: BSL-1.0
#define __CUDA_ARCH__ 900
#define CTNN_HOST_ONLY
#include <ctnn.hpp>

int main() {}
