#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# onnxruntime 1.30.0 (onnxruntime-node, x86-64): with session.x64quantprecision=1, operators of int8 whose weights are large are
# not loaded.
#
# The option is for processors whose products of unsigned and signed 8-bit integers saturate in pairs: it replaces signed
# weights by unsigned ones, which cannot.
# Guess: with the option, models of int8 give the exact sums, as those of uint8 do, or it changes nothing.
# Seen: weights from -64 to 64 are left as they are. One weight beyond makes all unsigned, though the inputs are signed; there is
# no kernel for that pair of types, so QLinearMatMul and QLinearConv of int8 inputs fail to load ("Failed to find kernel").
# Without the option the same models load and are exact.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/support/onnxruntime.sh"
[[ $(uname -m) == x86_64 ]] || { echo "SKIPPED: the option is for x86-64"; exit 77; }
use_onnxruntime 1.30.0 onnxruntime-node
cat >run.js <<'END'
const {compare, int8, main, node, runtime} = require('./one_node_model.js');
const scale = [[], [1]], zero = [[], [0], int8];
const product = largest => node('QLinearMatMul', [1, 2], [['y', int8, [1, 1]]],
    {input: int8, constants: [scale, zero, [[2, 1], [largest, 1], int8], scale, zero, scale, zero]});
const convolution = largest => node('QLinearConv', [1, 1, 2], [['y', int8, [1, 1, 1]]],
    {input: int8, constants: [scale, zero, [[1, 1, 2], [largest, 1], int8], scale, zero, scale, zero]});
main(async () => {
    const answer = runtime(process.argv[2]);
    const seen = async (model, extents, precise) => answer(model, extents, Int8Array.from([-1, 3]), 'y',
        {logSeverityLevel: 4, extra: {session: {x64quantprecision: precise}}}).then(
        y => y.join(' '), error => /Failed to find kernel/.test(error) ? 'not loaded' : String(error));
    for (const [op, make, extents] of [['QLinearMatMul', product, [1, 2]], ['QLinearConv', convolution, [1, 1, 2]]])
        for (const largest of [64, 65, -64, -65])
            for (const precise of ['0', '1'])
                compare(`${op} of int8 by ${largest} and 1, x64quantprecision=${precise}`,
                        await seen(make(largest), extents, precise),
                        precise === '1' && Math.abs(largest) > 64 ? 'not loaded' : String(3 - largest));
});
END
node run.js onnxruntime-node
