// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_summary
#include <boost/test/unit_test.hpp>

#include <ctnn.hpp>
#include <ctnn/io/summary.hpp>

#include <ratio>
#include <sstream>
#include <string>

namespace {

using digits_net = ctnn::network<float, ctnn::input<64>, ctnn::dense<32, ctnn::relu>, ctnn::dense<10, ctnn::softmax>>;
using long_net = ctnn::network<double, ctnn::input<1000>, ctnn::dense<2000, ctnn::leaky_relu_with<std::ratio<1, 8>>>>;

template <class Net>
std::string text() {
    std::ostringstream stream;
    ctnn::io::summary<Net>(stream);
    return stream.str();
}

}  // namespace

BOOST_AUTO_TEST_CASE(table) {
    BOOST_TEST(text<digits_net>() ==
               "Layer                       Output shape     Parameters        MACs       Bytes\n"
               "===============================================================================\n"
               "input<64>                   (64)                      0           0           0\n"
               "dense<32, relu>             (32)                  2,080       2,048       8,320\n"
               "dense<10, softmax>          (10)                    330         320       1,320\n"
               "-------------------------------------------------------------------------------\n"
               "Total (float)                                     2,410       2,368       9,640\n");
}

BOOST_AUTO_TEST_CASE(long_names_and_large_numbers) {
    BOOST_TEST(text<long_net>() ==
               "Layer                       Output shape     Parameters        MACs       Bytes\n"
               "===============================================================================\n"
               "input<1000>                 (1000)                    0           0           0\n"
               "dense<2000, leaky_relu_with<std::ratio<1, 8>>>\n"
               "                            (2000)            2,002,000   2,000,000  16,016,000\n"
               "-------------------------------------------------------------------------------\n"
               "Total (double)                                2,002,000   2,000,000  16,016,000\n");
}

BOOST_AUTO_TEST_CASE(of_an_object_and_of_a_trained_network) {
    std::ostringstream of_object;
    ctnn::io::summary(digits_net{}, of_object);
    BOOST_TEST(of_object.str() == text<digits_net>());
    BOOST_TEST((text<ctnn::fitted<digits_net, 8>>() == text<digits_net>()));
}

BOOST_AUTO_TEST_CASE(numbers_with_commas) {
    using ctnn::io::detail::with_commas;
    BOOST_TEST(with_commas(0) == "0");
    BOOST_TEST(with_commas(999) == "999");
    BOOST_TEST(with_commas(1000) == "1,000");
    BOOST_TEST(with_commas(1234567) == "1,234,567");
}
