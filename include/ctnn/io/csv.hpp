// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads a data set from a CSV file, plain or gzip.

#include <ctnn/io/csv_rows.hpp>
#include <ctnn/io/dataset.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

namespace ctnn::io {

/// A column, by its position counted from 0 or by its name in the header line.
class csv_column {
  public:
    template <std::integral Index>
    csv_column(Index index) : where_(static_cast<std::size_t>(index)) {}
    csv_column(const char* name) : where_(std::string(name)) {}
    csv_column(std::string name) : where_(std::move(name)) {}

    bool is_name() const { return where_.index() == 1; }
    std::size_t index() const { return std::get<0>(where_); }
    const std::string& name() const { return std::get<1>(where_); }

  private:
    std::variant<std::size_t, std::string> where_;
};

/// How a CSV file is to be understood.
struct csv_options {
    char delimiter = ',';
    /// The first line names the columns.
    bool header = true;
    /// The columns of the inputs, in the order of the input shape. None: all columns that are not targets.
    std::vector<csv_column> inputs = {};
    /// The columns of the targets, or the one of the label. None: the last ones.
    std::vector<csv_column> targets = {};
    /// The text of class 0, of class 1 ... where the target column holds classes. It becomes a label; in a data set
    /// with numbers as targets it becomes 0 or 1 (two classes, one number) or one-hot (a number for each class).
    std::vector<std::string> classes = {};
    /// How many rows the file must have; 0: any number. A text file that was cut between two rows shows it in no
    /// other way.
    std::size_t rows = 0;
};

namespace detail {

template <class Dataset>
class csv_loader {
    using value_type = typename Dataset::value_type;
    using target_type = typename Dataset::target_type;
    static constexpr std::size_t input_size = Dataset::input_shape::size;
    static constexpr std::size_t target_size = Dataset::target_shape::size;

  public:
    csv_loader(const std::filesystem::path& path, const csv_options& options)
        : options_(options), rows_(path, options.delimiter) {
        const bool quote_or_line_end =
            options.delimiter == '"' || options.delimiter == '\r' || options.delimiter == '\n';
        const std::size_t classes = options.classes.size();
        const bool numbers_fit = classes == target_size || (classes == 2 && target_size == 1);
        if (quote_or_line_end) {
            throw std::invalid_argument("ctnn::io::load_csv: the delimiter ends lines or quotes");
        }
        if (classes > 0 && (Dataset::class_count > 0 ? classes != Dataset::class_count : !numbers_fit)) {
            throw std::invalid_argument(
                joined("ctnn::io::load_csv: the data set has no room for ", count_of(classes, "class name")));
        }
    }

    Dataset load() {
        if (!rows_.next()) {
            throw error(rows_.path(), "line 1", "no rows",
                        options_.header ? "a line of column names" : "at least one row");
        }
        columns_ = rows_.size();
        if (options_.header) {
            for (std::size_t column = 0; column < columns_; ++column) names_.emplace_back(rows_[column]);
        }
        choose_columns();
        if (options_.header && !rows_.next()) {
            throw error(rows_.path(), joined("line ", rows_.line()), "no rows after the column names",
                        "at least one row");
        }
        Dataset result;
        do { add_row(result); } while (rows_.next());
        if (options_.rows > 0 && result.size() != options_.rows) {
            throw error(rows_.path(), joined("line ", rows_.line()), count_of(result.size(), "row"),
                        count_of(options_.rows, "row"));
        }
        return result;
    }

  private:
    std::size_t find(const csv_column& wanted) const {
        if (!wanted.is_name()) {
            if (wanted.index() >= columns_) {
                throw error(rows_.path(), "line 1", count_of(columns_, "column"),
                            joined("a column with index ", wanted.index()));
            }
            return wanted.index();
        }
        const auto found = std::find(names_.begin(), names_.end(), wanted.name());
        if (found == names_.end()) {
            throw error(rows_.path(), "line 1", "no column of that name",
                        joined("a column ", in_quotes(wanted.name())));
        }
        if (std::find(found + 1, names_.end(), wanted.name()) != names_.end()) {
            throw error(rows_.path(), "line 1", "two columns of that name",
                        joined("one column ", in_quotes(wanted.name())));
        }
        return static_cast<std::size_t>(found - names_.begin());
    }

    void choose_columns() {
        const std::size_t wanted_targets = options_.classes.empty() ? target_size : 1;
        std::vector<bool> taken(columns_, false);
        const auto take = [&](std::vector<std::size_t>& list, std::size_t column) {
            if (taken[column]) {
                throw error(rows_.path(), "line 1", joined("column ", column + 1, " asked for twice"),
                            "each column in one place");
            }
            taken[column] = true;
            list.push_back(column);
        };
        for (const csv_column& column : options_.targets) take(targets_, find(column));
        if (options_.targets.empty() && columns_ >= wanted_targets) {
            for (std::size_t column = columns_ - wanted_targets; column < columns_; ++column) {
                take(targets_, column);
            }
        }
        for (const csv_column& column : options_.inputs) take(inputs_, find(column));
        if (options_.inputs.empty()) {
            for (std::size_t column = 0; column < columns_; ++column) {
                if (!taken[column]) inputs_.push_back(column);
            }
        }
        if (inputs_.size() != input_size || targets_.size() != wanted_targets) {
            const auto counts = [](std::size_t inputs, std::size_t targets) {
                return joined(count_of(inputs, "input column"), " and ", count_of(targets, "target column"));
            };
            throw error(rows_.path(), "line 1", counts(inputs_.size(), targets_.size()),
                        counts(input_size, wanted_targets));
        }
    }

    [[noreturn]] void fail(std::size_t column, const std::string& expected) const {
        const std::string name = names_.empty() ? "" : joined(" (", printable(names_[column], 40), ")");
        throw error(rows_.path(), rows_.position(column) + name, in_quotes(rows_[column]), expected);
    }

    template <class Number>
    Number number(std::size_t column, const std::string& expected = "a number") const {
        const std::string_view text = rows_[column];
        Number value{};
        const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (status == std::errc::invalid_argument || end != text.data() + text.size()) fail(column, expected);
        if (status == std::errc::result_out_of_range) fail(column, expected + " in the range of its type");
        if constexpr (std::floating_point<Number>) {
            if (!std::isfinite(value)) fail(column, "a finite number");
        }
        return value;
    }

    std::size_t class_of(std::size_t column) const {
        const std::vector<std::string>& names = options_.classes;
        const auto found = std::find(names.begin(), names.end(), rows_[column]);
        if (found == names.end()) {
            std::string expected;
            for (std::size_t i = 0; i < names.size() && i < 10; ++i) {
                expected += joined(i == 0 ? "" : i + 1 == names.size() ? " or " : ", ", in_quotes(names[i]));
            }
            fail(column, names.size() > 10 ? expected + " ..." : expected);
        }
        return static_cast<std::size_t>(found - names.begin());
    }

    void read_target(target_type* target) const {
        if constexpr (Dataset::class_count > 0) {
            const std::size_t column = targets_.front();
            const std::string expected = joined("a class from 0 to ", Dataset::class_count - 1);
            const std::size_t label =
                options_.classes.empty() ? number<std::size_t>(column, expected) : class_of(column);
            if (label >= Dataset::class_count) fail(column, expected);
            *target = static_cast<target_type>(label);
        } else if (options_.classes.empty()) {
            for (std::size_t i = 0; i < target_size; ++i) target[i] = number<target_type>(targets_[i]);
        } else {
            const std::size_t found = class_of(targets_.front());
            for (std::size_t i = 0; i < target_size; ++i) {
                target[i] = static_cast<target_type>(found == (target_size == 1 ? 1 : i));
            }
        }
    }

    void add_row(Dataset& result) {
        if (rows_.size() != columns_) {
            throw error(rows_.path(), joined("line ", rows_.line()), count_of(rows_.size(), "cell"),
                        joined(count_of(columns_, "cell"), ", as in the first row"));
        }
        for (std::size_t i = 0; i < input_size; ++i) input_buffer_[i] = number<value_type>(inputs_[i]);
        read_target(target_buffer_.data());
        result.add(input_buffer_.data(), target_buffer_.data());
    }

    const csv_options& options_;
    csv_rows rows_;
    std::size_t columns_ = 0;
    std::vector<std::string> names_;
    std::vector<std::size_t> inputs_;
    std::vector<std::size_t> targets_;
    std::vector<value_type> input_buffer_ = std::vector<value_type>(input_size);
    std::vector<target_type> target_buffer_ = std::vector<target_type>(target_size);
};

}  // namespace detail

/// Reads a whole CSV file, plain or gzip, into a `Dataset`.
///
/// The dialect is RFC 4180's, with LF or CRLF; blanks around unquoted cells and empty lines are skipped. Numbers are
/// read as `std::from_chars` does, whatever the locale: `1.5`, `-2e-3`, no leading `+`. Cells of columns that nobody
/// asked for may hold anything.
///
/// *Cost*: the data set and one row of at most 4 MiB, also when the file is packed.
/// *Errors*: `io::error` with line and column for a file that does not open or unpack, a missing column, a row that is
/// longer or shorter than the first, a cell that is not a finite number (in range) or not one of the classes, wrong
/// quotes, no rows; `std::invalid_argument` for options that contradict themselves.
/// *Source*: RFC 4180, "Common Format and MIME Type for Comma-Separated Values (CSV) Files", 2005.
///
/// *Example*:
/// ```cpp
/// using cancer = ctnn::io::dataset<double, ctnn::shape<30>, ctnn::shape<1>>;
/// const auto data = ctnn::io::load_csv<cancer>("wdbc.csv", {.targets = {"diagnosis"}, .classes = {"B", "M"}});
/// ```
template <class Dataset>
Dataset load_csv(const std::filesystem::path& path, const csv_options& options = {}) {
    return detail::csv_loader<Dataset>(path, options).load();
}

}  // namespace ctnn::io
