// SPDX-License-Identifier: BSL-1.0
// Computes NAME.litert of each NAME.tflite and NAME.x in FOLDER by LiteRT, the WebAssembly of @litertjs/core on the CPU. Where it
// fails, it says so, and writes nothing. Not part of any test.
//
// usage: npm install @litertjs/core@2.5.3 && node litert.mjs FOLDER
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
let errors = [];
const heard = text => void (/ERROR/.test(text) && errors.push(text));
globalThis.Module = {wasmBinary: fs.readFileSync(script.replace(/js$/, 'wasm')), print: heard, printErr: heard};

// Its interface has no tensors of int8, its runtime has: the table of types gets a line.
const types = 'var DATATYPES = Object.freeze([', source = fs.readFileSync(path.join(package_, 'dist/index.js'), 'utf8');
const with_int8 = path.join(package_, 'dist/with_int8.mjs');
fs.writeFileSync(with_int8, source.replace(types, `${types}
  {dtype: "int8", typedArrayConstructor: Int8Array, elementType: ElementType.INT8},`));
const lite = await import(pathToFileURL(with_int8));
await lite.loadLiteRt(script);

const [folder] = process.argv.slice(2);
for (const file of fs.readdirSync(folder).filter(name => name.endsWith('.tflite'))) {
    const name = file.slice(0, -7), made = [];
    errors = [];
    try {
        const model = await lite.loadAndCompile(new Uint8Array(fs.readFileSync(path.join(folder, file))), {accelerator: 'wasm'});
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
