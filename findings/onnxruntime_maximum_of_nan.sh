#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# onnxruntime 1.30.0: whether a NaN survives a maximum depends on the operator, and for ReduceMax on where it stands.
#
# Guess: one rule. Either NaN is passed on, as Max, Relu, Clip and Softmax do here, or it is ignored.
# Seen, in onnxruntime-node and in onnxruntime-web: ReduceMax of (1, NaN, 3, 2) is 3, of (NaN, 1, 2, 5) NaN.
# ArgMax of (1, NaN, 3, 2) is 1, the NaN's place, so the place of the maximum and the maximum disagree. MaxPool ignores
# NaN, and a window of NaN alone gives -3.4028235e38, the lowest finite number.
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
const varint = number => number < 128 ? [number] : [number & 127 | 128, ...varint(number >> 7)];
const field = (number, value) => typeof value === 'number' ? [...varint(number << 3), ...varint(value)]
    : [...varint(number << 3 | 2), ...varint(value.length), ...(typeof value === 'string' ? Buffer.from(value) : value)];
const tensor = (name, type, extents) => [...field(1, name), ...field(2, field(1,
    [...field(1, type), ...field(2, extents.flatMap(extent => field(1, field(1, extent))))]))];
const integer = (name, value) => field(5, [...field(1, name), ...field(3, value), ...field(20, 2)]);
const integers = (name, value) => field(5, [...field(1, name), ...field(8, value), ...field(20, 7)]);
const model = (op, attributes, shape, type, result) => Uint8Array.from([
    ...field(1, 8), ...field(8, field(2, 17)),
    ...field(7, [...field(1, [...field(1, 'x'), ...field(2, 'y'), ...field(4, op), ...attributes]), ...field(2, 'g'),
                 ...field(11, tensor('x', 1, shape)), ...field(12, tensor('y', type, result))])]);
const run = async (bytes, shape, numbers) => {
    const session = await ort.InferenceSession.create(bytes);
    const y = (await session.run({x: new ort.Tensor('float32', Float32Array.from(numbers), shape)})).y.data;
    return Array.from(y, Number).join(' ');
};
(async () => {
    const axis = [...integer('keepdims', 0)];
    const maximum = model('ReduceMax', [...integers('axes', 0), ...axis], [4], 1, []);
    const place = model('ArgMax', [...integer('axis', 0), ...axis], [4], 7, []);
    const pool = model('MaxPool', integers('kernel_shape', 2), [1, 1, 4], 1, [1, 1, 3]);
    const seen = [
        ['ReduceMax of (1, NaN, 3, 2)', await run(maximum, [4], [1, NaN, 3, 2]), '3'],
        ['ReduceMax of (NaN, 1, 2, 5)', await run(maximum, [4], [NaN, 1, 2, 5]), 'NaN'],
        ['ArgMax of (1, NaN, 3, 2)', await run(place, [4], [1, NaN, 3, 2]), '1'],
        ['MaxPool of (NaN, NaN, 2, 1), windows of 2', await run(pool, [1, 1, 4], [NaN, NaN, 2, 1]),
         '-3.4028234663852886e+38 2 2']];
    for (const [what, result] of seen) console.log(`${process.argv[2]}: ${what}: ${result}`);
    if (seen.some(([, result, known]) => result !== known)) throw 'CHANGED';
})().catch(error => { console.log(error); process.exit(1); });
END
node run.js onnxruntime-node
node run.js onnxruntime-web
