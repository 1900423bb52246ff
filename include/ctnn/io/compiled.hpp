// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Whether what reads and writes files is compiled once for a program, or with every file that includes it.

#include <ctnn/config.hpp>

/// The folder `source/` has the parts of `ctnn::io` that are no templates. Without `CTNN_IO_COMPILED` each header
/// includes its part, with inline functions. With it, in every file of the program, the headers declare and compile in a
/// fraction of the time, and one file has the definitions: the CMake target `ctnn::io` is that, or a file of your own
/// with `#include <ctnn/io/compile.hpp>`.
#if defined(CTNN_IO_COMPILED)
#define CTNN_IO_INLINE
#else
#define CTNN_IO_INLINE inline
#endif
