// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Pictures of trainings and networks, drawn by gnuplot: SVG, PNG, or text in a terminal.

#include <ctnn/io/plot/confusion.hpp>
#include <ctnn/io/plot/losses.hpp>
#include <ctnn/io/plot/picture.hpp>
#include <ctnn/io/plot/signals.hpp>
#include <ctnn/io/plot/weights.hpp>
