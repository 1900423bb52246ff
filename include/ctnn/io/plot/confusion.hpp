// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A confusion matrix as a picture.

#include <ctnn/io/class_table.hpp>
#include <ctnn/io/plot/gnuplot.hpp>
#include <ctnn/io/plot/picture.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace ctnn::io {

/// A confusion matrix: each cell has its count, and the colour of its share of the class, which is the row. Classes
/// without a name have their number.
///
/// *Example*: `ctnn::io::confusion_picture(ctnn::confusion_matrix(net, x, labels), {"cat", "dog"}).save("m.png");`
template <class Count, std::size_t Classes>
picture confusion_picture(const tensor<Count, shape<Classes, Classes>>& matrix,
                          const std::vector<std::string>& names = {}, const picture_options& options = {}) {
    std::string cells = "$cells << EOD\n", tics;
    for (std::size_t row = 0; row < Classes; ++row) {
        double all = 0;
        for (std::size_t column = 0; column < Classes; ++column) all += static_cast<double>(matrix(row, column));
        for (std::size_t column = 0; column < Classes; ++column) {
            const double share = all > 0 ? static_cast<double>(matrix(row, column)) / all : 0;
            cells += std::to_string(column) + ' ' + std::to_string(row) + ' ' + detail::gnuplot_number(share) + ' ' +
                     std::to_string(matrix(row, column)) + '\n';
        }
        if (row > 0) tics += ", ";
        tics += detail::gnuplot_label(detail::class_name(names, row)) + ' ' + std::to_string(row);
    }
    const std::string most = std::to_string(Classes - 1) + ".5";
    std::string commands = cells + "EOD\nset xlabel 'taken for'\nset ylabel 'class'\nset xrange [-0.5:" + most +
                           "]\nset yrange [" + most + ":-0.5]\nset xtics (" + tics + ") scale 0" +
                           (names.empty() ? "" : " rotate by -30") + "\nset ytics (" + tics +
                           ") scale 0\nset cbrange [0:1]\nset cblabel 'share of the class'\n";
    commands +=
        "set palette defined (0 '#ffffff', 1 '#6fa8f0')\n"
        "plot $cells using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid noborder linecolor palette notitle, "
        "'' using 1:2:(sprintf('%d', $4)) with labels notitle\n";
    return picture(commands, options);
}

}  // namespace ctnn::io
