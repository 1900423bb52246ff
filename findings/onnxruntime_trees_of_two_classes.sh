#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# onnxruntime 1.30.0: a TreeEnsembleClassifier of two classes answers a class that has the lower score.
#
# The operator adds up the weights of the leaves reached, for each class, adds base_values, and answers the top class.
# Guess: that holds for two classes as for three.
# Seen, in onnxruntime-node and in onnxruntime-web, with one tree of two leaves, of which x = 0 reaches the first:
# - Scores of (0.7, 0.3) make class 1, as any positive score of class 1 does. A third class of weight 0 puts it right.
# - Where the first leaf votes for class 0 only, and the second for class 1 only, both inputs are of class 1, and the
#   vote for class 0 is answered as scores of (-1, 1).
# - With base values, class 1 gets the weight of class 0 and its own base value, and class 0 the negative of that sum.
#   The weight of class 1 and the base value of class 0 have no effect.
# - With weights for class 1 only, the class of x = 0 depends on the sign of the weight of the leaf that it does not
#   reach; and with LOGISTIC class 0 is answered beside probabilities of 0.5 and 0.56.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/support/onnxruntime.sh"
use_onnxruntime 1.30.0 onnxruntime-node onnxruntime-web
cat >run.js <<'END'
const {compare, float32, floats, int64, integers, main, node, runtime, text, texts} = require('./one_node_model.js');
// A comparison and its leaves; each leaf has pairs of a class and a weight.
const trees = (classes, leaves, base, transform) => {
    const votes = leaves.flatMap((leaf, i) => leaf.map(([to, weight]) => ({leaf: i + 1, to, weight})));
    const attributes = [
        ...integers('nodes_treeids', [0, 0, 0]), ...integers('nodes_nodeids', [0, 1, 2]),
        ...texts('nodes_modes', ['BRANCH_LEQ', 'LEAF', 'LEAF']), ...integers('nodes_featureids', [0, 0, 0]),
        ...floats('nodes_values', [0.5, 0, 0]), ...integers('nodes_truenodeids', [1, 0, 0]),
        ...integers('nodes_falsenodeids', [2, 0, 0]), ...integers('class_treeids', votes.map(() => 0)),
        ...integers('class_nodeids', votes.map(vote => vote.leaf)),
        ...integers('class_ids', votes.map(vote => vote.to)),
        ...floats('class_weights', votes.map(vote => vote.weight)),
        ...integers('classlabels_int64s', [...Array(classes).keys()]), ...text('post_transform', transform),
        ...(base ? floats('base_values', base) : [])];
    return node('TreeEnsembleClassifier', [2, 1], [['label', int64, [2]], ['scores', float32, [2, classes]]],
                {domain: 'ai.onnx.ml', version: 3, attributes});
};
main(async () => {
    const answer = runtime(process.argv[2]);
    for (const [what, classes, leaves, base, transform, known] of [
        ['shares', 2, [[[0, 0.7], [1, 0.3]], [[0, 0.2], [1, 0.8]]], null, 'NONE', '1 1; 0.7 0.3 0.2 0.8'],
        ['the same, three classes', 3, [[[0, 0.7], [1, 0.3], [2, 0]], [[0, 0.2], [1, 0.8], [2, 0]]], null, 'NONE',
         '0 1; 0.7 0.3 0 0.2 0.8 0'],
        ['a vote for 0, a vote for 1', 2, [[[0, 1]], [[1, 1]]], null, 'NONE', '1 1; -1 1 0 1'],
        ['shares and base values', 2, [[[0, 0.7], [1, 0.3]], [[0, 0.2], [1, 0.8]]], [0.25, 0.5], 'NONE',
         '1 1; -1.2 1.2 -0.7 0.7'],
        ['the same, other weights for class 1 and base value of class 0', 2,
         [[[0, 0.7], [1, 3]], [[0, 0.2], [1, 8]]], [25, 0.5], 'NONE', '1 1; -1.2 1.2 -0.7 0.7'],
        ['0.25 or 2 for class 1', 2, [[[1, 0.25]], [[1, 2]]], null, 'LOGISTIC', '0 1; 0.5 0.562 0.5 0.881'],
        ['0.25 or -2 for class 1', 2, [[[1, 0.25]], [[1, -2]]], null, 'LOGISTIC', '1 0; 0.5 0.562 0.5 0.119']]) {
        const model = trees(classes, leaves, base, transform);
        const labels = await answer(model, [2, 1], [0, 1], 'label');
        const scores = await answer(model, [2, 1], [0, 1], 'scores');
        const seen = `${labels.join(' ')}; ${scores.map(score => +score.toFixed(3)).join(' ')}`;
        compare(what, seen, known);
    }
});
END
node run.js onnxruntime-node
node run.js onnxruntime-web
