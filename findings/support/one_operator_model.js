// SPDX-License-Identifier: BSL-1.0
// TensorFlow Lite's models of one operator, y = Op(x), written field by field, and what LiteRT answers.
'use strict';
const fs = require('fs');
const path = require('path');
const vm = require('vm');
const {Builder} = require('flatbuffers');

// Numbers of schema.fbs: of the operator and of its table of options, whose fields are bytes (b) or ints (i).
const operators = {
    ADD: [0, 11, 'b'], SUB: [41, 28, 'b'], MUL: [18, 21, 'b'], DIV: [42, 29, 'b'], CONV_2D: [3, 1, 'biibii'],
    DEPTHWISE_CONV_2D: [4, 2, 'biiibii'], TRANSPOSE_CONV: [67, 49, 'biib'], AVERAGE_POOL_2D: [1, 5, 'biiiib'],
    MAX_POOL_2D: [17, 5, 'biiiib'], L2_POOL_2D: [12, 5, 'biiiib'], FULLY_CONNECTED: [9, 8, 'b'],
    CONCATENATION: [2, 10, 'ib'], CUSTOM: [32, 0, '']};
const types = new Map([[Float32Array, 0], [Int32Array, 2]]);

// Constants.
exports.floats = (extents, ...values) => ({extents, values: Float32Array.from(values)});
exports.ints = (extents, ...values) => ({extents, values: Int32Array.from(values)});

// `inputs` are constants and x, {extents}, of floats as the result is.
exports.model = (op, inputs, result, options = [], {version = 1, name} = {}) => {
    const b = new Builder(1024), [number, union, kinds] = operators[op];
    const table = (fields, add) => (b.startObject(fields), add(), b.endObject());
    const vector = (all, size, add) => {
        b.startVector(size, all.length, Math.max(size, 4));
        [...all].reverse().forEach(add);
        return b.endVector();
    };
    const ints = all => vector(all, 4, one => b.addInt32(one));
    const offsets = all => vector(all, 4, one => b.addOffset(one));
    const tensors = [...inputs, {extents: result}], constants = tensors.filter(tensor => tensor.values);
    const buffers = offsets([undefined, ...constants].map(constant => {
        const bytes = constant ? new Uint8Array(constant.values.buffer) : [];
        const data = vector(bytes, 1, one => b.addInt8(one));
        return table(1, () => bytes.length > 0 && b.addFieldOffset(0, data, 0));
    }));
    const written = offsets(tensors.map((tensor, i) => {
        const called = b.createString(`tensor${i}`), extents = ints(tensor.extents);
        return table(8, () => {
            b.addFieldOffset(0, extents, 0);
            b.addFieldInt8(1, tensor.values ? types.get(tensor.values.constructor) : 0, 0);
            b.addFieldInt32(2, constants.indexOf(tensor) + 1, 0);
            b.addFieldOffset(3, called, 0);
        });
    }));
    const content = table(kinds.length, () => options.forEach(
        (value, i) => kinds[i] === 'b' ? b.addFieldInt8(i, value, 0) : b.addFieldInt32(i, value, 0)));
    const from = ints(inputs.map((_, i) => i)), to = ints([inputs.length]);
    const node = offsets([table(5, () => {
        b.addFieldOffset(1, from, 0);
        b.addFieldOffset(2, to, 0);
        if (union > 0) {
            b.addFieldInt8(3, union, 0);
            b.addFieldOffset(4, content, 0);
        }
    })]);
    const x = ints([inputs.findIndex(input => !input.values)]), y = ints([inputs.length]);
    const graphs = offsets([table(5, () => [written, x, y, node].forEach((one, i) => b.addFieldOffset(i, one, 0)))]);
    const custom = name === undefined ? 0 : b.createString(name);
    const codes = offsets([table(4, () => {
        b.addFieldInt8(0, number, 0);
        b.addFieldOffset(1, custom, 0);
        b.addFieldInt32(2, version, 1);
        b.addFieldInt32(3, number, 0);
    })]);
    b.finish(table(5, () => {
        b.addFieldInt32(0, 3, 0);
        b.addFieldOffset(1, codes, 0);
        b.addFieldOffset(2, graphs, 0);
        b.addFieldOffset(4, buffers, 0);
    }), 'TFL3');
    return b.asUint8Array();
};

// The function that loads a model and runs it on the CPU, and leaves in `printed` what the package prints.
exports.runtime = async printed => {
    const folder = path.resolve('node_modules/@litertjs/core/wasm');
    const script = path.join(folder, 'litert_wasm_compat_internal.js'), print = text => printed.push(text);
    // What the package expects of a browser.
    Object.assign(globalThis, {
        self: globalThis, require, __dirname: folder, __filename: script,
        importScripts: name => vm.runInThisContext(fs.readFileSync(name, 'utf8'), {filename: name}),
        Module: {wasmBinary: fs.readFileSync(script.replace(/js$/, 'wasm')), print, printErr: print}});
    const lite = await import('@litertjs/core');
    // It looks for a GPU, and says that there is none.
    const warn = console.warn;
    console.warn = () => {};
    await lite.loadLiteRt(script);
    console.warn = warn;
    return async (model, numbers) => {
        printed.length = 0;
        const compiled = await lite.loadAndCompile(model, {accelerator: 'wasm'});
        const extents = [...compiled.getInputDetails()[0].shape];
        const [y] = await compiled.run(new lite.Tensor(Float32Array.from(numbers), extents));
        return Array.from(await y.data());
    };
};

// Prints what was seen; `main` fails at its end if some of it is not what was known.
let changed = false;
exports.compare = (what, seen, known) => {
    console.log(`${what}: ${seen}`);
    changed ||= seen !== known;
};
exports.main = check => check().then(() => { if (changed) throw 'CHANGED'; }).then(
    () => process.exit(0), error => { console.log(error); process.exit(1); });
