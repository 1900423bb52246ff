// SPDX-License-Identifier: BSL-1.0
// Computes NAME.onnxruntime of each NAME.onnx and NAME.x in FOLDER by onnxruntime, with its default optimisations; the third
// argument `disabled` leaves them out. Real numbers are 32nds of the integers in the files. Not part of any test.
//
// usage: npm install onnxruntime-node@1.30.0 && node onnxruntime.mjs FOLDER [disabled]
import fs from 'fs';
import {createRequire} from 'module';
import path from 'path';

const modules = path.resolve(process.env.NODE_MODULES ?? 'node_modules');
const ort = createRequire(path.join(modules, 'any.js'))('onnxruntime-node');
const [folder, level = 'all'] = process.argv.slice(2);
for (const file of fs.readdirSync(folder).filter(name => name.endsWith('.onnx'))) {
    const name = file.slice(0, -5), made = [];
    try {
        const options = {graphOptimizationLevel: level, intraOpNumThreads: 1, logSeverityLevel: 4};
        const session = await ort.InferenceSession.create(path.join(folder, file), options);
        const {type, shape} = session.inputMetadata[0], size = shape.reduce((a, b) => a * b, 1);
        const x = fs.readFileSync(path.join(folder, name + '.x')), Type = type === 'uint8' ? Uint8Array : Int8Array;
        const is_real = type === 'float32';
        for (let at = x.byteOffset; at + size <= x.byteOffset + x.length; at += size) {
            const given = new Type(x.buffer.slice(at, at + size));
            const values = is_real ? Float32Array.from(given, q => q / 32) : given;
            const {y} = await session.run({x: new ort.Tensor(type, values, [...shape])});
            made.push(Buffer.from(is_real ? Int8Array.from(y.data, number => number * 32) : y.data));
        }
        fs.writeFileSync(path.join(folder, name + '.onnxruntime'), Buffer.concat(made));
    } catch (error) { console.log(name + ': ' + error.message); }
}
