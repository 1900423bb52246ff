// SPDX-License-Identifier: BSL-1.0
// Models of one node, y = Op(x), written field by field, and what a runtime answers.
'use strict';

// A field of a protobuf message: its number, then a number or bytes (onnx.proto says which field is what).
const varint = number => number < 128 ? [number] : [number & 127 | 128, ...varint(number >> 7)];
const field = (number, value) => typeof value === 'number' ? [...varint(number << 3), ...varint(value)]
    : [...varint(number << 3 | 2), ...varint(value.length), ...(typeof value === 'string' ? Buffer.from(value) : value)];
const tensor = (name, type, extents) => [...field(1, name), ...field(2, field(1,
    [...field(1, type), ...field(2, extents.flatMap(extent => field(1, field(1, extent))))]))];

// Attributes, and the types of tensors.
exports.integer = (name, value) => field(5, [...field(1, name), ...field(3, value), ...field(20, 2)]);
exports.integers = (name, value) => field(5, [...field(1, name), ...field(8, value), ...field(20, 7)]);
const float32 = 1;
exports.int64 = 7;

// From a tensor of float to one of `type`, in version 17 of ONNX's operators.
exports.model = (op, extents, result = extents, attributes = [], type = float32) => Uint8Array.from([
    ...field(1, 8), ...field(8, field(2, 17)),
    ...field(7, [...field(1, [...field(1, 'x'), ...field(2, 'y'), ...field(4, op), ...attributes]), ...field(2, 'g'),
                 ...field(11, tensor('x', float32, extents)), ...field(12, tensor('y', type, result))])]);

exports.runtime = name => {
    const ort = require(name);
    if (name === 'onnxruntime-web') ort.env.wasm.numThreads = 1;
    // The numbers that a model answers.
    return async (model, extents, numbers) => {
        const session = await ort.InferenceSession.create(model);
        const x = new ort.Tensor('float32', Float32Array.from(numbers), extents);
        return Array.from((await session.run({x})).y.data, Number);
    };
};

exports.main = check => check().catch(error => { console.log(error); process.exit(1); });
