// SPDX-License-Identifier: BSL-1.0
// Computes NAME.litert of each NAME.tflite and NAME.x in FOLDER by LiteRT, the WebAssembly of @litertjs/core on the CPU. Where it
// fails, it says so, and writes nothing. Not part of any test.
//
// usage: npm install @litertjs/core@2.5.3 && node litert.mjs FOLDER
import fs from 'fs';
import path from 'path';
import {errors, lite, load} from '../../tflite/litert_runtime.mjs';

const [folder] = process.argv.slice(2);
for (const file of fs.readdirSync(folder).filter(name => name.endsWith('.tflite'))) {
    const name = file.slice(0, -7), made = [];
    errors.length = 0;
    try {
        const model = await load(path.join(folder, file));
        const [{shape, dtype}] = model.getInputDetails(), size = shape.reduce((a, b) => a * b, 1);
        const x = fs.readFileSync(path.join(folder, name + '.x')), Type = dtype === 'uint8' ? Uint8Array : Int8Array;
        for (let at = x.byteOffset; at + size <= x.byteOffset + x.length; at += size) {
            const [output] = await model.run(new lite.Tensor(new Type(x.buffer.slice(at, at + size)), [...shape]));
            made.push(Buffer.from(await output.data()));
        }
        if (errors.length > 0) throw new Error(errors[0]);
        fs.writeFileSync(path.join(folder, name + '.litert'), Buffer.concat(made));
    } catch (error) { console.log(name + ': ' + error.message); }
}
process.exit(0);
