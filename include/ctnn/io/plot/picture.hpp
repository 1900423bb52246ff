// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A picture: commands for gnuplot, drawn to a file or as text.

#include <ctnn/io/error.hpp>
#include <ctnn/io/plot/gnuplot.hpp>
#include <ctnn/io/whole_file.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>

namespace ctnn::io {

struct picture_options {
    std::string title;         ///< above the picture; none if empty
    std::size_t width = 640;   ///< in pixels
    std::size_t height = 420;  ///< in pixels
};

/// A picture that gnuplot draws. Functions such as `loss_picture` make it; nothing is run before `save` or `text`.
class picture {
  public:
    picture(std::string commands, const picture_options& options)
        : commands_(std::move(commands)), title_(options.title), width_(options.width), height_(options.height) {}

    /// Draws the picture to a file of the kind that its name ends with, `.svg` or `.png`.
    ///
    /// *Errors*: `io::error` for another ending, a file that cannot be written, or a gnuplot that is not installed or
    /// fails. The file is then unchanged.
    void save(const std::filesystem::path& path) const {
        const std::string ending = path.extension().string();
        const std::string size =
            detail::joined(" size ", width_, ',', height_, " noenhanced background rgb 'white' font 'sans,12'");
        std::string terminal;
        if (ending == ".svg")
            terminal = "svg" + size;
        else if (ending == ".png")
            terminal = "pngcairo" + size;
        else
            throw error(path, {}, detail::joined("the ending ", detail::in_quotes(ending)), ".svg or .png");
        const std::string drawn = detail::run_gnuplot(script(terminal), path.string());
        if (drawn.empty()) throw error(path, {}, "that gnuplot drew nothing", "a picture");
        detail::write_whole_file(path, drawn);
    }

    /// The picture as lines of text for a terminal. *Errors*: `io::error` if gnuplot is not installed or fails.
    std::string text(std::size_t columns = 79, std::size_t rows = 24) const {
        const std::string terminal = detail::joined("dumb size ", columns, ',', rows, " noenhanced");
        std::string drawn = detail::run_gnuplot(script(terminal, columns), "(text)");
        // It begins with a form feed, which is for printers.
        return !drawn.empty() && drawn[0] == '\f' ? drawn.substr(1) : drawn;
    }

    /// All commands for gnuplot, for a terminal in its words, `png size 640,420`, and the longest title that fits.
    std::string script(const std::string& terminal, std::size_t longest_title = 120) const {
        std::string text = "set encoding utf8\nset terminal " + terminal + '\n';
        if (!title_.empty()) text += "set title " + detail::gnuplot_text(title_, longest_title) + '\n';
        return text + commands_;
    }

  private:
    std::string commands_, title_;
    std::size_t width_, height_;
};

}  // namespace ctnn::io
