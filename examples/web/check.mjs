// SPDX-License-Identifier: BSL-1.0
// Runs the module under node.   check.mjs digits.wasm digits.csv.gz
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

import { drawings, pixelsOf } from './drawing.mjs';

const [file, data] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(await readFile(file), {});
const { memory, pixels, outputs, recognise, same_bits, compared_bits } = instance.exports;

function probabilities(image) {
    new Float32Array(memory.buffer, pixels(), 64).set(image);
    recognise();
    return new Float32Array(memory.buffer, outputs(), 10);
}
const largest = (numbers) => numbers.indexOf(Math.max(...numbers));

const same = same_bits();
let right = 0, count = 0, checksum = 0x811c9dc5;
for (const line of gunzipSync(await readFile(data)).toString().trim().split('\n')) {
    const row = line.split(',').map(Number);
    const y = probabilities(row.slice(0, 64));
    right += largest(y) === row[64];
    ++count;
    for (const bits of new Uint32Array(memory.buffer, outputs(), 10)) checksum = Math.imul(checksum ^ bits, 0x01000193);
}
console.log(`${right} of ${count} digits are recognised; checksum of the probabilities: ${checksum >>> 0}`);
console.log(`${same} of ${compared_bits()} numbers are the compiler's, to the bit`);
let wrong = 0;
for (const [digit, lines] of Object.entries(drawings)) {
    const y = probabilities(pixelsOf(lines)), seen = largest(y);
    if (seen !== Number(digit)) {
        ++wrong;
        console.log(`the drawing of ${digit} is taken for ${seen} (${y[seen].toFixed(2)})`);
    }
}
console.log(`drawings that are taken for another digit: ${wrong} of ${Object.keys(drawings).length}`);
process.exit(same === compared_bits() && wrong === 0 ? 0 : 1);
