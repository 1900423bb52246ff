#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# onnxruntime 1.30.0: LSTM's clip leaves out the cell and h, and a recurrent layer's ThresholdedRelu has threshold 0.
#
# The text of RNN, GRU and LSTM calls clip the cell clip threshold, applied to the input of activations. LSTM's h is one
# and has the cell as its input. The default of activation_alpha is that of the operator that is called as the
# activation is: 1 for ThresholdedRelu. No operator of the version used here, 17, is called Affine or ScaledTanh.
# Guess: with a clip of 3, every gate open, and h = Relu, an LSTM whose cell grows by 3 answers 3 3 3 3. A RNN's
# ThresholdedRelu without alpha makes 0 of 0.5, as the operator does. Affine and ScaledTanh without alpha are refused,
# or have an alpha of 1.
# Seen, in onnxruntime-node and in onnxruntime-web: the LSTM answers 3 6 9 12. ThresholdedRelu keeps the 0.5. Affine and
# ScaledTanh answer 0 whatever the input.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/support/onnxruntime.sh"
use_onnxruntime 1.30.0 onnxruntime-node onnxruntime-web
cat >run.js <<'END'
const {compare, float, float32, floats, integer, main, model, node, runtime, texts} = require('./one_node_model.js');
// Of one unit whose gates all see the input alone.
const recurrent = (op, steps, gates, activations, attributes = []) => node(op, [steps, 1, 1],
    [['y', float32, [steps, 1, 1, 1]]],
    {attributes: [...integer('hidden_size', 1), ...texts('activations', activations), ...attributes],
     constants: [[[1, gates, 1], Array(gates).fill(1)], [[1, gates, 1], Array(gates).fill(0)]]});
main(async () => {
    const answer = runtime(process.argv[2]);
    const nines = [9, 9, 9, 9], clip = float('clip', 3), open = ['HardSigmoid', 'Relu', 'Relu'];
    for (const [what, layer, numbers, known] of [
        ['RNN with clip', recurrent('RNN', 4, 1, ['Relu'], clip), nines, '3 3 3 3'],
        ['LSTM with clip', recurrent('LSTM', 4, 4, open, clip), nines, '3 6 9 12'],
        ['LSTM without', recurrent('LSTM', 4, 4, open), nines, '9 18 27 36'],
        ['operator ThresholdedRelu', model('ThresholdedRelu', [2, 1, 1]), [0.5, 2], '0 2'],
        ['RNN of ThresholdedRelu', recurrent('RNN', 2, 1, ['ThresholdedRelu']), [0.5, 2], '0.5 2'],
        ['RNN of ThresholdedRelu, alpha 1',
         recurrent('RNN', 2, 1, ['ThresholdedRelu'], floats('activation_alpha', [1])), [0.5, 2], '0 2'],
        ['RNN of Affine', recurrent('RNN', 2, 1, ['Affine']), [0.5, 2], '0 0'],
        ['RNN of ScaledTanh', recurrent('RNN', 2, 1, ['ScaledTanh']), [0.5, 2], '0 0']]) {
        const seen = (await answer(layer, [numbers.length, 1, 1], numbers)).join(' ');
        compare(what, seen, known);
    }
});
END
node run.js onnxruntime-node
node run.js onnxruntime-web
