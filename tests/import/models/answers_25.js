#!/usr/bin/env node
// SPDX-License-Identifier: BSL-1.0
// Writes NAME_y.npy, the outputs of onnxruntime for NAME_x.npy, for the models of export_25.py.
//
// usage: NODE_PATH=.../node_modules answers_25.js [FOLDER]     with onnxruntime-node 1.30.0
'use strict';
const fs = require('fs'), path = require('path'), ort = require('onnxruntime-node');
const folder = process.argv[2] || __dirname;
const models = {vision_22: 'y', language_24: 'y', waves_25: 'y', functions_21: 'y', sklearn_linear_12: 'probabilities',
                sklearn_forest_18: 'probabilities', sklearn_boosted_12: 'probabilities'};

/// A NumPy file of float32, in three rows.
function write(file, numbers) {
    const head = `{'descr': '<f4', 'fortran_order': False, 'shape': (3, ${numbers.length / 3}), }`.padEnd(117) + '\n';
    const begin = Buffer.from([0x93, 78, 85, 77, 80, 89, 1, 0, head.length, 0]);
    fs.writeFileSync(file, Buffer.concat([begin, Buffer.from(head), Buffer.from(Float32Array.from(numbers).buffer)]));
}

async function main() {
    for (const [model, output] of Object.entries(models)) {
        const name = model.replace(/_\d+$/, '');
        const bytes = fs.readFileSync(path.join(folder, name + '_x.npy')), begin = 10 + bytes.readUInt16LE(8);
        const shape = bytes.toString('latin1', 10, begin).match(/\(([^)]*)\)/)[1].split(',').map(Number).filter(n => n);
        const x = new Float32Array(bytes.buffer.slice(bytes.byteOffset + begin, bytes.byteOffset + bytes.length));
        const session = await ort.InferenceSession.create(path.join(folder, model + '.onnx'), {logSeverityLevel: 4});
        const size = x.length / 3, y = [];
        for (let i = 0; i < 3; ++i) {
            const one = new ort.Tensor('float32', x.slice(i * size, (i + 1) * size), [1, ...shape.slice(1)]);
            y.push(...(await session.run({x: one}, [output]))[output].data);
        }
        write(path.join(folder, name + '_y.npy'), y);
    }
}
main();
