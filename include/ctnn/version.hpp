// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The version of the library; CMake reads it from here.

#define CTNN_VERSION_MAJOR 0
#define CTNN_VERSION_MINOR 1
#define CTNN_VERSION_PATCH 0
