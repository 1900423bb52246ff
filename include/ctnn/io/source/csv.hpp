// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// CSV files: the code that is not a template.

#include <ctnn/io/csv.hpp>
#include <ctnn/io/csv_rows.hpp>
#include <ctnn/io/from_chars.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace ctnn::io::detail {

class csv_reader::table {
  public:
    table(const std::filesystem::path& path, const csv_options& options, sizes wanted)
        : options_(options), wanted_(wanted), rows_(path, options.delimiter) {
        require_options();
        const bool row = rows_.next();
        header_ = row && has_header();
        if (!row) {
            throw error(rows_.path(), "line 1", "no rows",
                        options_.header.value_or(true) ? "a line of column names" : "at least one row");
        }
        columns_ = rows_.size();
        if (header_)
            for (std::size_t column = 0; column < columns_; ++column) names_.emplace_back(rows_[column]);
        choose_columns();
        if (header_ && !rows_.next()) {
            throw error(rows_.path(), joined("line ", rows_.line()), "no rows after the column names",
                        "at least one row");
        }
    }

    bool next() {
        // The constructor has read the first row.
        if (count_ > 0 && !rows_.next()) {
            if (options_.rows > 0 && count_ != options_.rows) {
                throw error(rows_.path(), joined("line ", rows_.line()), count_of(count_, "row"),
                            joined(count_of(options_.rows, "row"), ", as .rows says"));
            }
            return false;
        }
        ++count_;
        if (rows_.size() != columns_) {
            throw error(rows_.path(), joined("line ", rows_.line()), count_of(rows_.size(), "cell"),
                        joined(count_of(columns_, "cell"), ", as in the first row"));
        }
        return true;
    }

    template <class Number>
    Number number(bool is_input, std::size_t index, Number smallest, Number largest) const {
        const std::size_t column = is_input ? inputs_[index] : targets_[index];
        const char* const hint = !is_input ? if_classes : !header_ && count_ == 1 ? if_names : "";
        return number_at<Number>(column, "a number", smallest, largest, hint);
    }

    std::size_t label() const {
        const std::size_t column = targets_.front();
        if (!options_.classes.empty()) return class_of(column);
        const std::string expected = joined("a class from 0 to ", wanted_.classes - 1);
        const auto label = number_at<std::size_t>(column, expected, 0, ~std::size_t{0}, if_classes);
        if (label >= wanted_.classes) fail(column, expected, if_classes);
        return label;
    }

  private:
    static constexpr const char* if_names = ".header = true, if this line names the columns";
    static constexpr const char* if_classes = ".classes, if the classes have other names";

    void require_options() const {
        const auto refuse = [](const std::string& what) {
            throw std::invalid_argument(joined("ctnn::io::load_csv: ", what));
        };
        const char delimiter = options_.delimiter;
        if (delimiter == '"' || delimiter == '\r' || delimiter == '\n')
            refuse(".delimiter is a quotation mark or a line end");
        const std::vector<std::string>& names = options_.classes;
        if (names.empty()) return;
        const bool numbers_fit = names.size() == wanted_.targets || (names.size() == 2 && wanted_.targets == 1);
        if (wanted_.classes > 0 && names.size() != wanted_.classes)
            refuse(joined(".classes has ", count_of(names.size(), "name"), ", and the data set ", wanted_.classes,
                          " classes"));
        if (wanted_.classes == 0 && !numbers_fit)
            refuse(joined(".classes has ", count_of(names.size(), "name"), ", and a target ",
                          count_of(wanted_.targets, "element"),
                          ": it has one for each name, or a single one for two names"));
        for (std::size_t i = 0; i < names.size(); ++i)
            if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
                names.begin() + static_cast<std::ptrdiff_t>(i))
                refuse(joined(".classes has ", in_quotes(names[i]), " twice"));
    }

    bool has_header() const {
        if (options_.header.has_value()) return *options_.header;
        const auto is_name = [](const csv_column& column) { return column.is_name(); };
        if (std::any_of(options_.inputs.begin(), options_.inputs.end(), is_name) ||
            std::any_of(options_.targets.begin(), options_.targets.end(), is_name))
            return true;
        for (std::size_t column = 0; column < rows_.size(); ++column) {
            if (!looks_like_a_number(rows_[column])) continue;
            throw error(rows_.path(), rows_.position(column),
                        joined(in_quotes(rows_[column]), ", which may name a column or belong to a sample"),
                        ".header = true, if this line names the columns, or .header = false");
        }
        return true;
    }

    /// The delimiter that the first line may use instead, as a hint for a message.
    std::string other_delimiter() const {
        const std::size_t wanted_columns = wanted_.inputs + wanted_targets();
        char best = 0;
        std::size_t most = 1;
        for (const char other : {';', '\t', '|', ',', ' '}) {
            std::size_t count = 1;
            for (std::size_t column = 0; column < rows_.size(); ++column)
                count += static_cast<std::size_t>(std::count(rows_[column].begin(), rows_[column].end(), other));
            const bool better = columns_ == 1 ? count > most : count == wanted_columns;
            if (other == options_.delimiter || !better) continue;
            best = other;
            most = count;
            if (count == wanted_columns) break;
        }
        if (best == 0) return "";
        const std::string name = best == '\t' ? "\\t" : std::string(1, best);
        return joined(" (.delimiter = '", name, "' would give ", count_of(most, "column"), ')');
    }

    std::size_t find(const csv_column& wanted) const {
        if (!wanted.is_name()) {
            if (wanted.index() < 0 || static_cast<unsigned long long>(wanted.index()) >= columns_) {
                throw error(rows_.path(), "line 1", count_of(columns_, "column"),
                            joined("a column with index ", wanted.index(), other_delimiter()));
            }
            return static_cast<std::size_t>(wanted.index());
        }
        const auto found = std::find(names_.begin(), names_.end(), wanted.name());
        if (found == names_.end()) {
            std::string hint = header_ ? other_delimiter() : " (.header = true, if the first line names the columns)";
            if (hint.empty() && std::any_of(names_.begin(), names_.end(), looks_like_a_number))
                hint = " (.header = false and positions, if the first line has no names)";
            throw error(rows_.path(), "line 1", "no column of that name",
                        joined("a column ", in_quotes(wanted.name()), hint));
        }
        if (std::find(found + 1, names_.end(), wanted.name()) != names_.end()) {
            throw error(rows_.path(), "line 1", "two columns of that name",
                        joined("one column ", in_quotes(wanted.name()), " (or its position)"));
        }
        return static_cast<std::size_t>(found - names_.begin());
    }

    std::size_t wanted_targets() const { return options_.classes.empty() ? wanted_.targets : 1; }

    void choose_columns() {
        const std::size_t wanted_targets = this->wanted_targets();
        std::vector<bool> taken(columns_, false);
        const auto take = [&](std::vector<std::size_t>& list, std::size_t column) {
            if (taken[column]) {
                throw error(rows_.path(), "line 1", joined("column ", column + 1, " requested twice"),
                            "each column at most once in .inputs and .targets");
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
        if (inputs_.size() != wanted_.inputs || targets_.size() != wanted_targets) {
            const auto counts = [](std::size_t inputs, std::size_t targets) {
                return joined(count_of(inputs, "input column"), " and ", count_of(targets, "target column"));
            };
            std::string hint = other_delimiter();
            if (hint.empty() && columns_ > wanted_.inputs + wanted_targets)
                hint = " (.inputs and .targets choose among more)";
            throw error(rows_.path(), "line 1", counts(inputs_.size(), targets_.size()),
                        counts(wanted_.inputs, wanted_targets) + hint);
        }
    }

    /// `hint` names an option that may help, unless a better one is found.
    [[noreturn]] void fail(std::size_t column, std::string expected, std::string_view hint = "") const {
        const std::string name = names_.empty() ? "" : joined(" (", printable(names_[column], 40), ")");
        const std::string_view text = rows_[column];
        if (text.empty())
            hint = "";
        else if (text.find_first_of(";\t|") != text.npos)
            hint = ".delimiter, if this is more than one cell";
        else if (looks_like_a_number(text))
            hint = std::count(text.begin(), text.end(), ',') == 1 ? "with a decimal point"
                   : hint == if_names                             ? ""
                                                                  : hint;
        if (!hint.empty()) expected += joined(" (", hint, ')');
        throw error(rows_.path(), rows_.position(column) + name, in_quotes(text), expected);
    }

    template <class Number>
    Number number_at(std::size_t column, const std::string& expected, Number smallest, Number largest,
                     std::string_view hint) const {
        const std::string_view text = rows_[column];
        Number value{};
        const auto [end, status] = from_chars(text.data(), text.data() + text.size(), value);
        if (status == std::errc::invalid_argument || end != text.data() + text.size()) fail(column, expected, hint);
        if constexpr (std::floating_point<Number>) {
            if (status == std::errc::result_out_of_range) fail(column, expected + " in the range of its type");
            // "inf" and "nan" are recognised in the text, because the compiler may assume that there are no such
            // values.
            if (text.find_first_of("nN") != text.npos) fail(column, "a finite number");
        } else if (status == std::errc::result_out_of_range || value < smallest || value > largest) {
            fail(column, expected + " in the range of its type");
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
            fail(column, expected + (names.size() > 10 ? " ..., the names in .classes" : ", the names in .classes"));
        }
        return static_cast<std::size_t>(found - names.begin());
    }

    const csv_options& options_;
    sizes wanted_;
    csv_rows rows_;
    bool header_ = false;
    std::size_t columns_ = 0;
    std::size_t count_ = 0;
    std::vector<std::string> names_;
    std::vector<std::size_t> inputs_;
    std::vector<std::size_t> targets_;
};

CTNN_IO_INLINE csv_reader::csv_reader(const std::filesystem::path& path, const csv_options& options, sizes wanted)
    : table_(std::make_unique<table>(path, options, wanted)) {}

CTNN_IO_INLINE csv_reader::~csv_reader() = default;

CTNN_IO_INLINE bool csv_reader::next() {
    return table_->next();
}

CTNN_IO_INLINE std::size_t csv_reader::label() const {
    return table_->label();
}

CTNN_IO_INLINE void csv_reader::read(bool is_input, std::size_t index, float& value) const {
    value = table_->number<float>(is_input, index, 0, 0);
}

CTNN_IO_INLINE void csv_reader::read(bool is_input, std::size_t index, double& value) const {
    value = table_->number<double>(is_input, index, 0, 0);
}

CTNN_IO_INLINE void csv_reader::read(bool is_input, std::size_t index, long double& value) const {
    value = table_->number<long double>(is_input, index, 0, 0);
}

CTNN_IO_INLINE long long csv_reader::whole_number(bool is_input, std::size_t index, long long smallest,
                                                  long long largest) const {
    return table_->number(is_input, index, smallest, largest);
}

CTNN_IO_INLINE unsigned long long csv_reader::natural_number(bool is_input, std::size_t index,
                                                             unsigned long long largest) const {
    return table_->number(is_input, index, 0ull, largest);
}

}  // namespace ctnn::io::detail
