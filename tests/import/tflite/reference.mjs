// SPDX-License-Identifier: BSL-1.0
// Computes NAME_y.npy of each NAME.tflite in REFERENCES, which export.py has written there, by LiteRT: the WebAssembly of
// @litertjs/core on the CPU. Not part of any test: it needs Node.js, and the package in ./node_modules or below NODE_MODULES.
//
// usage: npm install @litertjs/core@2.5.3 && node reference.mjs REFERENCES OUTPUT
import fs from 'fs';
import path from 'path';
import {errors, lite, load} from './litert_runtime.mjs';

function npy(numbers, dims) {
    const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${dims.join(', ')},), }`;
    const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n';
    const size = Buffer.from([header.length & 255, header.length >> 8]);
    return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), size, Buffer.from(header, 'latin1'), Buffer.from(numbers.buffer)]);
}

const [from, to] = process.argv.slice(2);
for (const file of fs.readdirSync(from).filter(name => name.endsWith('.tflite'))) {
    const name = file.slice(0, -7), model = await load(path.join(from, file));
    const [{shape, dtype}] = model.getInputDetails(), size = shape.reduce((a, b) => a * b, 1);
    const bytes = fs.readFileSync(path.join(from, name + '_x.bin')), samples = bytes.length / 4 / size;
    const all = new (dtype === 'int32' ? Int32Array : Float32Array)(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const made = [];
    let dims = [];
    for (let i = 0; i < samples; ++i) {
        const [output] = await model.run(new lite.Tensor(all.slice(i * size, (i + 1) * size), [...shape]));
        made.push(...await output.data());
        dims = [...model.getOutputDetails()[0].shape];
    }
    if (errors.length > 0) throw new Error(name + ': ' + errors.join('; '));
    fs.writeFileSync(path.join(to, name + '_y.npy'), npy(new Float32Array(made), [samples, ...dims.slice(1)]));
    console.log(name, samples, dims.join(' x '));
}
process.exit(0);
