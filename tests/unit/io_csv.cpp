// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_csv
#include <boost/test/unit_test.hpp>

#include <ctnn/io/csv.hpp>

#include "io_counting_new.hpp"
#include "io_support.hpp"

#include <cstdint>
#include <filesystem>
#include <locale>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace {

using ctnn::shape;
using ctnn::io::csv_options;
using io_test::message_of;
using io_test::write_file;

using numbers = ctnn::io::dataset<double, shape<2>, shape<1>>;
using classes = ctnn::io::dataset<float, shape<2>, ctnn::io::class_labels<3>>;

template <class Dataset>
Dataset load(const std::string& text, const csv_options& options = {}) {
    write_file("t.csv", text);
    return ctnn::io::load_csv<Dataset>("t.csv", options);
}

template <class Dataset>
std::string complaint(const std::string& text, const csv_options& options = {}) {
    return message_of([&] { load<Dataset>(text, options); });
}

numbers expected_numbers() {
    return numbers({1, 2, 4, 5}, {3, 6});
}

}  // namespace

BOOST_AUTO_TEST_CASE(plain) {
    BOOST_TEST((load<numbers>("a,b,c\n1,2,3\n4,5,6\n") == expected_numbers()));
}

BOOST_AUTO_TEST_CASE(dialects) {
    const numbers expected = expected_numbers();
    BOOST_TEST((load<numbers>("a,b,c\r\n1,2,3\r\n4,5,6\r\n") == expected));
    BOOST_TEST((load<numbers>("a,b,c\n1,2,3\n4,5,6") == expected));
    BOOST_TEST((load<numbers>("\xEF\xBB\xBF"
                              "a,b,c\n1,2,3\n4,5,6\n") == expected));
    BOOST_TEST((load<numbers>("\n\na,b,c\n\n1,2,3\r\n\r\n4,5,6\n\n") == expected));
    BOOST_TEST((load<numbers>("a, b ,c\n 1,\t2 ,3\n4,5,6\n") == expected));
    BOOST_TEST((load<numbers>("\"a\",\"b,\"\"\nb\",c\n\"1\",2,\"3\"\n4,5,6\n") == expected));
    BOOST_TEST((load<numbers>("1,2,3\n4,5,6\n", {.header = false}) == expected));
    BOOST_TEST((load<numbers>("a;b;c\n1;2;3\n4;5;6\n", {.delimiter = ';'}) == expected));
    BOOST_TEST((load<numbers>("a\tb\tc\n1\t2\t3\n4\t5\t6\n", {.delimiter = '\t'}) == expected));
}

BOOST_AUTO_TEST_CASE(gzip) {
    BOOST_TEST((load<numbers>(io_test::packed("a,b,c\n1,2,3\n4,5,6\n")) == expected_numbers()));
}

BOOST_AUTO_TEST_CASE(columns_by_name_and_position) {
    const std::string text = "c,x,a,b\n3,?,1,2\n6,,4,5\n";
    BOOST_TEST((load<numbers>(text, {.inputs = {"a", "b"}, .targets = {"c"}}) == expected_numbers()));
    BOOST_TEST((load<numbers>(text, {.inputs = {2, 3}, .targets = {0}}) == expected_numbers()));
    BOOST_TEST((load<numbers>(text, {.inputs = {"b", 2}, .targets = {0}}) == numbers({2, 1, 5, 4}, {3, 6})));
    BOOST_TEST((load<numbers>("c,a,b\n3,1,2\n6,4,5\n", {.targets = {"c"}}) == expected_numbers()));
}

BOOST_AUTO_TEST_CASE(labels) {
    const classes expected({1, 2, 3, 4, 5, 6}, {2, 0, 1});
    BOOST_TEST((load<classes>("1,2,2\n3,4,0\n5,6,1\n", {.header = false}) == expected));
    const csv_options named{.targets = {"kind"}, .classes = {"red", "green", "blue"}};
    BOOST_TEST((load<classes>("kind,x,y\nblue,1,2\n\"red\",3,4\ngreen,5,6\n", named) == expected));
}

BOOST_AUTO_TEST_CASE(classes_as_numbers) {
    const csv_options named{.header = false, .classes = {"B", "M"}};
    BOOST_TEST((load<numbers>("1,2,M\n3,4,B\n", named) == numbers({1, 2, 3, 4}, {1, 0})));
    using one_hot = ctnn::io::dataset<double, shape<2>, shape<2>>;
    BOOST_TEST((load<one_hot>("1,2,M\n3,4,B\n", named) == one_hot({1, 2, 3, 4}, {0, 1, 1, 0})));
}

BOOST_AUTO_TEST_CASE(numbers_are_exact) {
    const numbers data = load<numbers>("a,b,c\n0.1,-1.7976931348623157e308,4.9e-324\n");
    BOOST_TEST(data.inputs()[0][0] == 0.1);
    BOOST_TEST(data.inputs()[0][1] == -1.7976931348623157e308);
    BOOST_TEST(data.targets()[0][0] == 4.9e-324);
    const csv_options no_header{.header = false};
    BOOST_TEST((load<numbers>("007,.5,5.\n-.25,1E+2,0e400\n", no_header) == numbers({7, 0.5, -0.25, 100}, {5, 0})));
    using floats = ctnn::io::dataset<float, shape<2>, shape<1>>;
    const floats small = load<floats>("3.4028235e38,1e-45,1.00000017881393432617187499\n", no_header);
    BOOST_TEST(small.inputs()[0][0] == 0x1.fffffep127f);
    BOOST_TEST(small.inputs()[0][1] == 0x1p-149f);
    // Rounded once, from all its digits.
    BOOST_TEST(small.targets()[0][0] == 0x1.000002p0f);
    for (const char* cell : {"+1", "-", ".", "1e", "e5", "0x10", "1.5.2", "--1", "1 2"})
        BOOST_TEST(complaint<numbers>("1,2,3\n1," + std::string(cell) + ",3\n", no_header) ==
                   "t.csv: line 2, column 2: found \"" + std::string(cell) + "\", expected a number");
    for (const char* cell : {"1e-400", "-1e400", "1e-46", "3.4028236e38"})
        BOOST_TEST(complaint<floats>("1,2," + std::string(cell) + "\n", no_header) ==
                   "t.csv: line 1, column 3: found \"" + std::string(cell) +
                       "\", expected a number in the range of its type");
}

BOOST_AUTO_TEST_CASE(bytes) {
    using pictures = ctnn::io::dataset<std::uint8_t, shape<2>, ctnn::io::class_labels<3>>;
    const csv_options no_header{.header = false};
    BOOST_TEST((load<pictures>("0,255,2\n", no_header) == pictures({0, 255}, {2})));
    BOOST_TEST(complaint<pictures>("0,256,2\n", no_header) ==
               "t.csv: line 1, column 2: found \"256\", expected a number in the range of its type");
    BOOST_TEST(complaint<pictures>("0,1.5,2\n", no_header) ==
               "t.csv: line 1, column 2: found \"1.5\", expected a number");
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_and_where) {
    BOOST_TEST(complaint<numbers>("a,b,c\n1,2,3\n4,abc,6\n") ==
               "t.csv: line 3, column 2 (b): found \"abc\", expected a number");
    BOOST_TEST(complaint<numbers>("1,2,3\n4,5,\n", {.header = false}) ==
               "t.csv: line 2, column 3: found \"\", expected a number");
    BOOST_TEST(complaint<numbers>("a,b,c\nnan,2,3\n") ==
               "t.csv: line 2, column 1 (a): found \"nan\", expected a finite number");
    BOOST_TEST(complaint<numbers>("a,b,c\n1,-inf,3\n") ==
               "t.csv: line 2, column 2 (b): found \"-inf\", expected a finite number");
    BOOST_TEST(complaint<numbers>("a,b,c\n1,1e400,3\n") ==
               "t.csv: line 2, column 2 (b): found \"1e400\", expected a number in the range of its type");
    BOOST_TEST(complaint<numbers>("a,b,c\n1,2 3,3\n") ==
               "t.csv: line 2, column 2 (b): found \"2 3\", expected a number");
    BOOST_TEST(complaint<numbers>("a,b,c\n1,2\n") ==
               "t.csv: line 2: found 2 cells, expected 3 cells, as in the first row");
    BOOST_TEST(complaint<numbers>("a,b,c\n1,2,3\n\n1,2,3,4\n") ==
               "t.csv: line 4: found 4 cells, expected 3 cells, as in the first row");
    BOOST_TEST(complaint<numbers>("") == "t.csv: line 1: found no rows, expected a line of column names");
    BOOST_TEST(complaint<numbers>("\n\n", {.header = false}) ==
               "t.csv: line 1: found no rows, expected at least one row");
    BOOST_TEST(complaint<numbers>("a,b,c\n") ==
               "t.csv: line 2: found no rows after the column names, expected at least one row");
    BOOST_TEST(complaint<numbers>("a,b,c\n1,2,3\n", {.rows = 2}) ==
               "t.csv: line 3: found 1 row, expected 2 rows, as .rows says");
    BOOST_TEST(complaint<numbers>("a,b\n1,2\n") ==
               "t.csv: line 1: found 1 input column and 1 target column, "
               "expected 2 input columns and 1 target column");
}

BOOST_AUTO_TEST_CASE(says_which_column_is_missing) {
    BOOST_TEST(complaint<numbers>("a,b,c\n1,2,3\n", {.targets = {"d"}}) ==
               "t.csv: line 1: found no column of that name, expected a column \"d\"");
    BOOST_TEST(complaint<numbers>("a,a,c\n1,2,3\n", {.targets = {"a"}}) ==
               "t.csv: line 1: found two columns of that name, expected one column \"a\" (or its position)");
    BOOST_TEST(complaint<numbers>("a,b,c\n1,2,3\n", {.targets = {3}}) ==
               "t.csv: line 1: found 3 columns, expected a column with index 3");
    BOOST_TEST(
        complaint<numbers>("a,b,c\n1,2,3\n", {.inputs = {0, "c"}}) ==
        "t.csv: line 1: found column 3 requested twice, expected each column at most once in .inputs and .targets");
    BOOST_TEST(complaint<numbers>("1,2,3\n", {.header = false, .targets = {"c"}}) ==
               "t.csv: line 1: found no column of that name, expected a column \"c\" "
               "(.header = true, if the first line names the columns)");
}

BOOST_AUTO_TEST_CASE(says_which_classes_there_are) {
    BOOST_TEST(complaint<classes>("1,2,3\n", {.header = false}) ==
               "t.csv: line 1, column 3: found \"3\", expected a class from 0 to 2 "
               "(.classes, if the classes have other names)");
    BOOST_TEST(complaint<classes>("1,2,-1\n", {.header = false}) ==
               "t.csv: line 1, column 3: found \"-1\", expected a class from 0 to 2 "
               "(.classes, if the classes have other names)");
    BOOST_TEST(
        complaint<classes>("1,2,pink\n", {.header = false, .classes = {"red", "green", "blue"}}) ==
        "t.csv: line 1, column 3: found \"pink\", expected \"red\", \"green\" or \"blue\", the names in .classes");
}

BOOST_AUTO_TEST_CASE(says_which_quote_is_wrong) {
    BOOST_TEST(complaint<numbers>("a,b,c\n1,\"2,3\n") ==
               "t.csv: line 3, column 2: found the end of the file inside a quoted cell, "
               "expected a closing quotation mark");
    BOOST_TEST(complaint<numbers>("a,b,c\n1,\"2\"0,3\n") ==
               "t.csv: line 2, column 2: found text after a closing quotation mark, "
               "expected a delimiter or a line end");
    BOOST_TEST(complaint<numbers>("a,b,c\n1,2\"0,3\n") ==
               "t.csv: line 2, column 2: found a quotation mark inside an unquoted cell, "
               "expected the whole cell in quotation marks");
    BOOST_TEST(complaint<numbers>("a,b,c\r1,2,3\r") ==
               "t.csv: line 1, column 3: found a carriage return alone, expected it to be followed by a line feed");
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_read) {
    const auto from = [](const char* path) { return message_of([&] { ctnn::io::load_csv<numbers>(path); }); };
    BOOST_TEST(from("none.csv") ==
               "none.csv: found a file that cannot be opened (No such file or directory), expected a readable file");
    std::filesystem::create_directory("folder");
    BOOST_TEST(from("folder").find("folder: byte 0: found unreadable data (") == 0);
}

BOOST_AUTO_TEST_CASE(options_that_contradict_themselves) {
    const std::string text = "a,b,c\n1,2,3\n";
    const auto said = [&]<class Dataset>(std::type_identity<Dataset>, const csv_options& options) -> std::string {
        try {
            load<Dataset>(text, options);
        } catch (const std::invalid_argument& e) { return e.what(); }
        return "";
    };
    const std::type_identity<numbers> one_number;
    const std::type_identity<classes> three_classes;
    for (const char delimiter : {'"', '\n', '\r'})
        BOOST_TEST(said(one_number, {.delimiter = delimiter}) ==
                   "ctnn::io::load_csv: .delimiter is a quotation mark or a line end");
    BOOST_TEST(said(one_number, {.classes = {"x", "y", "z"}}) ==
               "ctnn::io::load_csv: .classes has 3 names, and a target 1 element: it has one for each name, or a "
               "single one for two names");
    BOOST_TEST(said(three_classes, {.classes = {"x", "y"}}) ==
               "ctnn::io::load_csv: .classes has 2 names, and the data set 3 classes");
    BOOST_TEST(said(three_classes, {.classes = {"x", "y", "x"}}) == "ctnn::io::load_csv: .classes has \"x\" twice");
}

/// A first line that may be a sample is not taken as names: the loader asks for .header.
BOOST_AUTO_TEST_CASE(names_or_a_sample) {
    const auto asks = [](const std::string& cell, int column) {
        return "t.csv: line 1, column " + std::to_string(column) + ": found \"" + cell +
               "\", which may name a column or belong to a sample, expected .header = true, if this line names the "
               "columns, or .header = false";
    };
    BOOST_TEST(complaint<numbers>("1,2,3\n4,5,6\n") == asks("1", 1));
    BOOST_TEST((load<numbers>("1,2,3\n4,5,6\n", {.header = false}) == expected_numbers()));
    BOOST_TEST((load<numbers>("1,2,3\n1,2,3\n4,5,6\n", {.header = true}) == expected_numbers()));
    // One numeric cell is enough: the text of a class, and a damaged or missing number, do not make names.
    const csv_options named{.classes = {"red", "green", "blue"}};
    BOOST_TEST(complaint<classes>("1,2,red\n3,4,green\n", named) == asks("1", 1));
    BOOST_TEST(complaint<classes>("1,2,rde\n3,4,green\n", named) == asks("1", 1));
    BOOST_TEST(complaint<numbers>("a,b,1999\n1,2,3\n") == asks("1999", 3));
    for (const char* cell :
         {"0x", "1.5e", "+1", "-.5", ".5", "1;2", "2020-01-31", "nan", "NaN", "inf", "-inf", "NA", "?", "-", "null"})
        BOOST_TEST(complaint<numbers>(std::string("a,") + cell + ",c\n1,2,3\n") == asks(cell, 2));
    BOOST_TEST(complaint<numbers>("a,\"1\",c\n1,2,3\n") == asks("1", 2));
    // These are names: text, also followed by digits, and cells without a name.
    for (const char* names : {"a,b,c", "x1,x2,y", "_1,#2,(3)", ",b,c", "\"\",e5,-x", "nano,Info,NAME"})
        BOOST_TEST((load<numbers>(std::string(names) + "\n1,2,3\n4,5,6\n") == expected_numbers()), names);
    // Requesting a column by name implies that there are names.
    BOOST_TEST((load<numbers>("1,2,c\n1,2,3\n4,5,6\n", {.targets = {"c"}}) == expected_numbers()));
    BOOST_TEST(complaint<numbers>("1,2,3\n4,5,6\n", {.targets = {"c"}}) ==
               "t.csv: line 1: found no column of that name, expected a column \"c\" "
               "(.header = false and positions, if the first line has no names)");
}

BOOST_AUTO_TEST_CASE(says_which_option_helps) {
    const std::string one_column =
        "t.csv: line 1: found 0 input columns and 1 target column, "
        "expected 2 input columns and 1 target column";
    BOOST_TEST(complaint<numbers>("a;b;c\n1;2;3\n") == one_column + " (.delimiter = ';' would give 3 columns)");
    BOOST_TEST(complaint<numbers>("a\tb\tc\n1\t2\t3\n") == one_column + " (.delimiter = '\\t' would give 3 columns)");
    BOOST_TEST(complaint<numbers>("a|b|c|d\n") == one_column + " (.delimiter = '|' would give 4 columns)");
    BOOST_TEST(complaint<numbers>("a b c\n1 2 3\n") == one_column + " (.delimiter = ' ' would give 3 columns)");
    BOOST_TEST(complaint<numbers>("a,b,c\n1,2,3\n", {.delimiter = ';'}) ==
               one_column + " (.delimiter = ',' would give 3 columns)");
    BOOST_TEST(complaint<numbers>("a;b;c\n1;2;3\n", {.targets = {"c"}}) ==
               "t.csv: line 1: found no column of that name, expected a column \"c\" "
               "(.delimiter = ';' would give 3 columns)");
    BOOST_TEST(complaint<numbers>("a;b;c\n1;2;3\n", {.targets = {2}}) ==
               "t.csv: line 1: found 1 column, expected a column with index 2 "
               "(.delimiter = ';' would give 3 columns)");
    BOOST_TEST(complaint<numbers>("\"a, in m\";\"b, in m\";\"c, in m\"\n", {.delimiter = ';', .targets = {-1}}) ==
               "t.csv: line 1: found 3 columns, expected a column with index -1");
    BOOST_TEST(complaint<numbers>("a,b,c,d\n1,2,3,4\n") ==
               "t.csv: line 1: found 3 input columns and 1 target column, "
               "expected 2 input columns and 1 target column (.inputs and .targets choose among more)");
    // Commas in numbers and between them.
    BOOST_TEST(complaint<numbers>("1,5;2,5;3\n", {.header = false}) ==
               "t.csv: line 1, column 2: found \"5;2\", expected a number (.delimiter, if this is more than one cell)");
    BOOST_TEST(complaint<numbers>("a;b;c\n1,5;2;3\n", {.delimiter = ';'}) ==
               "t.csv: line 2, column 1 (a): found \"1,5\", expected a number (with a decimal point)");
    // Names despite .header = false, and classes that were not named.
    BOOST_TEST(
        complaint<numbers>("a,b,c\n1,2,3\n", {.header = false}) ==
        "t.csv: line 1, column 1: found \"a\", expected a number (.header = true, if this line names the columns)");
    BOOST_TEST(complaint<numbers>("1,2,3\na,b,c\n", {.header = false}) ==
               "t.csv: line 2, column 1: found \"a\", expected a number");
    BOOST_TEST(complaint<numbers>("a,b,c\n1,2,yes\n") ==
               "t.csv: line 2, column 3 (c): found \"yes\", expected a number "
               "(.classes, if the classes have other names)");
    BOOST_TEST(complaint<classes>("a,b,c\n1,2,red\n") ==
               "t.csv: line 2, column 3 (c): found \"red\", expected a class from 0 to 2 "
               "(.classes, if the classes have other names)");
    const csv_options named{.classes = {"red", "green", "blue"}};
    BOOST_TEST(complaint<classes>("a,b,c\n1,2,Red\n", named) ==
               "t.csv: line 2, column 3 (c): found \"Red\", expected \"red\", \"green\" or \"blue\", the names in "
               ".classes");
}

BOOST_AUTO_TEST_CASE(blank_lines_and_blanks) {
    const numbers expected = expected_numbers();
    BOOST_TEST((load<numbers>("a,b,c\n1,2,3\n4,5,6\n\n \t \r\n\n   ") == expected));
    BOOST_TEST((load<numbers>(" \n\na,b,c\n  \n1,2,3\n4,5,6\n") == expected));
    BOOST_TEST((load<numbers>("a, \"b\" ,\"c\"\t\n\"1\" ,2, \"3\"\n4,5,6\n") == expected));
    BOOST_TEST((load<numbers>("a\tb\tc\n 1\t 2 \t3\n4\t5\t6\n", {.delimiter = '\t'}) == expected));
    BOOST_TEST((load<numbers>("a b c\n1 2 3\n4\t 5 6\n", {.delimiter = ' '}) == expected));
    // A quoted cell without text is a cell.
    BOOST_TEST(complaint<numbers>("a,b,c\n1,2,3\n\"\"\n") ==
               "t.csv: line 3: found 1 cell, expected 3 cells, as in the first row");
    BOOST_TEST(complaint<numbers>("a,b,c\n1,2,3\n,,\n") ==
               "t.csv: line 3, column 1 (a): found \"\", expected a number");
}

BOOST_AUTO_TEST_CASE(other_encodings) {
    const std::string utf16(
        "\xFF\xFE"
        "a\0,\0b\0,\0c\0\n\0",
        14);
    BOOST_TEST(complaint<numbers>(utf16) ==
               "t.csv: line 1, column 1: found a zero byte, expected text in ASCII or UTF-8");
    BOOST_TEST(complaint<numbers>("\xEF\xBB"
                                  "a,b,c\n") ==
               "t.csv: line 1, column 1: found an incomplete UTF-8 byte order mark, expected a complete one or none");
    // Before a quoted name, and names that are not ASCII.
    const csv_options by_name{.targets = {"gr\xC3\xB6\xC3\x9F"
                                          "e"}};
    BOOST_TEST((load<numbers>("\xEF\xBB\xBF\"a\",b,gr\xC3\xB6\xC3\x9F"
                              "e\n1,2,3\n4,5,6\n",
                              by_name) == expected_numbers()));
}

/// A locale with a decimal comma changes nothing, neither C's nor C++'s.
BOOST_AUTO_TEST_CASE(locales) {
    struct comma : std::numpunct<char> {
        char do_decimal_point() const override { return ','; }
        char do_thousands_sep() const override { return '.'; }
        std::string do_grouping() const override { return "\3"; }
    };
    const std::locale before = std::locale::global(std::locale(std::locale(), new comma));
    const numbers data = load<numbers>("a,b,c\n0.5,1234.25,-1e3\n");
    const std::string message = complaint<numbers>("a,b,c\n1,2,3\n", {.rows = 12345});
    std::locale::global(before);
    BOOST_TEST((data == numbers({0.5, 1234.25}, {-1000})));
    BOOST_TEST(message == "t.csv: line 3: found 1 row, expected 12345 rows, as .rows says");
}

BOOST_AUTO_TEST_CASE(memory_is_bounded) {
    // Five million quotes, commas or digits compress to a few kilobytes.
    for (const std::string& text :
         {"\"" + std::string(5000000, 'x'), std::string(5000000, ','), std::string(5000000, '1')}) {
        write_file("big.csv.gz", io_test::packed(text));
        std::string message;
        const std::size_t peak =
            io_test::peak_of([&] { message = message_of([] { ctnn::io::load_csv<numbers>("big.csv.gz"); }); });
        const char* const expected = text[0] == ',' ? "line 1, column 262144: found a row of more than 262144 cells"
                                                    : "found a row longer than 4 MiB";
        BOOST_TEST(message.find(expected) != std::string::npos, message);
        BOOST_TEST(peak < (std::size_t{64} << 20));
    }
}

namespace {

/// Damages a file of four rows in every way: if it still loads it has four rows, and otherwise the caller's data is
/// kept.
void damage(const std::string& bytes, std::size_t all_values_before) {
    const csv_options options{.classes = {"red", "green", "blue"}, .rows = 4};
    const auto load_damaged = [&] {
        classes data({7, 8}, {1});
        const classes before = data;
        try {
            data = ctnn::io::load_csv<classes>("damaged.csv", options);
        } catch (...) {
            if (data != before) throw std::logic_error("the data set changed");
            throw;
        }
        if (data.size() != 4 || data.inputs().count != 4 || data.labels().count != 4) {
            throw std::logic_error("the shape is wrong");
        }
    };
    write_file("damaged.csv", bytes);
    BOOST_CHECK_NO_THROW(load_damaged());

    io_test::largest_allocation = 0;
    const io_test::outcome cut = io_test::cut_everywhere("damaged.csv", bytes, load_damaged);
    const io_test::outcome damaged =
        io_test::damage_everywhere("damaged.csv", bytes, bytes.size(), all_values_before, load_damaged);
    BOOST_TEST(cut.refused + cut.loaded == bytes.size());
    BOOST_TEST(damaged.refused + damaged.loaded == all_values_before * 255 + (bytes.size() - all_values_before) * 7);
    BOOST_TEST(cut.refused > 9 * cut.loaded);
    BOOST_TEST(damaged.refused > damaged.loaded);
    BOOST_TEST(io_test::largest_allocation < 200000u);
}

const std::string four_rows = "x,\"y\",kind\n1,2.5,red\n-3e2,4,green\r\n5,6,\"blue\"\n7,8,red\n";

}  // namespace

BOOST_AUTO_TEST_CASE(every_cut_and_every_damaged_byte) {
    damage(four_rows, four_rows.size());
}

BOOST_AUTO_TEST_CASE(every_cut_and_every_damaged_byte_of_a_gzip_file) {
    damage(io_test::packed(four_rows), 4);
}
