// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The table of a classifier: precision, recall and F1 of each class.

#include <ctnn/io/plain_text.hpp>
#include <ctnn/metric/class_scores.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <ostream>
#include <string>
#include <vector>

namespace ctnn::io {

namespace detail {

/// The name of a class, or its number if it has none.
inline std::string class_name(const std::vector<std::string>& names, std::size_t index) {
    return index < names.size() ? names[index] : std::to_string(index);
}

}  // namespace detail

/// Writes a table with one line per class, their means (macro average) and the accuracy, in per cent. Classes without a
/// name have their number.
///
/// *Example*: `ctnn::io::class_table(std::cout, ctnn::confusion_matrix(net, inputs, labels), {"benign", "malignant"});`
template <class Count, std::size_t Classes>
void class_table(std::ostream& stream, const tensor<Count, shape<Classes, Classes>>& matrix,
                 const std::vector<std::string>& names = {}) {
    constexpr std::size_t longest = 24;
    std::vector<std::vector<std::string>> labels;
    for (std::size_t c = 0; c < Classes; ++c)
        labels.push_back(detail::plain_characters(detail::class_name(names, c), longest));
    labels.push_back(detail::plain_characters("macro average", longest));
    std::size_t width = 0;
    for (const auto& label : labels) width = (std::max)(width, label.size());

    const auto scores = class_scores(matrix);
    stream << std::string(width, ' ') << "  precision  recall      F1  samples\n";
    for (std::size_t c = 0; c <= Classes; ++c) {
        const class_score& score = c < Classes ? scores.of_class[c] : scores.macro;
        for (const std::string& character : labels[c]) stream << character;
        char numbers[96];
        std::snprintf(numbers, sizeof numbers, "  %8.1f%%  %5.1f%%  %5.1f%%  %7zu\n", 100 * score.precision,
                      100 * score.recall, 100 * score.f1, score.samples);
        stream << std::string(width - labels[c].size(), ' ') << numbers;
    }
    char last[48];
    std::snprintf(last, sizeof last, "accuracy: %.1f%%\n", 100 * scores.accuracy);
    stream << last;
}

}  // namespace ctnn::io
