// SPDX-License-Identifier: BSL-1.0
// The one file of a program compiled with CTNN_IO_COMPILED that has the compiled part of ctnn/io/.
#include <ctnn/io/compile.hpp>
