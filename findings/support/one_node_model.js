// SPDX-License-Identifier: BSL-1.0
// Models of one node, y = Op(x), written field by field, and what a runtime answers.
'use strict';

// A field of a protobuf message: its number, then a number or bytes (onnx.proto says which field is what).
const varint = number => number < 128 ? [number] : [number & 127 | 128, ...varint(number >> 7)];
const field = (number, value) => typeof value === 'number' ? [...varint(number << 3), ...varint(value)]
    : [...varint(number << 3 | 2), ...varint(value.length), ...(typeof value === 'string' ? Buffer.from(value) : value)];
const tensor = (name, type, extents) => [...field(1, name), ...field(2, field(1,
    [...field(1, type), ...field(2, extents.flatMap(extent => field(1, field(1, extent))))]))];
const bytes = (type, values) => [...new Uint8Array(type === float32 ? Float32Array.from(values).buffer : values)];
const constant = (name, type, extents, values) => [...extents.flatMap(extent => field(1, extent)), ...field(2, type),
                                                   ...field(8, name), ...field(9, bytes(type, values))];

// Attributes, and the types of tensors.
const float32 = exports.float32 = 1;
exports.uint8 = 2;
exports.int8 = 3;
exports.int64 = 7;
const attribute = (name, type, value) => field(5, [...field(1, name), ...value, ...field(20, type)]);
exports.float = (name, value) => attribute(name, 1, [...varint(2 << 3 | 5), ...bytes(float32, [value])]);
exports.integer = (name, value) => attribute(name, 2, field(3, value));
exports.text = (name, value) => attribute(name, 3, field(4, value));
exports.values = (name, values, type = float32) =>
    attribute(name, 4, field(5, constant('', type, [values.length], values)));
exports.floats = (name, values) => attribute(name, 6, field(7, bytes(float32, values)));
exports.integers = (name, values) => attribute(name, 7, values.flatMap(value => field(8, value)));
exports.texts = (name, values) => attribute(name, 8, values.flatMap(value => field(9, value)));

// A node of a version of a domain's operators, with x and constants (extents, numbers, perhaps a type) as inputs and with
// `results` (name, type, extents).
exports.node = (op, extents, results, {domain = '', version = 17, attributes = [], constants = [], input = float32}) => {
    const names = constants.map((_, i) => `constant${i}`);
    return Uint8Array.from([
        ...field(1, domain ? 10 : 8), ...field(8, [...field(1, domain), ...field(2, version)]),
        ...field(7, [...field(1, [...['x', ...names].flatMap(name => field(1, name)),
                                  ...results.flatMap(([name]) => field(2, name)), ...field(4, op), ...attributes,
                                  ...(domain ? field(7, domain) : [])]),
                     ...field(2, 'g'),
                     ...constants.flatMap(([shape, values, type = float32], i) =>
                         field(5, constant(names[i], type, shape, values))),
                     ...field(11, tensor('x', input, extents)),
                     ...results.flatMap(result => field(12, tensor(...result)))])]);
};
// From a tensor of float to one of `type`, in version 17 of ONNX's operators.
exports.model = (op, extents, result = extents, attributes = [], type = float32) =>
    exports.node(op, extents, [['y', type, result]], {attributes});

exports.runtime = name => {
    const ort = require(name);
    if (name === 'onnxruntime-web') ort.env.wasm.numThreads = 1;
    // The numbers that a model answers, in a session with these options; `numbers` are floats, or integers in an Int8Array.
    return async (model, extents, numbers, output = 'y', options = {}) => {
        const session = await ort.InferenceSession.create(model, options);
        const x = numbers instanceof Int8Array ? new ort.Tensor('int8', numbers, extents)
                                               : new ort.Tensor('float32', Float32Array.from(numbers), extents);
        return Array.from((await session.run({x}))[output].data, Number);
    };
};

// Prints what was seen; `main` fails at its end if some of it is not what was known.
let changed = false;
exports.compare = (what, seen, known) => {
    console.log(`${process.argv[2]}: ${what}: ${seen}`);
    changed ||= seen !== known;
};
exports.main = check => check().then(() => { if (changed) throw 'CHANGED'; }).catch(error => { console.log(error); process.exit(1); });
