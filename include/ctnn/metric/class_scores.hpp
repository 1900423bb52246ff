// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Precision, recall and F1 of each class, from a confusion matrix.

#include <ctnn/config.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// Precision, recall and F1, each from 0 to 1; 0 where nothing could be counted.
struct class_score {
    double precision = 0;     ///< of the samples taken for the class, the share that is of it
    double recall = 0;        ///< of the samples of the class, the share taken for it
    double f1 = 0;            ///< their harmonic mean
    std::size_t samples = 0;  ///< samples of the class

    friend constexpr bool operator==(const class_score&, const class_score&) = default;
};

/// The scores of each class, and their means over the classes.
template <std::size_t Classes>
struct class_scores_of {
    class_score of_class[Classes];
    class_score macro;    ///< the means of the classes, each with the same weight; all samples
    double accuracy = 0;  ///< the share of samples taken for their class
};

/// Scores of a classifier from its confusion matrix, whose row is the class and whose column is what the sample was
/// taken for.
///
/// With TP = m(c, c), FP the rest of column c and FN the rest of row c: precision = TP / (TP + FP), recall =
/// TP / (TP + FN), F1 = 2 TP / (2 TP + FP + FN); 0 where the denominator is 0. Macro averages are plain means over all
/// classes, those without samples included.
/// *Cost*: Classes^2 additions.
/// *Source*: van Rijsbergen, "Information Retrieval", 1979, chapter 7.
/// *Example*: `static_assert(class_scores(confusion_matrix(model, inputs, labels)).of_class[1].recall >= 0.9);`
template <class Count, std::size_t Classes>
constexpr class_scores_of<Classes> class_scores(const tensor<Count, shape<Classes, Classes>>& matrix) {
    const auto share = [](std::size_t part, std::size_t whole) {
        return whole == 0 ? 0. : static_cast<double>(part) / static_cast<double>(whole);
    };
    class_scores_of<Classes> result{};
    std::size_t right = 0;
    for (std::size_t c = 0; c < Classes; ++c) {
        std::size_t row = 0, column = 0;
        for (std::size_t other = 0; other < Classes; ++other) {
            row += static_cast<std::size_t>(matrix(c, other));
            column += static_cast<std::size_t>(matrix(other, c));
        }
        const std::size_t hits = static_cast<std::size_t>(matrix(c, c));
        class_score& score = result.of_class[c];
        score = {share(hits, column), share(hits, row), share(2 * hits, row + column), row};
        right += hits;
        result.macro.precision += score.precision / static_cast<double>(Classes);
        result.macro.recall += score.recall / static_cast<double>(Classes);
        result.macro.f1 += score.f1 / static_cast<double>(Classes);
        result.macro.samples += row;
    }
    result.accuracy = share(right, result.macro.samples);
    return result;
}

}  // namespace CTNN_NAMESPACE
