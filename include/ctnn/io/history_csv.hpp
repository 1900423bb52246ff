// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The history of a training as CSV.

#include <ctnn/io/number_text.hpp>
#include <ctnn/io/whole_file.hpp>
#include <ctnn/train/history.hpp>

#include <cstddef>
#include <filesystem>
#include <string>

namespace ctnn::io {

/// The losses of a training, a line per entry of the history: `epoch,loss` or, with validation data,
/// `epoch,loss,validation_loss`. Epochs are counted from 0, as by `best_epoch`; numbers have the fewest digits that
/// round-trip.
template <class T, std::size_t Capacity>
std::string history_csv(const training_history<T, Capacity>& history) {
    const bool validated = history.validation_loss.size() > 0;
    std::string text = validated ? "epoch,loss,validation_loss\n" : "epoch,loss\n";
    for (std::size_t i = 0; i < history.loss.size(); ++i) {
        text += detail::number_text(i * history.stride) + ',' + detail::number_text(history.loss[i]);
        if (validated && i < history.validation_loss.size())
            text += ',' + detail::number_text(history.validation_loss[i]);
        text += '\n';
    }
    return text;
}

/// The same in a file. *Errors*: `io::error` for a file that cannot be written (which is then unchanged).
///
/// *Example*: `ctnn::io::save_history(trained.history, "training.csv");`
template <class T, std::size_t Capacity>
void save_history(const training_history<T, Capacity>& history, const std::filesystem::path& path) {
    detail::write_whole_file(path, history_csv(history));
}

}  // namespace ctnn::io
