// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The losses of a training as a picture.

#include <ctnn/io/error.hpp>
#include <ctnn/io/plot/gnuplot.hpp>
#include <ctnn/io/plot/picture.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/train/history.hpp>

#include <cstddef>
#include <string>

namespace ctnn::io {

/// The loss of each epoch in a history, and the validation loss where there is one. Losses that are not finite are left
/// out.
///
/// *Errors*: `io::error` if no loss is finite.
///
/// *Example*: `ctnn::io::loss_picture(trained.history, {.title = "digits"}).save("losses.svg");`
template <class T, std::size_t Capacity>
picture loss_picture(const training_history<T, Capacity>& history, const picture_options& options = {}) {
    const bool validated = history.validation_loss.size() > 0;
    bool any = false;
    for (const T loss : history.loss) any = any || math::is_finite(loss);
    if (!any) throw error("loss_picture", {}, "no loss that is finite", "one at least");
    std::string commands = "$losses << EOD\n";
    for (std::size_t i = 0; i < history.loss.size(); ++i) {
        commands += detail::gnuplot_number(i * history.stride) + ' ' + detail::gnuplot_number(history.loss[i]) + ' ';
        commands += i < history.validation_loss.size() ? detail::gnuplot_number(history.validation_loss[i]) : "NaN";
        commands += '\n';
    }
    // A single epoch has no range, and gnuplot would invent a wide one.
    const std::size_t last = history.loss.size() > 1 ? (history.loss.size() - 1) * history.stride : 1;
    commands += "EOD\nset xlabel 'epoch'\nset ylabel 'loss'\nset grid\nset xrange [0:" + std::to_string(last) + "]\n";
    commands += "plot $losses using 1:2 with linespoints pt 7 ps 0.3 lc rgb '#1f5fbf' title 'training'";
    if (validated) commands += ", $losses using 1:3 with linespoints pt 7 ps 0.3 lc rgb '#d8743b' title 'validation'";
    return picture(commands + '\n', options);
}

}  // namespace ctnn::io
