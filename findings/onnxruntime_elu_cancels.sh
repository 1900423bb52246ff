#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# onnxruntime 1.30.0: Elu, Selu and Celu of small negative floats have an error of up to a fifth.
#
# Guess: e^x - 1 near zero is computed without cancellation (expm1, or a polynomial), so that the result is within some
# units in the last place, as Erf and Tanh are there.
# Seen, in onnxruntime-node and in onnxruntime-web: Elu(-1e-7) = -1.19e-7 and Elu(-1e-5) = -1.00136e-5, which is the
# difference of e^x, rounded, and 1. A graph that keeps small signals through an Elu gets steps of 6e-8.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/support/onnxruntime.sh"
use_onnxruntime 1.30.0 onnxruntime-node onnxruntime-web
cat >run.js <<'END'
const {main, model, runtime} = require('./one_node_model.js');
main(async () => {
    const answer = runtime(process.argv[2]);
    const x = Float32Array.of(-1e-7, -1e-5, -1e-3);
    const scale = {Elu: 1, Celu: 1, Selu: 1.0507009873554805 * 1.6732632423543772};
    for (const op in scale) {
        const y = await answer(model(op, [3]), [3], x);
        const error = y.map((v, i) => v / (scale[op] * Math.expm1(x[i])) - 1);
        console.log(`${process.argv[2]} ${op}: ${y.map(v => v.toPrecision(8)).join(' ')}; relative errors `
                    + error.map(e => e.toExponential(1)).join(' '));
        if (!(error[0] > 0.15 && error[1] > 0.001)) throw 'CHANGED';
    }
    const y = await answer(model('Tanh', [3]), [3], x);
    if (!y.every((v, i) => Math.abs(v / Math.tanh(x[i]) - 1) < 1e-6)) throw 'CHANGED: Tanh';
});
END
node run.js onnxruntime-node
node run.js onnxruntime-web
