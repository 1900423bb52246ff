#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# onnxruntime 1.30.0 on x86-64: Sigmoid of float falls where its argument grows, and is 0 from -18 downwards.
#
# Guess: a few units in the last place of the result, as for its other functions, and never a larger result for a smaller
# argument.
# Seen: sigmoid(-17) is 8.94e-8 and sigmoid(-16) is 5.96e-8; true are 4.14e-8 and 1.13e-7. At the other end sigmoid(16)
# is 0.99999994, sigmoid(17) is 0.99999988. sigmoid(-18), in truth 1.5e-8, is 0, though float has room down to 1e-38.
# Softplus of the same arguments is right. Seen on a processor with AVX2; onnxruntime chooses among kernels by the
# processor, and another kernel's last digits may differ (onnxruntime-web has 2.98e-8 at -17).
set -euo pipefail
version=1.30.0
command -v npm >/dev/null && [[ $(uname -m) == x86_64 ]] || { echo "SKIPPED: needs npm, on x86-64"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save --ignore-scripts onnxruntime-node@$version >/dev/null || { echo "SKIPPED: no onnxruntime-node $version"; exit 77; }
cat >run.js <<'END'
const ort = require('onnxruntime-node');
// A model of one node, y = Op(x), written field by field (onnx.proto: field number, then a number or bytes).
const field = (number, value) => typeof value === 'number' ? [number << 3, value]
    : [number << 3 | 2, value.length, ...(typeof value === 'string' ? Buffer.from(value) : value)];
const vector = name => [...field(1, name), ...field(2, field(1, [...field(1, 1), ...field(2, field(1, field(2, 'n')))]))];
const model = op => Uint8Array.from([
    ...field(1, 8), ...field(8, field(2, 17)),
    ...field(7, [...field(1, [...field(1, 'x'), ...field(2, 'y'), ...field(4, op)]), ...field(2, 'g'),
                 ...field(11, vector('x')), ...field(12, vector('y'))])]);
(async () => {
    const x = Float32Array.of(-18, -17, -16, 16, 17);
    const wanted = {Sigmoid: x.map(v => 1 / (1 + Math.exp(-v))), Softplus: x.map(v => Math.log1p(Math.exp(v)))};
    const seen = {};
    for (const op of ['Sigmoid', 'Softplus']) {
        const session = await ort.InferenceSession.create(model(op));
        seen[op] = (await session.run({x: new ort.Tensor('float32', x, [x.length])})).y.data;
        x.forEach((v, i) => console.log(`${op}(${v}) = ${seen[op][i].toPrecision(8)}, true ${wanted[op][i].toPrecision(8)}`));
    }
    const [s18, s17, s16, p16, p17] = seen.Sigmoid;
    const close = seen.Softplus.every((v, i) => Math.abs(v / wanted.Softplus[i] - 1) < 1e-6);
    if (!(s18 === 0 && s17 > s16 && p17 < p16 && s17 > 2 * wanted.Sigmoid[1] && close)) throw 'CHANGED';
})().catch(error => { console.log(error); process.exit(1); });
END
node run.js
