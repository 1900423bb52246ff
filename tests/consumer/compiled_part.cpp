// SPDX-License-Identifier: BSL-1.0
// The one file of a program, compiled with CTNN_IO_COMPILED, that has what ctnn/io/ compiles once.
#include <ctnn/io/compile.hpp>
