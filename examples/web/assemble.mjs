// SPDX-License-Identifier: BSL-1.0
// Puts a module and drawing.mjs into the page.   assemble.mjs digits.wasm index.html
import { readFile, writeFile } from 'node:fs/promises';

const [module, page] = process.argv.slice(2);
const here = (name) => new URL(name, import.meta.url);
const drawing = (await readFile(here('drawing.mjs'), 'utf8')).replace(/^export /gm, '');
const text = (await readFile(here('page.html'), 'utf8'))
    .replace('DRAWING', () => drawing)
    .replace('MODULE', (await readFile(module)).toString('base64'));
await writeFile(page, text);
console.log(`index.html: ${Math.round(text.length / 1000)} KB, of it ${Math.round((await readFile(module)).length / 1000)} KB of WebAssembly, in base64`);
