#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# onnxruntime 1.30.0: whether a NaN survives a maximum depends on the operator, and for ReduceMax on where it stands.
#
# Guess: one rule. Either NaN is passed on, as Max, Relu, Clip and Softmax do here, or it is ignored.
# Seen, in onnxruntime-node and in onnxruntime-web: ReduceMax of (1, NaN, 3, 2) is 3, of (NaN, 1, 2, 5) NaN.
# ArgMax of (1, NaN, 3, 2) is 1, the NaN's place, so the place of the maximum and the maximum disagree. MaxPool ignores
# NaN, and a window of NaN alone gives -3.4028235e38, the lowest finite number.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/support/onnxruntime.sh"
use_onnxruntime 1.30.0 onnxruntime-node onnxruntime-web
cat >run.js <<'END'
const {int64, integer, integers, main, model, runtime} = require('./one_node_model.js');
main(async () => {
    const answer = runtime(process.argv[2]);
    const scalar = integer('keepdims', 0);
    const maximum = model('ReduceMax', [4], [], [...integers('axes', [0]), ...scalar]);
    const place = model('ArgMax', [4], [], [...integer('axis', 0), ...scalar], int64);
    const pool = model('MaxPool', [1, 1, 4], [1, 1, 3], integers('kernel_shape', [2]));
    const seen = [
        ['ReduceMax of (1, NaN, 3, 2)', await answer(maximum, [4], [1, NaN, 3, 2]), '3'],
        ['ReduceMax of (NaN, 1, 2, 5)', await answer(maximum, [4], [NaN, 1, 2, 5]), 'NaN'],
        ['ArgMax of (1, NaN, 3, 2)', await answer(place, [4], [1, NaN, 3, 2]), '1'],
        ['MaxPool of (NaN, NaN, 2, 1), windows of 2', await answer(pool, [1, 1, 4], [NaN, NaN, 2, 1]),
         '-3.4028234663852886e+38 2 2']];
    for (const [what, result] of seen) console.log(`${process.argv[2]}: ${what}: ${result.join(' ')}`);
    if (seen.some(([, result, known]) => result.join(' ') !== known)) throw 'CHANGED';
});
END
node run.js onnxruntime-node
node run.js onnxruntime-web
