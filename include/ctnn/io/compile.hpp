// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What one file of a program includes that is compiled with `CTNN_IO_COMPILED` and without the CMake target `ctnn::io`.

#include <ctnn/io/source/csv.hpp>
#include <ctnn/io/source/header_file.hpp>
#include <ctnn/io/source/idx.hpp>
#include <ctnn/io/source/safetensors.hpp>
