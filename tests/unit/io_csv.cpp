// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_csv
#include <boost/test/unit_test.hpp>

#include <ctnn/io/csv.hpp>

#include "io_counting_new.hpp"
#include "io_support.hpp"

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
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
    BOOST_TEST(complaint<numbers>("a,b,c\n1,2,3\n", {.rows = 2}) == "t.csv: line 3: found 1 row, expected 2 rows");
    BOOST_TEST(complaint<numbers>("a,b\n1,2\n") ==
               "t.csv: line 1: found 1 input column and 1 target column, "
               "expected 2 input columns and 1 target column");
}

BOOST_AUTO_TEST_CASE(says_which_column_is_missing) {
    BOOST_TEST(complaint<numbers>("a,b,c\n1,2,3\n", {.targets = {"d"}}) ==
               "t.csv: line 1: found no column of that name, expected a column \"d\"");
    BOOST_TEST(complaint<numbers>("a,a,c\n1,2,3\n", {.targets = {"a"}}) ==
               "t.csv: line 1: found two columns of that name, expected one column \"a\"");
    BOOST_TEST(complaint<numbers>("a,b,c\n1,2,3\n", {.targets = {3}}) ==
               "t.csv: line 1: found 3 columns, expected a column with index 3");
    BOOST_TEST(complaint<numbers>("a,b,c\n1,2,3\n", {.inputs = {0, "c"}}) ==
               "t.csv: line 1: found column 3 asked for twice, expected each column in one place");
    BOOST_TEST(complaint<numbers>("1,2,3\n", {.header = false, .targets = {"c"}}) ==
               "t.csv: line 1: found no column of that name, expected a column \"c\"");
}

BOOST_AUTO_TEST_CASE(says_which_classes_there_are) {
    BOOST_TEST(complaint<classes>("1,2,3\n", {.header = false}) ==
               "t.csv: line 1, column 3: found \"3\", expected a class from 0 to 2");
    BOOST_TEST(complaint<classes>("1,2,-1\n", {.header = false}) ==
               "t.csv: line 1, column 3: found \"-1\", expected a class from 0 to 2");
    BOOST_TEST(complaint<classes>("1,2,pink\n", {.header = false, .classes = {"red", "green", "blue"}}) ==
               "t.csv: line 1, column 3: found \"pink\", expected \"red\", \"green\" or \"blue\"");
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
               "none.csv: found a file that does not open (No such file or directory), expected a readable file");
    std::filesystem::create_directory("folder");
    BOOST_TEST(from("folder").find("folder: byte 0: found unreadable data (") == 0);
}

BOOST_AUTO_TEST_CASE(options_that_contradict_themselves) {
    const std::string text = "a,b,c\n1,2,3\n";
    BOOST_CHECK_THROW(load<numbers>(text, {.delimiter = '"'}), std::invalid_argument);
    BOOST_CHECK_THROW(load<numbers>(text, {.classes = {"x", "y", "z"}}), std::invalid_argument);
    BOOST_CHECK_THROW(load<classes>(text, {.classes = {"x", "y"}}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(memory_is_bounded) {
    // Five million quotes, commas or digits pack into a few kilobytes.
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

/// Damages a file with four rows in every way: what still loads has four rows, and the caller's data stays.
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
