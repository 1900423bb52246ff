// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The definitions of `ctnn::io`, for one file of a program that uses `CTNN_IO_COMPILED` without the CMake target
/// `ctnn::io`.

#include <ctnn/io/source/capture.hpp>
#include <ctnn/io/source/capture_nam.hpp>
#include <ctnn/io/source/csv.hpp>
#include <ctnn/io/source/gnuplot.hpp>
#include <ctnn/io/source/header_file.hpp>
#include <ctnn/io/source/idx.hpp>
#include <ctnn/io/source/safetensors.hpp>
