// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The weights of a first layer as a picture.

#include <ctnn/io/plot/gnuplot.hpp>
#include <ctnn/io/plot/picture.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/network.hpp>
#include <ctnn/shape.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <type_traits>

namespace ctnn::io {

namespace detail {

/// The weights of one unit as rows and columns. Those of a dense layer are shape<Inputs, Units>, in rows of `Columns`;
/// those of a convolution shape<window..., Channels, Units>, one window below the other for each channel.
template <class Weights, std::size_t Columns>
struct weight_tile {
    static constexpr std::size_t rank = Weights::rank, units = Weights::last, inputs = Weights::size / units;
    static constexpr bool is_window = rank > 2;
    static constexpr std::size_t channels = is_window ? Weights::extent(rank - 2) : 1;
    static constexpr std::size_t columns = is_window ? Weights::extent(rank - (is_window ? 3 : 1)) : Columns;
    static constexpr std::size_t rows = inputs / columns;

    static constexpr std::size_t index(std::size_t row, std::size_t column, std::size_t unit) {
        constexpr std::size_t window_rows = rows / channels;
        const std::size_t channel = row / window_rows, place = row % window_rows * columns + column;
        return (place * channels + channel) * units + unit;
    }
};

}  // namespace detail

/// The weights of the first layer, a tile for each unit or filter: what it looks for. Blue is positive, red negative,
/// white 0, and the strongest weight has the full colour.
///
/// Template parameter: `Columns` of the tile of a dense layer, by default the width of the input. For a vector of 64
/// that was an image of 8 x 8, it is 8.
/// The layer has `weights` whose last dimension are its units, as `dense` and `conv2d` have. At most 64 units are drawn,
/// the first ones.
/// *Errors*: "ctnn::io::weight_picture: the first layer has weights, as dense and conv2d have",
/// "ctnn::io::weight_picture: the rows of a tile have equal lengths: Columns divides the inputs of a unit".
///
/// *Example*: `ctnn::io::weight_picture<8>(trained, {.title = "hidden units"}).save("weights.png");`
template <std::size_t Columns = 0, class Net>
picture weight_picture(const Net& net, const picture_options& options = {}) {
    static_assert(
        requires { get<0>(net).weights; },
        "ctnn::io::weight_picture: the first layer has weights, as dense and conv2d have");
    const auto& weights = get<0>(net).weights;
    using weight_shape = typename std::remove_cvref_t<decltype(weights)>::shape_type;
    using tile = detail::weight_tile<weight_shape, Columns == 0 ? Net::input_shape::last : Columns>;
    static_assert(
        tile::inputs % tile::columns == 0,
        "ctnn::io::weight_picture: the rows of a tile have equal lengths: Columns divides the inputs of a unit");
    constexpr std::size_t drawn = tile::units < 64 ? tile::units : 64;
    std::size_t across = 1;
    while (across * across * tile::columns < drawn * tile::rows) ++across;

    double strongest = 0;
    std::string cells = "$cells << EOD\n";
    for (std::size_t unit = 0; unit < drawn; ++unit)
        for (std::size_t row = 0; row < tile::rows; ++row)
            for (std::size_t column = 0; column < tile::columns; ++column) {
                const auto weight = static_cast<double>(weights[tile::index(row, column, unit)]);
                if (math::is_finite(weight) && std::fabs(weight) > strongest) strongest = std::fabs(weight);
                cells += std::to_string(unit % across * (tile::columns + 1) + column) + ' ' +
                         std::to_string(unit / across * (tile::rows + 1) + row) + ' ' + detail::gnuplot_number(weight) +
                         '\n';
            }
    const std::string most = detail::gnuplot_number(strongest > 0 ? strongest : 1.);
    const std::size_t down = (drawn + across - 1) / across;
    std::string commands = cells + "EOD\nset cbrange [-" + most + ':' + most +
                           "]\nset xrange [-1:" + std::to_string(across * (tile::columns + 1)) + "]\nset yrange [" +
                           std::to_string(down * (tile::rows + 1)) + ":-1]\n";
    commands +=
        "set palette defined (-1 '#c03020', 0 '#ffffff', 1 '#1f5fbf')\n"
        "unset border\nunset tics\nset size ratio -1\nset object 1 rectangle from graph 0,0 to graph 1,1 behind "
        "fillcolor rgb '#d8d8d8' fillstyle solid noborder\nset cbtics\nset cblabel 'weight'\n"
        "plot $cells using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid noborder linecolor palette notitle\n";
    return picture(commands, options);
}

}  // namespace ctnn::io
