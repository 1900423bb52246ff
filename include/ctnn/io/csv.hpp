// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads a data set from a CSV file, plain or gzip.

#include <ctnn/io/compiled.hpp>
#include <ctnn/io/dataset.hpp>
#include <ctnn/io/error.hpp>

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ctnn::io {

/// A column, by its position counted from 0 or by its name in the header line.
class csv_column {
  public:
    template <std::integral Index>
    csv_column(Index index) : index_(static_cast<long long>(index)) {}
    csv_column(const char* name) : is_name_(true), name_(name) {}
    csv_column(std::string name) : is_name_(true), name_(std::move(name)) {}
    // A character or a bool is not a column.
    csv_column(char) = delete;
    csv_column(bool) = delete;

    bool is_name() const { return is_name_; }
    long long index() const { return index_; }
    const std::string& name() const { return name_; }

  private:
    bool is_name_ = false;
    long long index_ = 0;
    std::string name_;
};

/// How a CSV file is interpreted.
struct csv_options {
    char delimiter = ',';
    /// Whether the first line names the columns. If not set, it does if a column is requested by name, or if no cell in
    /// it looks like a number; otherwise `load_csv` fails and asks for it, because a sample mistaken for names would be
    /// lost.
    std::optional<bool> header = {};
    /// The columns of the inputs, in the order of the input shape. If empty, all columns that are not targets.
    std::vector<csv_column> inputs = {};
    /// The columns of the targets, or that of the label. If empty, the last ones.
    std::vector<csv_column> targets = {};
    /// The text of class 0, of class 1 ... if the target column holds classes. It becomes a label; in a data set with
    /// numeric targets it becomes 0 or 1 (two classes, one element) or one-hot (one element per class).
    std::vector<std::string> classes = {};
    /// The number of rows that the file must have; 0: any number. Truncation of a text file between two rows cannot be
    /// detected otherwise.
    std::size_t rows = 0;
};

namespace detail {

/// A file and the cells that a data set takes from it, row by row. The options and the path must outlive it.
class csv_reader {
  public:
    struct sizes {
        std::size_t inputs;
        std::size_t targets;
        std::size_t classes;
    };

    csv_reader(const std::filesystem::path& path, const csv_options& options, sizes wanted);
    ~csv_reader();
    csv_reader(const csv_reader&) = delete;
    csv_reader& operator=(const csv_reader&) = delete;

    /// Goes to the next row; false after the last.
    bool next();
    /// The class of the row.
    std::size_t label() const;

    template <class Number>
    void input(std::size_t index, Number& value) const {
        read(true, index, value);
    }
    template <class Number>
    void target(std::size_t index, Number& value) const {
        read(false, index, value);
    }

  private:
    template <std::integral Number>
    void read(bool is_input, std::size_t index, Number& value) const {
        using limits = std::numeric_limits<Number>;
        if constexpr (std::signed_integral<Number>)
            value = static_cast<Number>(whole_number(is_input, index, (limits::min)(), (limits::max)()));
        else
            value = static_cast<Number>(natural_number(is_input, index, (limits::max)()));
    }
    void read(bool is_input, std::size_t index, float& value) const;
    void read(bool is_input, std::size_t index, double& value) const;
    void read(bool is_input, std::size_t index, long double& value) const;
    long long whole_number(bool is_input, std::size_t index, long long smallest, long long largest) const;
    unsigned long long natural_number(bool is_input, std::size_t index, unsigned long long largest) const;

    class table;
    std::unique_ptr<table> table_;
};

}  // namespace detail

/// Reads a whole CSV file, plain or gzip, into a `Dataset`.
///
/// The dialect is RFC 4180's, with LF or CRLF; blanks around cells and blank lines are skipped. Numbers are
/// read as `std::from_chars` does, whatever the locale: `1.5`, `-2e-3`, no leading `+`. Cells of columns that are not
/// requested may hold anything.
///
/// *Cost*: memory for the data set and one row of at most 4 MiB, also for a compressed file.
/// *Errors*: `io::error` with line and column for a file that cannot be opened or decompressed, a missing column, a row
/// that is longer or shorter than the first, a cell that is not a finite number (in range) or not one of the classes,
/// wrong quotes, no rows, a first line that may or may not name the columns; `std::invalid_argument` for contradictory
/// options. Where an option would help, the message names it.
/// *Source*: RFC 4180, "Common Format and MIME Type for Comma-Separated Values (CSV) Files", 2005.
///
/// *Example*:
/// ```cpp
/// using cancer = ctnn::io::dataset<double, ctnn::shape<30>, ctnn::shape<1>>;
/// const auto data = ctnn::io::load_csv<cancer>("wdbc.csv", {.targets = {"diagnosis"}, .classes = {"B", "M"}});
/// ```
template <class Dataset>
Dataset load_csv(const std::filesystem::path& path, const csv_options& options = {}) {
    using target_type = typename Dataset::target_type;
    std::vector<typename Dataset::value_type> input(Dataset::input_shape::size);
    std::vector<target_type> target(Dataset::target_shape::size);
    detail::csv_reader reader(path, options, {input.size(), target.size(), Dataset::class_count});
    Dataset result;
    while (reader.next()) {
        for (std::size_t i = 0; i < input.size(); ++i) reader.input(i, input[i]);
        if constexpr (Dataset::class_count > 0) {
            target[0] = static_cast<target_type>(reader.label());
        } else if (options.classes.empty()) {
            for (std::size_t i = 0; i < target.size(); ++i) reader.target(i, target[i]);
        } else {
            const std::size_t label = reader.label();
            for (std::size_t i = 0; i < target.size(); ++i)
                target[i] = static_cast<target_type>(label == (target.size() == 1 ? 1 : i));
        }
        result.add(input.data(), target.data());
    }
    return result;
}

}  // namespace ctnn::io

#if !defined(CTNN_IO_COMPILED)
#include <ctnn/io/source/csv.hpp>
#endif
