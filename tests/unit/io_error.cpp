// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_error
#include <boost/test/unit_test.hpp>

#include <ctnn/io/error.hpp>

#include <stdexcept>
#include <string>
#include <type_traits>

static_assert(std::is_base_of_v<std::runtime_error, ctnn::io::error>);

BOOST_AUTO_TEST_CASE(one_line_with_everything) {
    const ctnn::io::error e("flowers.csv", "line 3, column 5", "\"abc\"", "a number");
    BOOST_TEST(std::string(e.what()) == "flowers.csv: line 3, column 5: found \"abc\", expected a number");
}

BOOST_AUTO_TEST_CASE(no_position) {
    const ctnn::io::error e("x", "", "nothing", "something");
    BOOST_TEST(std::string(e.what()) == "x: found nothing, expected something");
}

BOOST_AUTO_TEST_CASE(odd_file_names_stay_on_one_line) {
    const ctnn::io::error e("a\nb", "", "nothing", "something");
    BOOST_TEST(std::string(e.what()) == "a\\x0ab: found nothing, expected something");
}

BOOST_AUTO_TEST_CASE(quoted_text_is_printable_and_short) {
    using ctnn::io::detail::in_quotes;
    BOOST_TEST(in_quotes(std::string("a\0\x80\n", 4)) == "\"a\\x00\\x80\\x0a\"");
    BOOST_TEST(in_quotes(std::string(40, 'x')) == '"' + std::string(40, 'x') + '"');
    BOOST_TEST(in_quotes(std::string(41, 'x')) == '"' + std::string(40, 'x') + "...\"");
}
