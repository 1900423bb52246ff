#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# onnxruntime 1.30.0: Elu, Selu and Celu of small negative floats have an error of up to a fifth.
#
# Guess: e^x - 1 near zero is computed without cancellation (expm1, or a polynomial), so that the result is within some
# units in the last place, as Erf and Tanh are there.
# Seen, in onnxruntime-node and in onnxruntime-web: Elu(-1e-7) = -1.19e-7 and Elu(-1e-5) = -1.00136e-5, which is the
# difference of e^x, rounded, and 1. A graph that keeps small signals through an Elu gets steps of 6e-8.
set -euo pipefail
version=1.30.0
command -v npm >/dev/null || { echo "SKIPPED: needs npm"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save --ignore-scripts onnxruntime-node@$version onnxruntime-web@$version >/dev/null || { echo "SKIPPED: no onnxruntime $version"; exit 77; }
cat >run.js <<'END'
const ort = require(process.argv[2]);
if (process.argv[2] === 'onnxruntime-web') ort.env.wasm.numThreads = 1;
// A model of one node, y = Op(x), written field by field (onnx.proto: field number, then a number or bytes).
const field = (number, value) => typeof value === 'number' ? [number << 3, value]
    : [number << 3 | 2, value.length, ...(typeof value === 'string' ? Buffer.from(value) : value)];
const vector = name => [...field(1, name), ...field(2, field(1, [...field(1, 1), ...field(2, field(1, field(2, 'n')))]))];
const model = op => Uint8Array.from([
    ...field(1, 8), ...field(8, field(2, 17)),
    ...field(7, [...field(1, [...field(1, 'x'), ...field(2, 'y'), ...field(4, op)]), ...field(2, 'g'),
                 ...field(11, vector('x')), ...field(12, vector('y'))])]);
(async () => {
    const x = Float32Array.of(-1e-7, -1e-5, -1e-3);
    const scale = {Elu: 1, Celu: 1, Selu: 1.0507009873554805 * 1.6732632423543772};
    for (const op in scale) {
        const session = await ort.InferenceSession.create(model(op));
        const y = (await session.run({x: new ort.Tensor('float32', x, [3])})).y.data;
        const error = Array.from(y, (v, i) => v / (scale[op] * Math.expm1(x[i])) - 1);
        console.log(`${process.argv[2]} ${op}: ${Array.from(y, v => v.toPrecision(8)).join(' ')}; relative errors `
                    + error.map(e => e.toExponential(1)).join(' '));
        if (!(error[0] > 0.15 && error[1] > 0.001)) throw 'CHANGED';
    }
    const session = await ort.InferenceSession.create(model('Tanh'));
    const y = (await session.run({x: new ort.Tensor('float32', x, [3])})).y.data;
    if (!y.every((v, i) => Math.abs(v / Math.tanh(x[i]) - 1) < 1e-6)) throw 'CHANGED: Tanh';
})().catch(error => { console.log(error); process.exit(1); });
END
node run.js onnxruntime-node
node run.js onnxruntime-web
