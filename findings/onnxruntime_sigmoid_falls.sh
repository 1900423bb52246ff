#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# onnxruntime 1.30.0 on x86-64: Sigmoid of float falls where its argument grows, and is 0 from -18 downwards.
#
# Guess: a few units in the last place of the result, as for its other functions, and never a larger result for a smaller
# argument.
# Seen: sigmoid(-17) is 8.94e-8 and sigmoid(-16) is 5.96e-8; true are 4.14e-8 and 1.13e-7. At the other end sigmoid(16)
# is 0.99999994, sigmoid(17) is 0.99999988. sigmoid(-18), in truth 1.5e-8, is 0, though float has room down to 1e-38.
# Softplus of the same arguments is right. Seen on a processor with AVX2; onnxruntime chooses among kernels by the
# processor, and another kernel's last digits may differ (onnxruntime-web has 2.98e-8 at -17).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/support/onnxruntime.sh"
[[ $(uname -m) == x86_64 ]] || { echo "SKIPPED: this is about x86-64"; exit 77; }
use_onnxruntime 1.30.0 onnxruntime-node
cat >run.js <<'END'
const {main, model, runtime} = require('./one_node_model.js');
main(async () => {
    const answer = runtime('onnxruntime-node');
    const x = [-18, -17, -16, 16, 17];
    const wanted = {Sigmoid: x.map(v => 1 / (1 + Math.exp(-v))), Softplus: x.map(v => Math.log1p(Math.exp(v)))};
    const seen = {};
    for (const op of ['Sigmoid', 'Softplus']) {
        seen[op] = await answer(model(op, [x.length]), [x.length], x);
        x.forEach((v, i) => console.log(`${op}(${v}) = ${seen[op][i].toPrecision(8)}, true ${wanted[op][i].toPrecision(8)}`));
    }
    const [s18, s17, s16, p16, p17] = seen.Sigmoid;
    const close = seen.Softplus.every((v, i) => Math.abs(v / wanted.Softplus[i] - 1) < 1e-6);
    if (!(s18 === 0 && s17 > s16 && p17 < p16 && s17 > 2 * wanted.Sigmoid[1] && close)) throw 'CHANGED';
});
END
node run.js
