// SPDX-License-Identifier: BSL-1.0
// Runs a WebAssembly program of WASI under node, and returns what it returns.   run-wasi.mjs PROGRAM ARGUMENT...
import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';

const wasi = new WASI({
    version: 'preview1', args: process.argv.slice(2), env: process.env, preopens: { '/': '/', '.': '.' }, returnOnExit: true,
});
const module = await WebAssembly.compile(await readFile(process.argv[2]));
process.exit(wasi.start(await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport })));
