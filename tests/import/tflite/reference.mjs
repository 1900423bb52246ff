// SPDX-License-Identifier: BSL-1.0
// Computes NAME_y.npy of each NAME.tflite in REFERENCES, which export.py has written there, by LiteRT: the WebAssembly of
// @litertjs/core on the CPU. Not part of any test: it needs Node.js, and the package in ./node_modules or below NODE_MODULES.
//
// usage: npm install @litertjs/core@2.5.3 && node reference.mjs REFERENCES OUTPUT
import fs from 'fs';
import {createRequire} from 'module';
import path from 'path';
import {pathToFileURL} from 'url';
import vm from 'vm';

const modules = path.resolve(process.env.NODE_MODULES ?? 'node_modules'), package_ = path.join(modules, '@litertjs/core');
const wasm = path.join(package_, 'wasm'), script = path.join(wasm, 'litert_wasm_compat_internal.js');

// What the package expects of a browser.
globalThis.self = globalThis;
globalThis.require = createRequire(script);
globalThis.__dirname = wasm;
globalThis.__filename = script;
globalThis.importScripts = name => vm.runInThisContext(fs.readFileSync(name, 'utf8'), {filename: name});
// Where an operator fails, the output is what the memory held before: the text is all that says so.
const errors = [];
const heard = text => void (/ERROR/.test(text) && errors.push(text));
globalThis.Module = {wasmBinary: fs.readFileSync(script.replace(/js$/, 'wasm')), print: heard, printErr: heard};

function npy(numbers, dims) {
    const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${dims.join(', ')},), }`;
    const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n';
    const size = Buffer.from([header.length & 255, header.length >> 8]);
    return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), size, Buffer.from(header, 'latin1'), Buffer.from(numbers.buffer)]);
}

const [from, to] = process.argv.slice(2);
const lite = await import(pathToFileURL(path.join(package_, 'dist/index.js')));
await lite.loadLiteRt(script);
for (const file of fs.readdirSync(from).filter(name => name.endsWith('.tflite'))) {
    const name = file.slice(0, -7), model = await lite.loadAndCompile(new Uint8Array(fs.readFileSync(path.join(from, file))), {accelerator: 'wasm'});
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
