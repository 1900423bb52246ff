// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The ensembles of trees of ai.onnx.ml in one form.

#include "graph/graph.hpp"

#include <string>

namespace ctnn_import {

/// A TreeEnsembleRegressor without a post_transform, and that transform.
struct ensemble_scores {
    node regressor;
    std::string transform;  ///< as ONNX spells it: "NONE", "SOFTMAX"
};

/// TreeEnsemble, TreeEnsembleRegressor and TreeEnsembleClassifier, whose targets are its `classes` classes. With two classes
/// and weights for one of them, the scores of both are -s and s if a logistic function follows, and 1 - s and s if nothing
/// does.
///
/// *Errors*: `refusal` for attributes that do not fit each other, sets as thresholds, and two classes where implementations
/// differ.
ensemble_scores scores_of_trees(const node& of, std::size_t classes);

}  // namespace ctnn_import
