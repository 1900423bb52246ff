#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# LiteRT 2.5.3 (@litertjs/core): fused activations are left out without a word.
#
# The format's enumeration of fused activations is NONE, RELU, RELU_N1_TO_1, RELU6, TANH and SIGN_BIT; the options of
# each operator below have a field for one of them.
# Guess: an operator applies the activation that its options name, or is refused. FULLY_CONNECTED does so: it applies
# the first four and fails to prepare with the others (that is printed, and the answer is not computed).
# Seen, on the CPU (litert_wasm_compat_internal.wasm in Node.js):
# - ADD, SUB, MUL, DIV, convolutions and pooling apply the first four. With TANH and SIGN_BIT they answer what they do
#   with NONE.
# - CONCATENATION of two to five inputs leaves out all of them, RELU too. With one input, or six, it fails.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/support/npm.sh"
use_npm one_operator_model.js @litertjs/core@2.5.3 flatbuffers@25.9.23
cat >run.js <<'END'
const {compare, floats, ints, main, model, runtime} = require('./one_operator_model.js');
const x = [-8, -0.5, 0.5, 8], line = {extents: [4, 1]}, image = {extents: [1, 2, 2, 1]};
// One weight for one channel, or window of one pixel: each operator gives x, but for what `plain` says.
const one = floats([1, 1, 1, 1], 1), zero = floats([1], 0);
const pool = fused => [1, 1, 1, 1, 1, fused];
const concatenation = inputs => {
    const threes = Array(inputs - 1).fill(-3);
    return ['CONCATENATION', [line, ...threes.map(three => floats([1, 1], three))], [3 + inputs, 1],
            fused => [0, fused], {plain: [...x, ...threes], what: `CONCATENATION of ${inputs}`}];
};
const operators = [
    ['ADD', [line, floats([1], 0)], [4, 1], fused => [fused]],
    ['SUB', [line, floats([1], 0)], [4, 1], fused => [fused]],
    ['MUL', [line, floats([1], 1)], [4, 1], fused => [fused]],
    ['DIV', [line, floats([1], 1)], [4, 1], fused => [fused]],
    ['CONV_2D', [image, one, zero], [1, 2, 2, 1], fused => [1, 1, 1, fused, 1, 1]],
    ['DEPTHWISE_CONV_2D', [image, one, zero], [1, 2, 2, 1], fused => [1, 1, 1, 1, fused, 1, 1]],
    ['TRANSPOSE_CONV', [ints([4], 1, 2, 2, 1), one, image, zero], [1, 2, 2, 1], fused => [1, 1, 1, fused],
     {version: 4}],
    ['AVERAGE_POOL_2D', [image], [1, 2, 2, 1], pool],
    ['MAX_POOL_2D', [image], [1, 2, 2, 1], pool],
    ['L2_POOL_2D', [image], [1, 2, 2, 1], pool, {plain: x.map(Math.abs)}],
    ...[1, 2, 5, 6].map(concatenation),
    ['FULLY_CONNECTED', [line, floats([1, 1], 1), zero], [4, 1], fused => [fused]]];
const clip = (from, to) => number => Math.min(Math.max(number, from), to);
const activations = {NONE: number => number, RELU: clip(0, Infinity), RELU_N1_TO_1: clip(-1, 1), RELU6: clip(0, 6),
                     TANH: Math.tanh, SIGN_BIT: number => number < 0 ? 1 : 0};
const known = [
    [/_POOL_2D|CONV|ADD|SUB|MUL|DIV/, 'applied NONE RELU RELU_N1_TO_1 RELU6, left out TANH SIGN_BIT'],
    [/CONCATENATION of [25]/, 'applied NONE, left out RELU RELU_N1_TO_1 RELU6 TANH SIGN_BIT'],
    [/CONCATENATION of [16]/, 'applied NONE, failed RELU RELU_N1_TO_1 RELU6 TANH SIGN_BIT'],
    [/FULLY_CONNECTED/, 'applied NONE RELU RELU_N1_TO_1 RELU6, failed TANH SIGN_BIT']];
main(async () => {
    const printed = [], answer = await runtime(printed);
    for (const [op, inputs, result, options, {plain = x, what = op, version} = {}] of operators) {
        const found = {applied: [], 'left out': [], failed: [], 'answered otherwise': []};
        for (const [fused, name] of Object.keys(activations).entries()) {
            const y = await answer(model(op, inputs, result, options(fused), {version}), x);
            const is = numbers => numbers.every((number, i) => Math.abs(y[i] - number) < 1e-5);
            found[printed.some(text => /ERROR/.test(text)) ? 'failed' : is(plain.map(activations[name])) ? 'applied'
                  : is(plain) ? 'left out' : 'answered otherwise'].push(name);
        }
        const all = Object.entries(found).filter(([, names]) => names.length > 0);
        compare(what, all.map(([how, names]) => `${how} ${names.join(' ')}`).join(', '),
                known.find(([which]) => which.test(what))[1]);
    }
});
END
node run.js
