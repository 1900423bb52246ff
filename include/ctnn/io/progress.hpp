// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Shows the progress of a training: a bar on a terminal, and one line per epoch.

#include <ctnn/train/callback.hpp>

#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

namespace ctnn::io {

/// A callback for `fit` that prints a line after each epoch: losses, and samples per second of this epoch. On a
/// terminal a bar shows the steps of the current epoch.
///
/// *Cost*: one division per step on a terminal; the bar is drawn at most ten times per second.
///
/// *Example*:
/// ```cpp
/// ctnn::fit<ctnn::cross_entropy, 32>(net, inputs, labels, ctnn::adam{}, {.epochs = 20}, ctnn::io::progress{});
/// ```
class progress {
  public:
    /// Prints every `every`-th epoch, the first and the last to `stream`.
    explicit progress(std::size_t every = 1, std::FILE* stream = stderr)
        : every_(every > 0 ? every : 1), stream_(stream), terminal_(isatty(fileno(stream)) == 1) {}

    void step(const step_report& report) {
        if (!terminal_) return;
        const std::size_t percent = 100 * (report.step + 1) / report.steps;
        if (percent == percent_) return;
        percent_ = percent;
        const clock::time_point now = clock::now();
        if (now - drawn_ < std::chrono::milliseconds(100)) return;
        drawn_ = now;
        constexpr std::size_t width = 30;
        const std::size_t done = width * percent / 100;
        std::fprintf(stream_, "\repoch %zu  [%s%s] %3zu%%  loss %-10.4g\x1b[K", report.epoch + 1,
                     std::string(done, '#').c_str(), std::string(width - done, '.').c_str(), percent, report.loss);
        std::fflush(stream_);
    }

    void epoch(const epoch_report& report) {
        const clock::time_point now = clock::now();
        const double seconds = std::chrono::duration<double>(now - started_).count();
        started_ = now;
        percent_ = 0;
        const std::size_t number = report.epoch + 1;
        if (number % every_ != 0 && number != 1 && number != report.epochs) return;
        const int digits = static_cast<int>(std::to_string(report.epochs).size());
        std::fprintf(stream_, "%sepoch %*zu/%zu  loss %-10.4g", terminal_ ? "\r" : "", digits, number, report.epochs,
                     report.loss);
        if (report.has_validation) std::fprintf(stream_, "  validation loss %-10.4g", report.validation_loss);
        std::fprintf(stream_, "  %.3g samples/s%s\n", static_cast<double>(report.samples) / seconds,
                     terminal_ ? "\x1b[K" : "");
        std::fflush(stream_);
    }

  private:
    using clock = std::chrono::steady_clock;

    std::size_t every_;
    std::FILE* stream_;
    bool terminal_;
    std::size_t percent_ = 0;
    clock::time_point started_ = clock::now();
    clock::time_point drawn_ = {};
};

}  // namespace ctnn::io
