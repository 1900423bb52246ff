// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Splits a CSV file into rows of cells.

#include <ctnn/io/byte_source.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ctnn::io::detail {

/// Whether a cell may belong to a sample rather than to a line of names: it begins like a number, or marks a missing
/// value.
inline bool looks_like_a_number(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    for (const std::string_view missing : {"-", "?", "NA", "N/A", "NaN", "nan", "inf", "Inf", "-inf", "-Inf", "null"})
        if (text == missing) return true;
    for (const char sign : {'+', '-', '.', ','})
        if (text.starts_with(sign)) text.remove_prefix(1);
    return !text.empty() && is_digit(text.front());
}

/// The rows of a CSV file, one at a time.
///
/// RFC 4180: cells are separated by a delimiter; a cell in quotation marks may hold delimiters, line ends and doubled
/// quotation marks. Beyond the RFC: lines may end in LF alone; blanks around cells, blank lines and a UTF-8 byte order
/// mark are skipped. A zero byte is rejected: UTF-16 and binary files have many.
///
/// *Cost*: memory for one row, of at most 4 MiB of text and 262144 cells.
class csv_rows {
  public:
    struct cell {
        std::size_t begin;
        std::size_t end;
        std::uintmax_t line;
    };

    csv_rows(const std::filesystem::path& path, char delimiter) : source_(path), delimiter_(delimiter) {
        if (source_.peek() == 0xEF) {
            for (const int byte : {0xEF, 0xBB, 0xBF}) {
                if (source_.get() != byte) {
                    throw error(path, "line 1, column 1", "an incomplete UTF-8 byte order mark",
                                "a complete one or none");
                }
            }
        }
    }

    /// Reads the next row that is not blank; false at the end of the file.
    bool next() {
        do {
            text_.clear();
            cells_.clear();
            if (source_.peek() < 0) return false;
            read_row();
        } while (is_blank_row());
        return true;
    }

    std::size_t size() const { return cells_.size(); }
    std::string_view operator[](std::size_t column) const {
        return std::string_view(text_).substr(cells_[column].begin, cells_[column].end - cells_[column].begin);
    }

    /// The line on which the row begins, counted from 1.
    std::uintmax_t line() const { return cells_.empty() ? line_ : cells_.front().line; }

    /// Where a cell of this row is: `line 3, column 2`.
    std::string position(std::size_t column) const {
        return joined("line ", cells_[column].line, ", column ", column + 1);
    }

    const std::filesystem::path& path() const { return source_.path(); }

  private:
    [[noreturn]] void fail(std::string_view found, std::string_view expected) const {
        throw error(path(), joined("line ", line_, ", column ", cells_.size()), found, expected);
    }

    void read_row() {
        quoted_ = false;
        do {
            if (cells_.size() == most_cells) fail("a row of more than 262144 cells", "a line end before that");
            cells_.push_back({text_.size(), text_.size(), line_});
            skip_blanks();
            if (source_.peek() == '"') {
                quoted_cell();
            } else {
                plain_cell();
            }
            cells_.back().end = text_.size();
        } while (take_delimiter());
        end_row();
    }

    bool is_blank_row() const { return cells_.size() == 1 && text_.empty() && !quoted_; }

    bool at_row_end() { return source_.peek() < 0 || source_.peek() == '\n' || source_.peek() == '\r'; }

    void keep(int byte) {
        if (byte == 0) fail("a zero byte", "text in ASCII or UTF-8");
        if (text_.size() + cells_.size() >= longest_row) {
            fail("a row longer than 4 MiB", "a line end or a closing quotation mark before that");
        }
        text_ += static_cast<char>(byte);
    }

    bool take_delimiter() {
        if (source_.peek() != static_cast<unsigned char>(delimiter_)) return false;
        source_.get();
        if (text_.size() + cells_.size() >= longest_row) fail("a row longer than 4 MiB", "a line end before that");
        return true;
    }

    void end_row() {
        if (source_.peek() == '\r') {
            source_.get();
            if (source_.peek() != '\n') fail("a carriage return alone", "it to be followed by a line feed");
        }
        if (source_.get() == '\n') ++line_;
    }

    static bool is_blank(int byte) { return byte == ' ' || byte == '\t'; }

    void skip_blanks() {
        while (is_blank(source_.peek()) && source_.peek() != static_cast<unsigned char>(delimiter_)) source_.get();
    }

    void plain_cell() {
        const std::size_t begin = text_.size();
        while (!at_row_end() && source_.peek() != static_cast<unsigned char>(delimiter_)) {
            const int byte = source_.get();
            if (byte == '"') fail("a quotation mark inside an unquoted cell", "the whole cell in quotation marks");
            keep(byte);
        }
        while (text_.size() > begin && is_blank(text_.back())) text_.pop_back();
    }

    void quoted_cell() {
        quoted_ = true;
        source_.get();
        for (;;) {
            const int byte = source_.get();
            if (byte < 0) fail("the end of the file inside a quoted cell", "a closing quotation mark");
            if (byte == '"') {
                if (source_.peek() != '"') break;
                source_.get();
            }
            line_ += byte == '\n';
            keep(byte);
        }
        skip_blanks();
        if (!at_row_end() && source_.peek() != static_cast<unsigned char>(delimiter_)) {
            fail("text after a closing quotation mark", "a delimiter or a line end");
        }
    }

    static constexpr std::size_t longest_row = std::size_t{4} << 20;
    static constexpr std::size_t most_cells = std::size_t{1} << 18;

    byte_source source_;
    char delimiter_;
    std::uintmax_t line_ = 1;
    bool quoted_ = false;
    std::string text_;
    std::vector<cell> cells_;
};

}  // namespace ctnn::io::detail
