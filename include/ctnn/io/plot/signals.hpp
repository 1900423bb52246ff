// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a stream computes, beside its target, as a picture.

#include <ctnn/io/error.hpp>
#include <ctnn/io/plot/gnuplot.hpp>
#include <ctnn/io/plot/picture.hpp>
#include <ctnn/math/lane.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <type_traits>

namespace ctnn::io {

/// Two signals over time: the outputs of a stream, step by step, and their targets.
///
/// *Errors*: `io::error` if there are not as many targets as outputs, none, or none that is finite.
///
/// *Example*: `ctnn::io::signal_picture<float>(outputs, targets, {.title = "amplifier"}).save("signals.svg");`
template <class T>
picture signal_picture(std::span<const std::type_identity_t<T>> outputs,
                       std::span<const std::type_identity_t<T>> targets, const picture_options& options = {}) {
    if (outputs.size() != targets.size() || outputs.empty())
        throw error("signal_picture", {},
                    detail::count_of(outputs.size(), "output") + " and " + detail::count_of(targets.size(), "target"),
                    "as many targets as outputs, at least one of each");
    bool any = false;
    for (const T output : outputs) any = any || math::is_finite(output);
    if (!any) throw error("signal_picture", {}, "no output that is finite", "one at least");
    std::string commands = "$signals << EOD\n";
    for (std::size_t i = 0; i < outputs.size(); ++i)
        commands += std::to_string(i) + ' ' + detail::gnuplot_number(outputs[i]) + ' ' +
                    detail::gnuplot_number(targets[i]) + '\n';
    commands += "EOD\nset xlabel 'step'\nset grid\nset xrange [0:" +
                std::to_string(outputs.size() > 1 ? outputs.size() - 1 : 1) +
                "]\nplot $signals using 1:3 with lines lw 3 lc rgb '#b0b0b0' title 'target', "
                "$signals using 1:2 with lines lw 1 lc rgb '#1f5fbf' title 'output'\n";
    return picture(commands, options);
}

}  // namespace ctnn::io
