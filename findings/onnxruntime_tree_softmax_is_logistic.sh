#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# onnxruntime 1.30.0: TreeEnsemble's SOFTMAX is the logistic function, its LOGISTIC is softmax, and with one target
# LOGISTIC does nothing.
#
# The operator numbers the transforms: post_transform is 1 for SOFTMAX and 2 for LOGISTIC.
# Guess: scores of 1, 2 and 3 give 0.09 0.24 0.67 with 1, and 0.73 0.88 0.95 with 2; a single score of 2 gives 0.88 with
# LOGISTIC, in TreeEnsembleRegressor and LinearRegressor too, where LOGISTIC is a string.
# Seen, in onnxruntime-node and in onnxruntime-web: the answers of 1 and 2 are each other's, so those of SOFTMAX do not
# add up to 1. The single score stays 2, while PROBIT is applied to a single 0.25, and LOGISTIC to two targets.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/support/onnxruntime.sh"
use_onnxruntime 1.30.0 onnxruntime-node onnxruntime-web
cat >run.js <<'END'
const {compare, float32, floats, integer, integers, main, node, runtime, text, texts, uint8, values} =
    require('./one_node_model.js');
const regressor = (op, targets, attributes, version) => node(op, [1, 1], [['y', float32, [1, targets]]],
    {domain: 'ai.onnx.ml', version, attributes});
// For each target a comparison of x with 0.5, whose leaves have the target's score and 0.
const ensemble = (scores, transform) => {
    const all = value => scores.map(() => value);
    return regressor('TreeEnsemble', scores.length, [
        ...integers('tree_roots', scores.map((_, i) => i)), ...values('nodes_modes', all(0), uint8),
        ...integers('nodes_featureids', all(0)), ...values('nodes_splits', all(0.5)),
        ...integers('nodes_trueleafs', all(1)), ...integers('nodes_truenodeids', scores.map((_, i) => 2 * i)),
        ...integers('nodes_falseleafs', all(1)), ...integers('nodes_falsenodeids', scores.map((_, i) => 2 * i + 1)),
        ...integers('leaf_targetids', scores.flatMap((_, i) => [i, i])),
        ...values('leaf_weights', scores.flatMap(score => [score, 0])), ...integer('n_targets', scores.length),
        ...integer('post_transform', transform)], 5);
};
// One such comparison for all targets.
const tree = (scores, transform) => regressor('TreeEnsembleRegressor', scores.length, [
    ...integers('nodes_treeids', [0, 0, 0]), ...integers('nodes_nodeids', [0, 1, 2]),
    ...texts('nodes_modes', ['BRANCH_LEQ', 'LEAF', 'LEAF']), ...integers('nodes_featureids', [0, 0, 0]),
    ...floats('nodes_values', [0.5, 0, 0]), ...integers('nodes_truenodeids', [1, 0, 0]),
    ...integers('nodes_falsenodeids', [2, 0, 0]), ...integers('target_treeids', [...scores, ...scores].map(() => 0)),
    ...integers('target_nodeids', [1, 2].flatMap(leaf => scores.map(() => leaf))),
    ...integers('target_ids', [1, 2].flatMap(() => scores.map((_, i) => i))),
    ...floats('target_weights', [...scores, ...scores.map(() => 0)]), ...integer('n_targets', scores.length),
    ...text('post_transform', transform)], 3);
const linear = (scores, transform) => regressor('LinearRegressor', scores.length, [
    ...floats('coefficients', scores.map(() => 0)), ...floats('intercepts', scores),
    ...integer('targets', scores.length), ...text('post_transform', transform)], 1);
main(async () => {
    const answer = runtime(process.argv[2]);
    for (const [what, model, known] of [
        ['TreeEnsemble, NONE', ensemble([1, 2, 3], 0), '1 2 3'],
        ['TreeEnsemble, SOFTMAX', ensemble([1, 2, 3], 1), '0.731 0.881 0.953'],
        ['TreeEnsemble, LOGISTIC', ensemble([1, 2, 3], 2), '0.09 0.245 0.665'],
        ['TreeEnsemble, one target, SOFTMAX', ensemble([2], 1), '2'],
        ['TreeEnsemble, one target, LOGISTIC', ensemble([2], 2), '2'],
        ['TreeEnsembleRegressor, one target, LOGISTIC', tree([2], 'LOGISTIC'), '2'],
        ['TreeEnsembleRegressor, one target, PROBIT', tree([0.25], 'PROBIT'), '-0.675'],
        ['TreeEnsembleRegressor, LOGISTIC', tree([2, -2], 'LOGISTIC'), '0.881 0.119'],
        ['LinearRegressor, one target, LOGISTIC', linear([2], 'LOGISTIC'), '2'],
        ['LinearRegressor, one target, PROBIT', linear([0.25], 'PROBIT'), '-0.675'],
        ['LinearRegressor, LOGISTIC', linear([2, -2], 'LOGISTIC'), '0.881 0.119']]) {
        const seen = (await answer(model, [1, 1], [0])).map(number => +number.toFixed(3)).join(' ');
        compare(what, seen, known);
    }
});
END
node run.js onnxruntime-node
node run.js onnxruntime-web
