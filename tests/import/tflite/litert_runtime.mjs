// SPDX-License-Identifier: BSL-1.0
// LiteRT in Node.js: the WebAssembly of @litertjs/core on the CPU, from ./node_modules or below NODE_MODULES.
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
export const errors = [];
const heard = text => void (/ERROR/.test(text) && errors.push(text));
globalThis.Module = {wasmBinary: fs.readFileSync(script.replace(/js$/, 'wasm')), print: heard, printErr: heard};

// Its interface has no tensors of int8, its runtime has: the table of types gets a line.
const types = 'var DATATYPES = Object.freeze([', source = fs.readFileSync(path.join(package_, 'dist/index.js'), 'utf8');
const with_int8 = path.join(package_, 'dist/with_int8.mjs');
fs.writeFileSync(with_int8, source.replace(types, `${types}
  {dtype: "int8", typedArrayConstructor: Int8Array, elementType: ElementType.INT8},`));
export const lite = await import(pathToFileURL(with_int8));
await lite.loadLiteRt(script);

export const load = file => lite.loadAndCompile(new Uint8Array(fs.readFileSync(file)), {accelerator: 'wasm'});
