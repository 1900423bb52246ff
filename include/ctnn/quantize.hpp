// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Networks of 8-bit integers.

#include <ctnn/quantize/arithmetic.hpp>
#include <ctnn/quantize/calibrate.hpp>
#include <ctnn/quantize/fake_quantize.hpp>
#include <ctnn/quantize/frozen/frozen.hpp>
#include <ctnn/quantize/frozen/real.hpp>
#include <ctnn/quantize/integer_parameters.hpp>
#include <ctnn/quantize/layer/gru.hpp>
#include <ctnn/quantize/layer/lstm.hpp>
#include <ctnn/quantize/layer/pooling.hpp>
#include <ctnn/quantize/layer/quantized_layer.hpp>
#include <ctnn/quantize/layer/rearrangement.hpp>
#include <ctnn/quantize/network/quantized.hpp>
#include <ctnn/quantize/prune.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/quantize/quantize.hpp>
#include <ctnn/quantize/ranges.hpp>
#include <ctnn/quantize/rounding/half_even.hpp>
#include <ctnn/quantize/rounding/half_even_float.hpp>
#include <ctnn/quantize/rounding/once.hpp>
#include <ctnn/quantize/rounding/twice.hpp>
#include <ctnn/quantize/stream/stream.hpp>
#include <ctnn/quantize/symmetric_ranges.hpp>
#include <ctnn/quantize/weight_scales.hpp>
