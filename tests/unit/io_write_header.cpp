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

using ctnn::io::detail::joined;
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

const std::string expected = R"(// Written by ctnn::io::header_file; do not edit: it is regenerated.
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

// The outputs may differ where multiply-adds are fused, hence the tolerance.
constexpr bool model_answers() {
    return ctnn::near(model(model_check_input), model_check_output, 1e-4f);
}
static_assert(model_answers(), "model no longer computes the recorded outputs");

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
               "// Written by ctnn::io::header_file; do not edit: it is regenerated.\n"
               "#pragma once\n\n#include <ctnn.hpp>\n#include \"mine.hpp\"\n\n#include <cstdint>\n\n"
               "namespace data {\n\n"
               "inline constexpr ctnn::tensor<std::uint8_t, ctnn::shape<3, 1, 2>> pictures{1, 2, 3, 4, 250, 6};\n\n"
               "inline constexpr ctnn::tensor<std::uint8_t, ctnn::shape<2>> labels{1, 2};\n\n"
               "inline constexpr ctnn::tensor<double, ctnn::shape<2>> mean{0x1p-2, -0x1p+0};\n\n"
               "}  // namespace data\n");
}

BOOST_AUTO_TEST_CASE(certificates) {
    ctnn::io::header_file header("proof.hpp", "proof");
    header.add("halves", ctnn::certificate<5>{3, {0, ctnn::certificate<1>::whole, ctnn::certificate<1>::whole}});
    header.add("one", std::vector<std::uint32_t>{ctnn::certificate<1>::whole});
    BOOST_TEST(header.text() ==
               "// Written by ctnn::io::header_file; do not edit: it is regenerated.\n"
               "#pragma once\n\n#include <ctnn.hpp>\n#include <ctnn/verify.hpp>\n\n#include <cstdint>\n\n"
               "namespace proof {\n\n"
               "inline constexpr ctnn::certificate<3> halves{3, {0, 4294967295, 4294967295}};\n\n"
               "inline constexpr ctnn::certificate<1> one{1, {4294967295}};\n\n"
               "}  // namespace proof\n");
    BOOST_CHECK_EXCEPTION(header.add("none", ctnn::certificate<3>{}), std::invalid_argument, [](const auto& error) {
        return std::string(error.what()) ==
               "ctnn::io::header_file: there is no proof in none: the certificate is empty";
    });
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

namespace {

/// The message about a wrong argument, without the constant prefix.
template <class F>
std::string objection(F f) {
    const std::string begin = "ctnn::io::header_file: ";
    try {
        f();
    } catch (const std::invalid_argument& e) {
        const std::string text = e.what();
        return text.find(begin) == 0 ? text.substr(begin.size()) : "says who? " + text;
    }
    return "";
}

std::string objection_to_namespace(const std::string& name) {
    return objection([&] { ctnn::io::header_file("x.hpp", name); });
}

std::string objection_to_constant(const std::string& name) {
    ctnn::io::header_file header("x.hpp", "x");
    const std::string as_tensor = objection([&] { header.add(name, ctnn::tensor<float, ctnn::shape<1>>{}); });
    const std::string as_network = objection([&] { ctnn::io::header_file("x.hpp", "x").add(name, small()); });
    const float one = 1;
    const std::string as_samples = objection([&] {
        ctnn::io::header_file("x.hpp", "x").add(name, ctnn::samples<float, ctnn::shape<1>>{&one, 1});
    });
    BOOST_TEST(as_tensor == as_network);
    BOOST_TEST(as_tensor == as_samples);
    return as_tensor;
}

}  // namespace

BOOST_AUTO_TEST_CASE(names_that_are_none_are_refused) {
    for (const char* name : {"", "1st", "a b", "a-b", "data;", "a.b", "a\n", "\xc3\xa4", "\\u00e4", "$a"}) {
        BOOST_TEST(objection_to_constant(name).find(" is not a C++ name") != std::string::npos, name);
        BOOST_TEST(objection_to_namespace(name).find(" is not a C++ name") != std::string::npos, name);
    }
    for (const char* name : {"a::", "::a", "a:b", "a::::b", "a::1"})
        BOOST_TEST(objection_to_namespace(name).find(" is not a C++ name") != std::string::npos, name);
    ctnn::io::header_file header("x.hpp", "x");
    BOOST_CHECK_THROW(header.add("none", ctnn::samples<float, ctnn::shape<1>>{nullptr, 0}), std::invalid_argument);
}

/// The keywords of C++20 and its alternative tokens, as listed in [lex.key] and [lex.digraph].
BOOST_AUTO_TEST_CASE(keywords_are_refused) {
    std::istringstream keywords(
        "alignas alignof asm auto bool break case catch char char8_t char16_t char32_t class concept const consteval "
        "constexpr constinit const_cast continue co_await co_return co_yield decltype default delete do double "
        "dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable "
        "namespace "
        "new noexcept nullptr operator private protected public register reinterpret_cast requires return short signed "
        "sizeof static static_assert static_cast struct switch template this thread_local throw true try typedef "
        "typeid "
        "typename union unsigned using virtual void volatile wchar_t while "
        "and and_eq bitand bitor compl not not_eq or or_eq xor xor_eq");
    int count = 0;
    for (std::string word; keywords >> word; ++count) {
        const std::string wanted = '"' + word + "\" is a keyword of C++";
        BOOST_TEST(objection_to_constant(word) == wanted);
        BOOST_TEST(objection_to_namespace(word) == wanted);
        BOOST_TEST(objection_to_namespace("a::" + word) == wanted);
        BOOST_TEST(objection_to_constant(word + '1') == "");
    }
    BOOST_TEST(count == 81 + 11);
}

BOOST_AUTO_TEST_CASE(reserved_names_are_refused) {
    for (const char* name : {"a__b", "__a", "a__", "__", "_A", "_Z1"}) {
        BOOST_TEST(objection_to_constant(name) == joined('"', name, "\" is a name that C++ reserves"));
        BOOST_TEST(objection_to_namespace(joined("a::", name)) == joined('"', name, "\" is a name that C++ reserves"));
    }
    for (const char* name : {"ctnn", "std"}) {
        BOOST_TEST(objection_to_constant(name) == joined('"', name, "\" is a name that the header itself needs"));
        BOOST_TEST(objection_to_namespace(name) == joined('"', name, "\" is a name that the header itself needs"));
        BOOST_TEST(objection_to_namespace(joined("a::", name)) ==
                   joined('"', name, "\" is a name that the header itself needs"));
    }
    // A leading underscore is reserved only in the global namespace, and so are these.
    BOOST_TEST(objection_to_namespace("_a") == "\"_a\" is a name that C++ reserves");
    BOOST_TEST(objection_to_constant("_a") == "");
    for (const char* name : {"std2", "posix", "boost", "main"}) {
        BOOST_TEST(objection_to_namespace(name) == joined('"', name, "\" is a name that C++ or another library uses"));
        BOOST_TEST(objection_to_namespace(joined("a::", name)) == "");
        BOOST_TEST(objection_to_constant(name) == "");
    }
    for (const char* name : {"a1_::B_2", "a::_b", "stdx", "std_", "near", "import", "module", "final", "override"})
        BOOST_TEST(objection_to_namespace(name) == "");
}

BOOST_AUTO_TEST_CASE(names_are_given_once) {
    const ctnn::tensor<float, ctnn::shape<1>> one{1};
    ctnn::io::header_file header("x.hpp", "x");
    header.add("model", small());
    header.add("data", one);
    header.add("x", one);
    for (const char* name : {"model", "model_type", "model_check_input", "model_check_output", "model_answers", "data"})
        BOOST_TEST(objection([&] { header.add(name, one); }) == joined('"', name, "\" is already in the header"));
    // A network defines other names besides its own.
    header.add("last_", one);
    BOOST_TEST(objection([&] { ctnn::io::header_file("x.hpp", "x").add("last_", small()); }) ==
               "\"last__type\" is a name that C++ reserves");
    header.add("other_answers", one);
    const std::string before = header.text();
    BOOST_TEST(objection([&] { header.add("other", small()); }) == "\"other_answers\" is already in the header");
    BOOST_TEST(header.text() == before);
    // A constant refused for another reason does not reserve its names.
    net_type damaged = small();
    ctnn::get<0>(damaged).bias = {std::numeric_limits<float>::infinity()};
    BOOST_CHECK_THROW(header.add("next", damaged), ctnn::io::error);
    BOOST_TEST(objection([&] { header.add("next", small()); }) == "");
}

BOOST_AUTO_TEST_CASE(includes_are_files) {
    ctnn::io::header_file header("x.hpp", "x");
    for (const char* file : {"", "a\"b", "a\n#error no", "a\rb", "a\tb", "\x7f"})
        BOOST_TEST(objection([&] { header.include(file); }).find(" is not a file that can be included") !=
                   std::string::npos);
    BOOST_TEST(header.text().find("error") == std::string::npos);
    header.include(
        "my folder/gr\xC3\xBC\xC3\x9F"
        "e.hpp");
    BOOST_TEST(header.text().find("#include \"my folder/gr\xC3\xBC\xC3\x9F"
                                  "e.hpp\"\n") != std::string::npos);
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
