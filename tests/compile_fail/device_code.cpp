// SPDX-License-Identifier: BSL-1.0
// As nvcc compiles a file for the device. Called in a kernel, the library would silently do nothing.
// EXPECT: ctnn does not compute in device code
// EXPECT: define CTNN_HOST_ONLY where host code alone calls it
// ERRORS: 2
#define __CUDA_ARCH__ 900
#include <ctnn.hpp>

int main() {}
