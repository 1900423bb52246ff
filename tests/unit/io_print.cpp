// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_print
#include <boost/test/unit_test.hpp>

#include <ctnn.hpp>
#include <ctnn/io/from_chars.hpp>
#include <ctnn/io/print.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <iomanip>
#include <limits>
#include <sstream>
#include <string>

namespace {

using ctnn::shape;
using ctnn::tensor;

template <class Values>
std::string printed(const Values& values) {
    std::ostringstream stream;
    stream << values;
    return stream.str();
}

}  // namespace

BOOST_AUTO_TEST_CASE(brackets_show_the_shape) {
    BOOST_TEST(printed(tensor<double, shape<>>{1.5}) == "1.5");
    BOOST_TEST(printed(tensor<double, shape<1>>{1.5}) == "[1.5]");
    BOOST_TEST(printed(tensor<float, shape<3>>{1, -2, 0.5f}) == "[1, -2, 0.5]");
    BOOST_TEST(printed(tensor<double, shape<2, 3>>{1, 2, 3, 4, 5, 6}) == "[[1, 2, 3], [4, 5, 6]]");
    BOOST_TEST(printed(tensor<double, shape<3, 2>>{1, 2, 3, 4, 5, 6}) == "[[1, 2], [3, 4], [5, 6]]");
    BOOST_TEST(printed(tensor<double, shape<2, 1, 2>>{1, 2, 3, 4}) == "[[[1, 2]], [[3, 4]]]");
    BOOST_TEST(printed(tensor<double, shape<1, 1, 1>>{7}) == "[[[7]]]");
    BOOST_TEST(printed(tensor<double, shape<2, 2, 2>>{1, 2, 3, 4, 5, 6, 7, 8}) ==
               "[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]");
}

BOOST_AUTO_TEST_CASE(numbers_are_those_of_the_stream) {
    const tensor<double, shape<2>> values{1.0 / 3, -1e100};
    BOOST_TEST(printed(values) == "[0.333333, -1e+100]");
    std::ostringstream stream;
    stream << std::setprecision(3) << values << ' ' << std::fixed << std::setprecision(1) << std::setw(6)
           << tensor<float, shape<2, 2>>{1, 20, 300, -4} << std::setw(4) << 5;
    BOOST_TEST(stream.str() == "[0.333, -1e+100] [[   1.0,   20.0], [ 300.0,   -4.0]]   5");
    const double infinity = std::numeric_limits<double>::infinity();
    BOOST_TEST(printed(tensor<double, shape<3>>{infinity, -infinity, -0.0}) == "[inf, -inf, -0]");
}

BOOST_AUTO_TEST_CASE(bytes_are_numbers) {
    BOOST_TEST(printed(tensor<std::uint8_t, shape<3>>{0, 65, 255}) == "[0, 65, 255]");
    BOOST_TEST(printed(tensor<std::int8_t, shape<2>>{-1, 65}) == "[-1, 65]");
    BOOST_TEST(ctnn::io::exact_text(tensor<std::uint8_t, shape<3>>{0, 65, 255}) == "[0, 65, 255]");
    BOOST_TEST(printed(tensor<int, shape<2>>{-1, 65}) == "[-1, 65]");
}

BOOST_AUTO_TEST_CASE(what_networks_answer) {
    constexpr ctnn::network<double, ctnn::input<2>, ctnn::dense<2>> net{
        .layers = {{.weights = {1, 2, 3, 4}, .bias = {0.5, 0}}}};
    BOOST_TEST(printed(net({1, 1})) == "[4.5, 6]");
    constexpr tensor<double, shape<2, 2>> batch{1, 1, 0, 1};
    BOOST_TEST(printed(net(batch)) == "[[4.5, 6], [3.5, 4]]");
}

BOOST_AUTO_TEST_CASE(exact_text_reads_back) {
    BOOST_TEST(ctnn::io::exact_text(tensor<double, shape<2, 2>>{0.1, 1.0 / 3, -0.0, 1e300}) ==
               "[[0.1, 0.3333333333333333], [-0, 1e+300]]");
    BOOST_TEST(ctnn::io::exact_text(tensor<float, shape<>>{0.1f}) == "0.1");
    ctnn::random_engine engine{1};
    const auto same = []<class T>(T value) {
        const std::string text = ctnn::io::exact_text(tensor<T, shape<1>>{value});
        T back{};
        const char* const end = text.data() + text.size();
        BOOST_TEST(text.front() == '[');
        BOOST_TEST(ctnn::io::detail::from_chars(text.data() + 1, end, back).ptr == end - 1);
        return back == value && std::signbit(back) == std::signbit(value);
    };
    int wrong = 0;
    for (int i = 0; i < 2000; ++i) {
        const std::uint64_t bits = engine();
        const auto number = std::bit_cast<double>(bits);
        const auto smaller = std::bit_cast<float>(static_cast<std::uint32_t>(bits >> 32));
        wrong += std::isfinite(number) && !same(number);
        wrong += std::isfinite(smaller) && !same(smaller);
    }
    BOOST_TEST(wrong == 0);
}
