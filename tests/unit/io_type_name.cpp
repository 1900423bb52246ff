// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_type_name
#include <boost/test/unit_test.hpp>

#include <ctnn.hpp>
#include <ctnn/io/type_name.hpp>

#include <ratio>
#include <string>

namespace io_test {
template <auto Value>
struct value_type {};
template <class First, class Second>
struct x64ul {};
enum class colour { red, green };
}  // namespace io_test

using ctnn::io::type_name;

BOOST_AUTO_TEST_CASE(scalars) {
    BOOST_TEST(type_name<float>() == "float");
    BOOST_TEST(type_name<double>() == "double");
    BOOST_TEST(type_name<unsigned long>() == "unsigned long");
}

BOOST_AUTO_TEST_CASE(specs) {
    BOOST_TEST((type_name<ctnn::input<3, 8, 8>>()) == "ctnn::input<3, 8, 8>");
    BOOST_TEST(type_name<ctnn::dense<4>>() == "ctnn::dense<4>");
    BOOST_TEST((type_name<ctnn::dense<32, ctnn::relu>>()) == "ctnn::dense<32, ctnn::relu>");
    BOOST_TEST((type_name<ctnn::dense<32, ctnn::tanh, ctnn::no_bias>>()) ==
               "ctnn::dense<32, ctnn::tanh, ctnn::no_bias>");
    BOOST_TEST((type_name<ctnn::dense<2, ctnn::leaky_relu_with<std::ratio<1, 5>>>>()) ==
               "ctnn::dense<2, ctnn::leaky_relu_with<std::ratio<1, 5>>>");
    BOOST_TEST((type_name<ctnn::activation<ctnn::clip<std::ratio<-1, 2>, ctnn::unbounded>>>()) ==
               "ctnn::activation<ctnn::clip<std::ratio<-1, 2>, ctnn::unbounded>>");
    BOOST_TEST((type_name<ctnn::slice<ctnn::axis<1>, 2, 3>>()) == "ctnn::slice<ctnn::axis<1>, 2, 3>");
    BOOST_TEST((type_name<ctnn::matmul<ctnn::branch<>, ctnn::branch<ctnn::permute<1, 0>>>>()) ==
               "ctnn::matmul<ctnn::branch<>, ctnn::branch<ctnn::permute<1, 0>>>");
}

BOOST_AUTO_TEST_CASE(integers_without_suffix) {
    BOOST_TEST(type_name<io_test::value_type<4ul>>() == "io_test::value_type<4>");
    BOOST_TEST(type_name<io_test::value_type<-5l>>() == "io_test::value_type<-5>");
    BOOST_TEST(type_name<io_test::value_type<7u>>() == "io_test::value_type<7>");
    BOOST_TEST(type_name<io_test::value_type<true>>() == "io_test::value_type<true>");
    BOOST_TEST(type_name<io_test::value_type<io_test::colour::green>>() ==
               "io_test::value_type<io_test::colour::green>");
    BOOST_TEST((type_name<io_test::x64ul<io_test::value_type<1ul>, io_test::x64ul<int, char>>>()) ==
               "io_test::x64ul<io_test::value_type<1>, io_test::x64ul<int, char>>");
}
