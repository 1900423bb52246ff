// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Whether the code that reads and writes files is compiled once per program, or in every file that includes it.

#include <ctnn/config.hpp>

/// The folder `source/` has the parts of `ctnn::io` that are not templates. Without `CTNN_IO_COMPILED` each header
/// includes its part as inline functions. With `CTNN_IO_COMPILED` defined in every file of the program, the headers
/// only declare these parts and compile in a fraction of the time, and one file has the definitions: that of the CMake
/// target `ctnn::io`, or one of the program with `#include <ctnn/io/compile.hpp>`.
#if defined(CTNN_IO_COMPILED)
#define CTNN_IO_INLINE
#else
#define CTNN_IO_INLINE inline
#endif
