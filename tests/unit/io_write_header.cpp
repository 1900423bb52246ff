// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_write_header
#include <boost/test/unit_test.hpp>

#include <ctnn.hpp>
#include <ctnn/io/header_file.hpp>
#include <ctnn/io/write_header.hpp>

#include "io_support.hpp"

#include <cstdint>
#include <filesystem>
#include <iterator>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>

namespace {

using io_test::message_of;
using io_test::read_file;

using net_type =
    ctnn::network<float, ctnn::input<2>, ctnn::dense<1, ctnn::relu>, ctnn::dense<2, ctnn::identity, ctnn::no_bias>>;

net_type small() {
    net_type net{};
    ctnn::get<0>(net).weights = {0.5f, -0.0f};
    ctnn::get<0>(net).bias = {1};
    ctnn::get<1>(net).weights = {0.1f, -3};
    return net;
}

const std::string expected = R"(// Written by ctnn::io::header_file: a change is undone by whoever writes it again.
#pragma once

#include <ctnn.hpp>

#include <cstdint>

namespace my::small {

using model_type = ctnn::network<float, ctnn::input<2>,
                                 ctnn::dense<1, ctnn::relu>,
                                 ctnn::dense<2, ctnn::identity, ctnn::no_bias>>;

inline constexpr model_type model{.layers = {
    ctnn::layer_t<0, model_type>{
        .weights = {0x1p-1f, -0x0p+0f},
        .bias = {0x1p+0f}},
    ctnn::layer_t<1, model_type>{
        .weights = {0x1.99999ap-4f, -0x1.8p+1f}}}};

static_assert(model_type::parameter_count == 5);
static_assert(model_type::parameter_bytes == 20);
static_assert(sizeof(model) == 20);
static_assert(model_type::multiply_accumulates == 4);

inline constexpr ctnn::tensor<float, ctnn::shape<2>> model_check_input{0x1.8p-1f, 0x1.8p-1f};

inline constexpr ctnn::tensor<float, ctnn::shape<2>> model_check_output{0x1.19999ap-3f, -0x1.08p+2f};

// The answers may differ where multiplications and additions are fused, hence the tolerance.
constexpr bool model_answers() {
    return ctnn::near(model(model_check_input), model_check_output, 1e-4f);
}
static_assert(model_answers(), "model does not answer as it did when it was written");

}  // namespace my::small
)";

}  // namespace

BOOST_AUTO_TEST_CASE(the_text) {
    std::ostringstream stream;
    ctnn::io::write_header(small(), "my::small", stream);
    BOOST_TEST(stream.str() == expected);
    ctnn::io::write_header(small(), "my::small", "small.hpp");
    BOOST_TEST(read_file("small.hpp") == expected);
}

BOOST_AUTO_TEST_CASE(data_and_includes) {
    ctnn::io::header_file header("data.hpp", "data");
    header.include("mine.hpp");
    const std::uint8_t bytes[]{1, 2, 3, 4, 250, 6};
    header.add("pictures", ctnn::samples<std::uint8_t, ctnn::shape<1, 2>>{bytes, 3});
    header.add("labels", ctnn::samples<std::uint8_t, ctnn::shape<>>{bytes, 2});
    header.add("mean", ctnn::tensor<double, ctnn::shape<2>>{0.25, -1});
    header.save();
    BOOST_TEST(read_file("data.hpp") ==
               "// Written by ctnn::io::header_file: a change is undone by whoever writes it again.\n"
               "#pragma once\n\n#include <ctnn.hpp>\n#include \"mine.hpp\"\n\n#include <cstdint>\n\n"
               "namespace data {\n\n"
               "inline constexpr ctnn::tensor<std::uint8_t, ctnn::shape<3, 1, 2>> pictures{1, 2, 3, 4, 250, 6};\n\n"
               "inline constexpr ctnn::tensor<std::uint8_t, ctnn::shape<2>> labels{1, 2};\n\n"
               "inline constexpr ctnn::tensor<double, ctnn::shape<2>> mean{0x1p-2, -0x1p+0};\n\n"
               "}  // namespace data\n");
}

BOOST_AUTO_TEST_CASE(long_lists_are_wrapped) {
    ctnn::io::header_file header("wide.hpp", "wide");
    ctnn::tensor<double, ctnn::shape<1000>> values;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = 1 / (1 + static_cast<double>(i));
    header.add("values", values);
    std::istringstream lines(header.text());
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) BOOST_TEST(line.size() <= 114u, line);
    BOOST_TEST(count > 200u);
}

BOOST_AUTO_TEST_CASE(numbers_that_are_none_are_refused_and_the_file_stays) {
    io_test::write_file("kept.hpp", "as before");
    for (const auto& [value, name] : {std::pair(std::numeric_limits<float>::quiet_NaN(), "nan"),
                                      std::pair(-std::numeric_limits<float>::infinity(), "infinity")}) {
        net_type net = small();
        ctnn::get<1>(net).weights[1] = value;
        BOOST_TEST(message_of([&] { ctnn::io::write_header(net, "kept", "kept.hpp"); }) ==
                   std::string("kept.hpp: tensor \"1.weights\", element 1: found ") + name +
                       ", expected a finite number");
    }
    BOOST_TEST(read_file("kept.hpp") == "as before");
}

BOOST_AUTO_TEST_CASE(what_is_refused_is_not_half_added) {
    ctnn::io::header_file header("kept.hpp", "kept");
    const std::string before = header.text();
    net_type net = small();
    ctnn::get<1>(net).weights[1] = std::numeric_limits<float>::quiet_NaN();
    BOOST_CHECK_THROW(header.add("model", net), ctnn::io::error);
    BOOST_TEST(header.text() == before);
}

BOOST_AUTO_TEST_CASE(an_answer_that_overflows_is_refused) {
    net_type net = small();
    ctnn::get<0>(net).bias = {std::numeric_limits<float>::max()};
    BOOST_TEST(message_of([&] { ctnn::io::write_header(net, "huge", "huge.hpp"); }) ==
               "huge.hpp: model_check_output, element 1: found infinity, expected a finite number");
    BOOST_TEST(!std::filesystem::exists("huge.hpp"));
}

BOOST_AUTO_TEST_CASE(names_that_are_none_are_refused) {
    for (const char* name : {"", "1st", "a b", "a::", "::a", "a:b", "a::::b", "a-b", "\xc3\xa4"}) {
        BOOST_CHECK_THROW(ctnn::io::header_file("x.hpp", name), std::invalid_argument);
    }
    ctnn::io::header_file header("x.hpp", "_a1::B_2");
    BOOST_CHECK_THROW(header.add("my model", small()), std::invalid_argument);
    BOOST_CHECK_THROW(header.add("data;", ctnn::tensor<float, ctnn::shape<1>>{}), std::invalid_argument);
    BOOST_CHECK_THROW(header.add("none", ctnn::samples<float, ctnn::shape<1>>{nullptr, 0}), std::invalid_argument);
}

namespace {
struct only_here : ctnn::relu {};
}  // namespace

BOOST_AUTO_TEST_CASE(types_without_a_name_are_refused) {
    const ctnn::network<float, ctnn::input<1>, ctnn::dense<1, only_here>> net{};
    BOOST_CHECK_THROW(ctnn::io::write_header(net, "local", "local.hpp"), std::invalid_argument);
    BOOST_TEST(!std::filesystem::exists("local.hpp"));
}

BOOST_AUTO_TEST_CASE(folders_that_do_not_exist) {
    BOOST_TEST(message_of([] { ctnn::io::write_header(small(), "small", "no/where.hpp"); }) ==
               "no/where.hpp: found a file that cannot be written (No such file or directory), "
               "expected a writable path");
}

BOOST_AUTO_TEST_CASE(large_networks_leave_the_check_to_the_user) {
    using large = ctnn::network<float, ctnn::input<201>, ctnn::dense<100>>;
    std::ostringstream stream;
    ctnn::io::write_header(ctnn::initialize<large>(ctnn::glorot_uniform{}, 1), "large", stream);
    BOOST_TEST(stream.str().find("model_answers() {") != std::string::npos);
    BOOST_TEST(stream.str().find("static_assert(model_answers()") == std::string::npos);
}
